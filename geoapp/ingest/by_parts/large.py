"""A CSV file too large for memory: read by slices as often as it takes."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geoapp.ingest.checking.prepare import Progress
from geoapp.ingest.reading.files import DELIMITERS, Sheet, delimiter_of, sheets
from geoapp.ingest.table import numbered_lines

SLICE_ROWS = 5_000
_BLOCK = 2**20
# As many characters as a delimiter is looked for in have at most four bytes each.
_HEAD = 400_000


@dataclass(frozen=True, slots=True)
class LargeFile:
    """A file in UTF-8 on disk, its name for messages, the hash of its bytes, and what separates its cells."""

    path: Path
    source: str
    sha256: str
    delimiter: str

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    def slices(self, show: Progress) -> Iterator[Sheet]:
        """The rows, some thousands at once, at least one slice; raises DataRefused. `show` gets bytes."""
        form = f"UTF-8, separated by {DELIMITERS[self.delimiter]}"
        with self.path.open("rb") as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
            read = numbered_lines(text, self.source, self.delimiter)
            for sheet in sheets(read, self.source, self.sha256, form, SLICE_ROWS):
                show(min(stream.tell(), self.size), self.size)
                yield sheet


def large_file(path: Path, source: str) -> LargeFile | None:
    """The file, where it can be read by slices; None for a workbook, and for any encoding but UTF-8."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if head.startswith((b"PK\x03\x04", b"sep=")):
            return None
        stream.seek(0)
        try:
            while block := stream.read(_BLOCK):
                digest.update(block)
                decoder.decode(block)
                if b"\0" in block:
                    return None
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    text = head.decode("utf-8-sig", "ignore")
    if text.lstrip().lower().startswith("sep="):
        return None
    return LargeFile(path, source, digest.hexdigest(), delimiter_of(text))
