"""Files that are worked through by slices, at sizes where it matters."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from benchmarks.synthetic import as_csv
from geoapp import reference
from geoapp.cli import main, streamed
from geoapp.config import resource
from geoapp.store import Store

ROWS, ROWS_AN_INCIDENT = 30_000, 2.63


@pytest.mark.slow
def test_30_000_rows_give_the_same_content_whole_and_by_slices(tmp_path, monkeypatch):
    file = tmp_path / "rows.csv"
    file.write_bytes(as_csv(reference.read(resource("data")), 0, round(ROWS / ROWS_AN_INCIDENT), 1))
    monkeypatch.setenv("GEOAPP_INSTANCE_DIR", str(tmp_path))
    found = []
    for size in (file.stat().st_size + 1, 1):
        monkeypatch.setattr(streamed, "LARGE_BYTES", size)
        address = f"sqlite:///{tmp_path / str(size)}.sqlite3"
        monkeypatch.setenv("GEOAPP_DATABASE_URL", address)
        told = CliRunner().invoke(main, ["import", str(file)])
        assert told.exit_code == 0, told.output
        with Store.open(address) as store:
            now = store.current()
            found.append((told.stdout, now.content_hash, now.incidents, now.reports, store.manifest()))
    whole, by_slices = found
    assert by_slices == whole
    assert whole[3] > ROWS * 0.95
