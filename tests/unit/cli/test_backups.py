"""`geoapp backup` into a folder: names by time, and what is kept how long."""

from datetime import UTC, datetime, timedelta

from geoapp.cli.backups import named, outdated

NOW = datetime(2026, 5, 4, 12, 30, 5, tzinfo=UTC)


def made(folder, days):
    file = named(folder, NOW - timedelta(days=days))
    file.touch()
    return file


def test_only_what_is_older_and_was_named_so_has_been_kept_long_enough(tmp_path):
    _young, _just, old, older = (made(tmp_path, days) for days in (1, 30, 30.01, 400))
    for other in (
        "geoapp-mine.sqlite",
        "geoapp.sqlite",
        "geoapp-20200101T000000Z.sqlite.part",
        "20200101.sqlite",
    ):
        (tmp_path / other).touch()
    assert outdated(tmp_path, NOW, 30) == [older, old]
    assert outdated(tmp_path, NOW, 0) == []


def test_a_backup_into_a_folder_is_named_by_its_time_and_removes_the_outdated(
    run, csv_file, tmp_path, monkeypatch
):
    run("import", csv_file)
    folder = tmp_path / "backups"
    folder.mkdir()
    old = named(folder, datetime.now(UTC) - timedelta(days=8))
    old.touch()
    assert "Removed" not in run("backup", folder).stdout
    assert old.exists()
    (kept,) = (file for file in folder.iterdir() if file != old)
    monkeypatch.setenv("GEOAPP_BACKUP_DAYS", "7")
    kept.rename(folder / "geoapp-mine.sqlite")
    assert f"Removed {old}: older than 7 days" in run("backup", folder).stdout
    assert len(list(folder.glob("*.sqlite"))) == 2
    told = run("restore", folder / "geoapp-mine.sqlite", code=1).stderr
    assert "holds data already" in told
    assert "with --replace it is thrown away" in told
    assert "1 incidents" in run("restore", "--replace", folder / "geoapp-mine.sqlite").stdout


def test_old_backups_stay_when_the_new_one_cannot_be_made(run, tmp_path, monkeypatch):
    folder = tmp_path / "backups"
    folder.mkdir()
    old = made(folder, 400)
    run("backup", folder, code=1)
    assert old.exists()
