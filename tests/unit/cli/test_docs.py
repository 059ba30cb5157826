"""The generated pages of the manual."""

from pathlib import Path

from geoapp.cli import main
from geoapp.cli.docs import render
from geoapp.config import described
from geoapp.incident import COLUMNS
from geoapp.query import FILTERS

ROOT = Path(__file__).parents[3]


def test_the_committed_pages_are_what_the_sources_say():
    folder = ROOT / "docs" / "generated"
    for name, text in render(main).items():
        assert (folder / name).read_text(encoding="utf-8") == text, f"{name}: run geoapp docs"


def test_everything_is_listed():
    pages = render(main)
    assert all(f"| `{name}` |" in pages["data-dictionary.md"] for name in COLUMNS)
    assert all(f"## geoapp {name}\n" in pages["cli.md"] for name in main.commands)
    assert all(f"`{name}`" in pages["settings.md"] for name, _, _ in described())
    assert all(f"| `{name}` |" in pages["filters.md"] for name in FILTERS)


def test_check_names_the_stale_page_and_docs_mends_it(run, tmp_path):
    folder = tmp_path / "generated"
    run("docs", "--output", folder)
    run("docs", "--check", "--output", folder)
    (folder / "cli.md").write_text("old")
    assert "cli.md" in run("docs", "--check", "--output", folder, code=1).stderr
    run("docs", "--output", folder)
    run("docs", "--check", "--output", folder)
