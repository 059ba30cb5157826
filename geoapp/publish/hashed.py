"""Files of the search index, named by what they hold."""

from __future__ import annotations

import hashlib

FOLDER = "search/files"


class Hashed:
    """Gathers files; gives each an address that changes with its content."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    @staticmethod
    def address(stem: str, extension: str, content: bytes) -> str:
        """The address, from the root of the site, of a file with this content."""
        return f"{FOLDER}/{stem}-{hashlib.sha256(content).hexdigest()[:16]}.{extension}"

    def add(self, stem: str, extension: str, content: bytes) -> str:
        """Take a file in; returns its address from the root of the site."""
        address = self.address(stem, extension, content)
        self._files[address] = content
        return address

    def taken(self) -> list[tuple[str, bytes]]:
        """The files since the last time, which are handed over."""
        files, self._files = self._files, {}
        return list(files.items())
