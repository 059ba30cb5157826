"""What is cited (one version of a record, or of the data set) in the forms that reference managers read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

# Commands of TeX; the others in a text are letters to it. Braces go with their backslash.
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{each: f"\\{each}" for each in "{}$&#%_"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """One thing to cite: `key` names it in a bibliography, `issued` is the day of this `version`."""

    key: str
    kind: Literal["dataset", "webpage"]
    title: str
    site: str
    issued: date
    version: int
    url: str
    licence: str

    def bibtex(self) -> str:
        """A BibTeX entry in UTF-8."""
        fields = {
            "title": f"{{{_tex(self.title)}}}",
            "author": f"{{{_tex(self.site)}}}",
            "year": str(self.issued.year),
            "month": str(self.issued.month),
            "note": _tex(f"Version {self.version} of {self.issued.isoformat()}, {self.licence}"),
            "url": self.url,
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{re.sub(r'[^A-Za-z0-9:_.-]', '-', self.key)},\n{lines}}}\n"

    def cff(self) -> str:
        """A Citation File Format document (1.2.0), for programs that look for CITATION.cff."""
        fields = {
            "cff-version": "1.2.0",
            "message": "Cite the data set by its version.",
            "type": "dataset",
            "title": self.title,
            "authors": [{"name": self.site}],
            "version": str(self.version),
            "date-released": self.issued.isoformat(),
            "license": self.licence.replace(" ", "-"),
            "url": self.url,
        }
        # YAML takes values as JSON writes them.
        return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())

    def csl(self) -> list[dict[str, Any]]:
        """CSL-JSON, as a list of one item."""
        day = self.issued
        return [
            {
                "id": self.key,
                "type": self.kind,
                "title": self.title,
                "author": [{"literal": self.site}],
                "container-title": self.site,
                "issued": {"date-parts": [[day.year, day.month, day.day]]},
                "version": str(self.version),
                "license": self.licence,
                "language": "en",
                "URL": self.url,
            }
        ]


def _tex(text: str) -> str:
    return "".join(_TEX.get(each, each) for each in " ".join(text.split()))
