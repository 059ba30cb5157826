"""Reference data: read as one, refused as one, told as changes."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import orjson
import pytest

from geoapp import reference
from geoapp.config import resource
from geoapp.errors import DataRefused
from geoapp.reference import Reference

SHIPPED = resource("data")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("incidents.csv"))
    return tmp_path


def retell(data_dir: Path, name: str, old: str, new: str) -> None:
    path = data_dir / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def refused(data_dir: Path) -> list[str]:
    with pytest.raises(DataRefused) as caught:
        reference.read(data_dir)
    return [str(problem) for problem in caught.value.problems if problem.level == "error"]


def test_shipped_data_pass_without_a_warning(shipped: Reference) -> None:
    assert shipped.warnings == ()
    assert (len(shipped.actors), len(shipped.categories), len(shipped.groups)) == (46, 16, 8)
    assert (len(shipped.checkpoint_states), len(shipped.gazetteer)) == (76, 115)
    assert "".join(group.letter for group in shipped.groups.values()) == "WCPDVATO"
    assert shipped.categories["barrier_works"].synonyms == ("borderization",)
    assert shipped.groups["crossings"].label == "Crossing points"


def test_every_actor_and_every_blank_speaker_has_a_party(shipped: Reference) -> None:
    assert {shipped.party_of(code) for code in shipped.actors} == set(shipped.parties)
    assert shipped.party_of("GE_LOCAL") == "residents_civil_society"
    assert shipped.party_of(None) == shipped.party_of("unknown") == "media_other"


def test_incidents_named_by_states_exist(shipped: Reference) -> None:
    with (SHIPPED / "incidents.csv").open(encoding="utf-8", newline="") as file:
        known = {line["id"] for line in csv.DictReader(file)}
    assert {each.incident_id for each in shipped.checkpoint_states if each.incident_id} <= known


def test_stored_form_is_json_and_loses_nothing(shipped: Reference) -> None:
    stored = orjson.loads(orjson.dumps(shipped.to_dict()))
    back = reference.from_dict(stored)
    assert back.hash == shipped.hash
    assert (back.actors, back.categories) == (shipped.actors, shipped.categories)
    assert back.checkpoint_states == shipped.checkpoint_states
    assert back.layers.hash == shipped.layers.hash
    assert dict(back.layers) == dict(shipped.layers)
    assert back.gazetteer.places == shipped.gazetteer.places
    assert reference.changes(shipped, back) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "faults"),
    [
        (
            "actors.csv",
            "code,name",
            "code,nmae",
            ["found 'nmae'; did you mean 'name'?", "1:name: error: this column"],
        ),
        (
            "actors.csv",
            "code,name",
            "code,code",
            ["1:code: error: every column once", "1:name: error: this column"],
        ),
        (
            "actors.csv",
            ",georgian,georgian_authorities",
            ",georgian side,georgian_authorities",
            ["actors.csv:2:side: error: a code: letters"],
        ),
        (
            "actors.csv",
            "georgian_authorities,Central",
            "georgian_goverment,Central",
            ["actors.csv:2:party: error: one of"],
        ),
        (
            "parties.csv",
            "media_other,",
            "media,",
            ["parties.csv: error: a party media_other"],
        ),
        (
            "parties.csv",
            "media_other,Media and other,no",
            "media_other,Media and other,no\na,A,no\nb,B,no\nc,C,no",
            ["parties.csv: error: at most 8 parties, found '9'"],
        ),
        (
            "parties.csv",
            "Russian authorities,yes",
            "Russian authorities,y",
            ["4:always_shown: error: one of yes, no"],
        ),
        (
            "actors.csv",
            "GE_PM,Prime",
            "GE_GOV,Prime",
            ["actors.csv:3:code: error: a code that line 2 does not have"],
        ),
        ("actors.csv", "GE_PM,Prime", "GE PM,Prime", ["actors.csv:3:code: error: a code: letters"]),
        (
            "actors.csv",
            "GE_PM,Prime Minister of Georgia",
            "GE_PM,",
            ["actors.csv:3:name: error: a value, this cell is blank"],
        ),
        (
            "actors.csv",
            "BP,BP (pipeline operator),other,media_other,",
            "BP,BP,other",
            ["5 cells as in the header, found '3 cells'"],
        ),
        ("actors.csv", "GE_PM,Prime", '"GE_PM"x,Prime', ["CSV with quotes as in RFC 4180"]),
        (
            "categories.csv",
            "Barriers at the line,W,#E69F00",
            "Barriers at the line,C,#E69F00",
            ["categories.csv:3:group_letter: error: a value that group barriers does not have, found 'C'"],
        ),
        (
            "categories.csv",
            ',#56B4E9,,Strategic developments,Other,"One or more',
            ',#56B4E8,,Strategic developments,Other,"One or more',
            ["categories.csv:4:group_color: error: '#56B4E8' as in line 3 of the same group"],
        ),
        (
            "categories.csv",
            "#009E73",
            "green",
            ["group_color: error: a colour written #RRGGBB, found 'green'"],
        ),
        (
            "categories.csv",
            ",A,#F0E442",
            ",air,#F0E442",
            ["group_letter: error: one capital letter A to Z, found 'air'"],
        ),
        (
            "categories.csv",
            ",borderization,",
            ",borderization;Detention,",
            ["a synonym that does not already mean detention"],
        ),
        ("categories.csv", "drone,Flight", "protest,Flight", ["protest"]),
        (
            "checkpoint_states.csv",
            "crossing-odzisi-mosabruni,2008",
            "crossing-odzisi,2008",
            [
                "checkpoint_states.csv:2:checkpoint: error: the id of a checkpoint of the layers",
                "mean 'crossing-odzisi-mosabruni'?",
            ],
        ),
        (
            "checkpoint_states.csv",
            "2008-08-27,2019-09-03",
            "2008-08-27,2007-09-03",
            ["2:to: error: a day not before `from`"],
        ),
        (
            "checkpoint_states.csv",
            "2008-08-27,2019-09-03",
            "27.8.2008,2019-09-03",
            ["2:from: error: a day written YYYY-MM-DD"],
        ),
        (
            "checkpoint_states.csv",
            "2019-09-03,open",
            "2019-09-03,opened",
            ["2:state: error: one of open", "mean 'open'?"],
        ),
        (
            "checkpoint_states.csv",
            ",20-30,",
            ",30-20,",
            ["days_of_month: error: days of a month from 1 to 31"],
        ),
        (
            "checkpoint_states.csv",
            ",20-30,",
            ",0-32,",
            ["days_of_month: error: days of a month from 1 to 31"],
        ),
        (
            "checkpoint_states.csv",
            ",https://occupied",
            ",javascript://occupied",
            ["2:source_url: error: an address"],
        ),
    ],
)
def test_a_fault_is_told_with_file_line_and_column(
    data_dir: Path, name: str, old: str, new: str, faults: list[str]
) -> None:
    retell(data_dir, name, old, new)
    messages = refused(data_dir)
    assert all(message.startswith(name) for message in messages)
    for fault in faults:
        assert any(fault in message for message in messages), messages


def test_all_faults_of_all_files_come_at_once(data_dir: Path) -> None:
    retell(data_dir, "actors.csv", "GE_PM,", "GE PM,")
    retell(data_dir, "categories.csv", "#009E73", "green")
    retell(data_dir, "checkpoint_states.csv", ",20-30,", ",40,")
    retell(data_dir, "layers.toml", 'role = "band"', 'role = "bandage"')
    assert {message.split(":")[0] for message in refused(data_dir)} == {
        "actors.csv",
        "categories.csv",
        "checkpoint_states.csv",
        "layers.toml",
    }


def test_files_that_cannot_be_read_are_told(data_dir: Path) -> None:
    (data_dir / "actors.csv").unlink()
    (data_dir / "categories.csv").write_bytes(b"code,label\n\xff\xfe\n")
    (data_dir / "checkpoint_states.csv").write_bytes(b"")
    messages = refused(data_dir)
    assert len(messages) == 3
    assert "actors.csv: error: a file that can be read" in messages[0]
    assert "categories.csv: error: text in UTF-8" in messages[1]
    assert "checkpoint_states.csv: error: a header with the columns" in messages[2]


def test_a_list_of_categories_must_not_be_empty(data_dir: Path) -> None:
    path = data_dir / "categories.csv"
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    assert refused(data_dir) == ["categories.csv: error: at least one category"]


def test_a_byte_order_mark_and_blank_lines_are_passed_over(data_dir: Path, shipped: Reference) -> None:
    path = data_dir / "actors.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n,,,,\r\n")
    assert reference.read(data_dir).actors == shipped.actors


def test_namesakes_without_a_district_are_a_warning(data_dir: Path) -> None:
    retell(data_dir, "geojson/places.geojson", '"name_en":"Balta"', '"name_en":"Plavi"')
    [warning] = reference.read(data_dir).warnings
    assert warning.value == "Plavi" and "to tell them apart" in warning.expected


def test_changes_are_told_in_lines_for_people(data_dir: Path, shipped: Reference) -> None:
    retell(data_dir, "actors.csv", "Office holder at the time", "Holder of the office")
    retell(data_dir, "actors.csv", "BP,BP (pipeline operator),other,media_other,\n", "")
    retell(data_dir, "categories.csv", ",Other,O,#666666,,Protests", ",Other,O,#666666,rally,Protests")
    retell(
        data_dir, "checkpoint_states.csv", "2008-08-27,2019-09-03,open", "2008-08-27,2019-09-03,restricted"
    )
    retell(data_dir, "layers.toml", 'title = "Places"', 'title = "Named places"')
    retell(data_dir, "geojson/places.geojson", '"name_en":"Balta"', '"name_en":"Balta village"')
    retell(data_dir, "geojson/basemap_rivers_wdbii.geojson", "River Bin", "River bin")
    told = reference.changes(shipped, reference.read(data_dir))
    assert told[0] == "actor BP removed"
    assert told[1].startswith("actor GE_PM: note 'Office holder at the time (")
    assert told[2] == "category protest: synonyms blank -> \"('rally',)\""
    assert told[3].startswith(
        "state added: crossing-odzisi-mosabruni restricted 2008-08-27 to 2019-09-03 (https://"
    )
    assert told[4].startswith(
        "state removed: crossing-odzisi-mosabruni open 2008-08-27 to 2019-09-03 (https://"
    )
    assert told[5:] == [
        "layer places: title 'Places' -> 'Named places'",
        "layer places: feature place-balta: name_en 'Balta' -> 'Balta village'",
        "layer basemap_rivers: content changed",
    ]


def test_the_hash_follows_every_part(data_dir: Path, shipped: Reference) -> None:
    seen = {shipped.hash}
    for name, old, new in (
        ("actors.csv", "Government of Georgia", "The Government of Georgia"),
        ("categories.csv", "Public statement", "Statement"),
        ("checkpoint_states.csv", "one patient", "a patient"),
        ("layers.toml", 'title = "Places"', 'title = "Named places"'),
        ("geojson/areas.geojson", "no legal meaning", "without legal meaning"),
    ):
        retell(data_dir, name, old, new)
        seen.add(reference.read(data_dir).hash)
    assert len(seen) == 6


def test_data_stored_before_parties_had_a_table_name_them_by_their_codes(shipped: Reference) -> None:
    stored = shipped.to_dict()
    del stored["parties"]
    parties = reference.from_dict(stored).parties
    assert parties["international"].label == "International"
    assert set(parties) == set(shipped.parties)
