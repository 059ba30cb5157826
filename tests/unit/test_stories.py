from datetime import date

import pytest

from geoapp import stories
from geoapp.config import Settings
from geoapp.errors import DataRefused
from geoapp.stories import Saying, Sentence

STEP = """
[[step]]
heading = "One"
from = 2019-08-24
to = 2019-08-24
at = [43.7, 42.1]
half_km = 9
text = [["It happened.", "an-incident", "another"]]
says = [["an-incident/2", "It says so."]]
"""
STORY = 'title = "T"\nsummary = "S"\nfrom = 2019-08-24\nto = 2019-10-31\n'


def _load(folder, text, name="a-story.toml"):
    (folder / stories.FOLDER).mkdir(exist_ok=True)
    (folder / stories.FOLDER / name).write_text(text, encoding="utf-8")
    return stories.load(folder)


def _refused(folder, text, **how):
    with pytest.raises(DataRefused) as caught:
        _load(folder, text, **how)
    return str(caught.value)


def test_a_story_is_read_whole(tmp_path):
    story = _load(tmp_path, STORY + STEP)["a-story"]
    (step,) = story.steps
    assert story.days == (date(2019, 8, 24), date(2019, 10, 31))
    assert step.text == (Sentence("It happened.", ("an-incident", "another")),)
    assert step.says == (Saying("an-incident/2", "It says so."),) and step.at == (43.7, 42.1)
    assert story.incidents == ("an-incident", "another")


def test_a_folder_without_stories_has_none(tmp_path):
    assert stories.load(tmp_path) == {}


def test_every_fault_of_every_file_is_told_at_once(tmp_path):
    _load(tmp_path, STORY + STEP)
    (tmp_path / stories.FOLDER / "broken.toml").write_text("title =", encoding="utf-8")
    told = _refused(tmp_path, STORY + STEP.replace("half_km = 9", "half_kn = 9"), name="second.toml")
    assert "stories/broken.toml: error: TOML" in told
    assert "stories/second.toml:step 1: error: a value for `half_km`" in told and "'half_kn'" in told


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ("to = 2019-08-24", "to = 2019-08-23", "`from` not after `to`"),
        ("[43.7, 42.1]", "[43.7]", "`at` as longitude and latitude"),
        ("[43.7, 42.1]", "[43.7, 142.1]", "within the world"),
        ("half_km = 9", "half_km = 0", "`half_km` from 0 to 2000"),
        ('"an-incident", "another"', "", "each with the ids of the incidents"),
        ('"It says so."', '"It says so.", "more"', "pairs of an id and a text"),
        ('"One"', "1", "text"),
        ("half_km = 9", 'half_km = 9\nplaces = ["A", 1]', "`places` as names"),
    ],
)
def test_a_wrong_value_says_where_and_what_was_expected(tmp_path, was, becomes, expected):
    told = _refused(tmp_path, STORY + STEP.replace(was, becomes))
    assert "stories/a-story.toml:step 1" in told and expected in told


def test_a_file_name_becomes_an_address(tmp_path):
    assert "small letters, digits and hyphens" in _refused(tmp_path, STORY + STEP, name="A story.toml")


def test_what_the_data_do_not_hold_is_told(tmp_path):
    more = STEP + 'places = ["Nowhere"]\nnotes = [["third", "here"]]\n'
    story = _load(tmp_path, STORY + more.replace("from = 2019-08-24", "from = 2019-08-01"))["a-story"]
    told = "\n".join(map(str, stories.faults(story, {}, lambda name: False)))
    for value in ("'an-incident'", "'another'", "'third'", "'Nowhere'", "'2019-08-01'"):
        assert value in told
    assert "stories/a-story.toml:step 1, text: error: the id of an incident of the data set" in told


def test_the_shipped_story_walks_through_the_crisis():
    story = stories.load(Settings().data_dir)["chorchana-tsnelisi-2019"]
    assert [step.days.first for step in story.steps[:5]] == [
        date(2019, 8, 24), date(2019, 8, 25), date(2019, 8, 29), date(2019, 8, 30), date(2019, 9, 1),
    ]  # fmt: skip
    assert "2019-09-01-drone-downed" in story.incidents
