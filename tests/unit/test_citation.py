from dataclasses import replace
from datetime import date

import pytest

from geoapp.citation import Citation

CITATION = Citation(
    "2019-08-29-iprm-v2", "webpage", "Talks break up", "Boundary incidents", date(2026, 11, 3), 2,
    "https://map.example/incidents/2019-08-29-iprm/v/2", "CC BY 4.0",
)  # fmt: skip


def test_bibtex_names_version_day_licence_and_address():
    assert CITATION.bibtex() == (
        "@misc{2019-08-29-iprm-v2,\n"
        "  title = {{Talks break up}},\n"
        "  author = {{Boundary incidents}},\n"
        "  year = {2026},\n"
        "  month = {11},\n"
        "  note = {Version 2 of 2026-11-03, CC BY 4.0},\n"
        "  url = {https://map.example/incidents/2019-08-29-iprm/v/2},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("50 % of {a}_b & c #1 $2", r"50 \% of \{a\}\_b \& c \#1 \$2"),
        ("back\\slash ~ ^", r"back\textbackslash{}slash \textasciitilde{} \textasciicircum{}"),
        ("წნელისი\n  Цнелис", "წნელისი Цнелис"),
        ("} @comment{", r"\} @comment\{"),
    ],
)
def test_a_title_stays_a_title(title, written):
    assert f"  title = {{{{{written}}}}},\n" in replace(CITATION, title=title).bibtex()


def test_csl_has_the_day_in_parts_and_the_version_as_text():
    (item,) = CITATION.csl()
    assert item["issued"] == {"date-parts": [[2026, 11, 3]]} and item["version"] == "2"
    assert item["author"] == [{"literal": "Boundary incidents"}] and item["URL"] == CITATION.url
