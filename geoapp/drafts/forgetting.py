"""Drafts that hold what a record is redacted for: they are emptied in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select, update

from geoapp.drafts.model import Answers
from geoapp.drafts.rows import stored_answers
from geoapp.store import Redaction
from geoapp.store.draft_tables import drafts

# A shorter value (a code, a day, a number) says nothing on its own: the draft must name the record too.
TELLING = 8
CODINGS = ("utf-8", "utf-16-le", "utf-16-be", "windows-1251", "windows-1252")
WORKBOOK = b"PK\x03\x04"


def forget(connection: Connection, redacted: Redaction) -> None:
    """Empty every draft that is not saved and may hold a redacted value; for `Store.redact(forget=...)`.

    Workbooks are compressed, so each of them may hold it. The editor finds such a draft discarded.
    """
    known = (drafts.c.id, drafts.c.content, drafts.c.answers, drafts.c.remark)
    kept = select(*known).where(drafts.c.content.is_not(None))
    for row in connection.execute(kept).all():
        content = bytes(row.content)
        texts = [*_readings(content), row.answers, row.remark or ""]
        if content.startswith(WORKBOOK) or _holds(texts, redacted):
            emptied = {"content": None, "answers": stored_answers(Answers()), "remark": None}
            of_row = update(drafts).where(drafts.c.id == row.id)
            connection.execute(of_row.values(state="discarded", **emptied))


def _readings(content: bytes) -> Iterator[str]:
    return (content.decode(coding, errors="ignore") for coding in CODINGS)


def _holds(texts: list[str], redacted: Redaction) -> bool:
    """Whether one of the texts has a value that tells something, however its quotes are written."""
    for text in map(_plain, texts):
        named = redacted.id in text
        for value in map(_plain, redacted.values):
            if value in text and (named or len(value) >= TELLING):
                return True
    return False


def _plain(text: str) -> str:
    return "".join(text.replace('"', "").replace("\\", "").split())
