"""rejoin, reload and check."""

import shutil

import pytest
from sqlalchemy import update

from geoapp.cli.checking import findings
from geoapp.config import Settings, resource
from geoapp.store import Store
from geoapp.store.schema import chunks


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    """A copy of the data folder that a test may change."""
    copy = tmp_path / "data"
    shutil.copytree(resource("data"), copy)
    monkeypatch.setenv("GEOAPP_DATA_DIR", str(copy))
    return copy


def rename(data_dir, old, new):
    file = data_dir / "categories.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_rejoin_of_what_is_joined_changes_nothing(run, csv_file):
    run("import", csv_file)
    assert "up to date" in run("rejoin").stdout
    assert " rejoin " not in run("history").stdout


def test_reload_shows_the_difference_and_takes_it(run, csv_file, data_dir):
    run("import", csv_file)
    rename(data_dir, "Crossing closed", "Crossing shut")
    shown = run("reload", "--dry-run").stdout
    assert "category crossing_closed: label 'Crossing closed' -> 'Crossing shut'" in shown
    assert "1 difference " in shown
    assert run("reload", "--dry-run").stdout == shown
    run("reload", "--note", "Other word")
    assert run("reload").stdout.startswith("0 differences")


def test_reload_is_all_or_nothing(run, csv_file, data_dir):
    run("import", csv_file)
    rename(data_dir, "#E69F00", "orange")
    assert "categories.csv:2:group_color" in run("reload", code=1).stderr
    rename(data_dir, "orange", "#E69F00")
    assert run("reload").stdout.startswith("0 differences")


def test_a_code_in_use_is_not_removed(run, csv_file, data_dir):
    run("import", csv_file)
    rename(data_dir, "post_established,", "post_set_up,")
    message = run("reload", code=1).stderr
    assert "post_established" in message
    assert "2019-08-24-post" in message


def test_check_warns_when_all_visitors_seem_to_share_one_address(tmp_path):
    def mending(proxies):
        settings = Settings(
            instance_dir=tmp_path, base_url="https://map.example.org", trusted_proxies=proxies
        )
        return " ".join(finding.mend for finding in findings(settings))

    assert "set GEOAPP_TRUSTED_PROXIES to the number of proxies" in mending(0)
    assert "GEOAPP_TRUSTED_PROXIES" not in mending(1)


def test_check_of_a_sound_store_warns_of_the_missing_contact_alone(run, csv_file, data_dir):
    shutil.rmtree(data_dir / "stories")
    run("import", csv_file)
    lines = run("check").stdout.splitlines()
    assert [line for line in lines if not line.startswith("ok: ")] == [
        "warning: no contact is set; every footer says so -> set GEOAPP_CONTACT to an e-mail or web address"
    ]
    assert any("1 incidents with 1 reports" in line for line in lines)


def test_check_says_how_to_mend_what_it_finds(run, csv_file, data_dir, tmp_path):
    run("import", csv_file)
    rename(data_dir, "#E69F00", "orange")
    with Store.open(Settings.from_env().store_url) as store, store.writing() as connection:
        connection.execute(update(chunks).values(content=b"\x00\xff"))
    result = run("check", code=1)
    errors = [line for line in result.stdout.splitlines() if line.startswith("error: ")]
    assert ["categories.csv:2:group_color" in errors[0], "chunk" in errors[1]] == [True, True]
    assert all(" -> " in line for line in errors)
    assert errors[1].endswith(" -> geoapp rejoin writes it anew from the records")


def test_rejoin_mends_what_check_finds_damaged_of_the_map(run, csv_file, data_dir):
    shutil.rmtree(data_dir / "stories")
    run("import", csv_file)
    with Store.open(Settings.from_env().store_url) as store, store.writing() as connection:
        connection.execute(update(chunks).values(content=b"\x00\xff"))
    run("check", code=1)
    assert "Computed again and written: data set version 3." in run("rejoin").stdout
    assert "1 chunks with 1 rows are readable" in run("check").stdout


def test_check_names_what_a_story_asks_for_and_the_data_do_not_hold(run, csv_file):
    run("import", csv_file)
    told = [line for line in run("check", code=1).stdout.splitlines() if "reports-of-shots'" in line]
    assert [line.split(": ")[1] for line in told] == [
        "stories/chorchana-tsnelisi-2019.toml:step 3, text",
        "stories/chorchana-tsnelisi-2019.toml:step 3, notes",
    ]


def test_check_without_a_store_says_what_makes_one(run):
    assert "geoapp serve" in run("check", code=1).stdout
