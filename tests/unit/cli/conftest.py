"""A command line that works in a folder of its own, with the shipped data."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geoapp.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `geoapp` with these arguments on a store that is empty at first."""
    monkeypatch.setenv("GEOAPP_INSTANCE_DIR", str(tmp_path / "instance"))
    for name in ("GEOAPP_DATABASE_URL", "GEOAPP_DATA_DIR", "GEOAPP_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    runner = CliRunner()

    def run(*arguments: object, code: int = 0, stdin: str | bytes | None = None) -> Result:
        result = runner.invoke(main, [str(each) for each in arguments], input=stdin)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return run


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    """A file with one new incident."""
    file = tmp_path / "new.csv"
    file.write_text(
        "id,date,date_precision,title,summary,category,place,location_precision,actors,"
        "source_url,source_publisher,source_language,statement\n"
        "2019-08-24-post,2019-08-24,day,Post seen,Both sides speak of it.,post_established,Chorchana,"
        "village,GE_GOV,https://example.org/1,Example,en,Says so.\n",
        encoding="utf-8",
    )
    return file
