"""What tests of uploads share: files to send, and a person who sends them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from werkzeug.test import TestResponse

from tests.editing import Person

ROW = {
    "id": "2031-05-01-uploaded",
    "date": "2031-05-01",
    "date_precision": "day",
    "title": "Uploaded for a test",
    "summary": "Both sides speak of it.",
    "category": "detention",
    "place": "Khurvaleti",
    "location_precision": "village",
    "actors": "GE_GOV",
    "source_url": "https://example.org/uploaded",
    "source_publisher": "Example",
    "source_language": "en",
    "statement": "Says that it happened.",
}
NOTE = "What this test brings"


def to_csv(*rows: dict[str, str]) -> bytes:
    """The rows under the headings of the first."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def send(person: Person, data: bytes, name: str = "rows.csv", to: str = "/edit/uploads") -> TestResponse:
    """Send a file by the form of the upload page."""
    person.get("/edit/uploads")
    return person.post(to, {"file": (io.BytesIO(data), name)})


def draft_of(person: Person, *rows: dict[str, str]) -> str:
    """The path of a draft made of these rows."""
    answer = send(person, to_csv(*rows))
    assert answer.status_code == 303, answer.text
    assert answer.location.endswith("/check")
    return str(answer.location).removesuffix("/check")


def shown(page: TestResponse) -> dict[str, Any]:
    """What a preview's form says that it showed."""
    return dict(re.findall(r'name="(version|digest)" value="([^"]+)"', page.text))


def save(person: Person, draft: str, **more: str) -> TestResponse:
    """Save a draft as its preview shows it."""
    seen = shown(person.get(f"{draft}/preview"))
    return person.post(f"{draft}/save", seen | {"public_note": NOTE} | more)
