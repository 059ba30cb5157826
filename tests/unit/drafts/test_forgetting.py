"""A redaction reaches the uploads that are not saved."""

import pytest

from geoapp.drafts import Drafts, forget
from geoapp.errors import Gone
from geoapp.store import Redaction
from tests.unit.drafts.conftest import ROW
from tests.uploading import to_csv

SECRET = 'A "name" that nobody should read'


@pytest.fixture
def upload(store):
    """Keeps a file; gives whether a redaction emptied it."""
    drafts = Drafts(store, days=14)

    def upload(content: bytes, redacted: Redaction) -> bool:
        draft = drafts.add("ana", "new.csv", content)
        with store.writing() as connection:
            forget(connection, redacted)
        try:
            return not drafts.get(draft.id, "ana").content
        except Gone:
            return True

    return upload


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_an_upload_that_holds_the_value_is_emptied(upload, coding):
    content = to_csv(ROW | {"summary": SECRET}).decode().encode(coding)
    assert upload(content, Redaction("some-record", None, "summary", (SECRET,)))


def test_another_upload_stays(upload):
    assert not upload(to_csv(ROW), Redaction("some-record", None, "summary", (SECRET,)))


def test_a_short_value_counts_where_the_record_is_named(upload):
    assert upload(to_csv(ROW), Redaction(ROW["id"], None, "time", ("GE_GOV",)))
    assert not upload(to_csv(ROW), Redaction("some-record", None, "time", ("GE_GOV",)))


def test_a_workbook_cannot_be_searched_and_goes(upload):
    assert upload(b"PK\x03\x04" + b"x" * 40, Redaction("some-record", None, "summary", (SECRET,)))
