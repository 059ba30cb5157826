"""`/edit/incidents/new` and `/edit/incidents/<id>`: the form, what it says, and two edits that meet."""

import re
from html.parser import HTMLParser

import pytest

from geoapp import by_hand
from geoapp.cli.opening import open_store
from geoapp.config import Settings
from geoapp.users import Users
from geoapp.web.app import create_app
from tests import engines

PASSWORD = "three plain words here"
NEW = "/edit/incidents/new"
GOOD = {
    "date": "2019-08-24",
    "date_precision": "day",
    "title": "Post seen",
    "summary": "A post was seen.",
    "category": "post_established",
    "place": "Chorchana",
    "location_precision": "village",
    "actors": "GE_GOV",
    "reports": "1",
    "0.source_url": "https://example.org/1",
    "0.source_publisher": "Example",
    "0.source_language": "en",
    "0.attributed_to": "GE_GOV",
    "0.statement": "Says that a post was seen.",
    "public_note": "A first incident.",
}


class Fields(HTMLParser):
    """The fields of a page's form, as a browser would send them; buttons left out."""

    def __init__(self, text):
        super().__init__()
        self.values, self.select, self.area = {}, None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "input" and known.get("type") not in ("radio", "submit") and "name" in known:
            self.values[known["name"]] = known.get("value") or ""
        if tag == "select":
            self.select = known["name"]
            self.values[self.select] = None
        if tag == "option" and self.select and (self.values[self.select] is None or "selected" in known):
            self.values[self.select] = known.get("value", "")
        if tag == "textarea":
            self.area = known["name"]
            self.values[self.area] = ""

    def handle_data(self, data):
        if self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        if tag == "textarea":
            self.values[self.area] = self.values[self.area].removeprefix("\n")
            self.area = None


class Editor:
    """Somebody signed in, who fills in forms as a browser without script does."""

    def __init__(self, app, name):
        self.client = app.test_client()
        form = Fields(self.client.get("/edit/sign-in").text).values
        done = self.client.post("/edit/sign-in", data={**form, "name": name, "password": PASSWORD})
        assert done.status_code == 303

    def open(self, path):
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return Fields(answer.text).values

    def send(self, path, form, act, **changed):
        return self.client.post(path, data={**form, **changed, "act": act})


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """An instance folder with reference data and two editors, to be copied for each test."""
    folder = tmp_path_factory.mktemp("prepared")
    with open_store(Settings(instance_dir=folder), create=True) as store:
        for name in ("ana", "mk"):
            Users(store).add(name, "editor", PASSWORD)
    engines.keep_for_copies(folder)
    return folder


@pytest.fixture
def site(prepared, tmp_path):
    settings = Settings(instance_dir=tmp_path / "instance")
    engines.copy(prepared, settings.instance_dir)
    with open_store(settings) as store:
        yield create_app(settings), store


@pytest.fixture
def store(site):
    return site[1]


@pytest.fixture
def ana(site):
    return Editor(site[0], "ana")


@pytest.fixture
def saved(ana):
    """The address of the form of an incident that was saved by hand."""
    done = ana.send(NEW, ana.open(NEW), "save", **GOOD)
    assert done.status_code == 303, done.text
    return done.headers["Location"].partition("?")[0]


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_only_editors_see_the_form(site):
    for path in (NEW, "/edit/incidents/some-id"):
        answer = site[0].test_client().get(path)
        assert answer.status_code in (302, 303)
        assert "/edit/sign-in" in answer.headers["Location"]


def test_an_incident_is_added_by_hand_and_readers_see_it_at_once(site, ana, saved):
    assert saved == "/edit/incidents/2019-08-24-post-seen"
    assert "Saved as version 1 of this record" in words(ana.client.get(saved + "?saved=1"))
    reader = site[0].test_client()
    page = reader.get("/incidents/2019-08-24-post-seen")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert "ana" not in words(page).split()


def test_the_menu_marks_a_new_incident_alone_as_new(ana, saved):
    marked = re.compile(r'<a href="([^"]+)" aria-current="(?:page|true)"')
    assert marked.findall(ana.client.get(NEW).text) == [NEW]
    assert marked.findall(ana.send(NEW, ana.open(NEW), "check", **GOOD).text) == [NEW]
    assert marked.findall(ana.client.get(saved).text) == []
    assert marked.findall(ana.client.get("/edit/batches").text) == ["/edit/batches"]


def test_checking_stores_nothing_and_shows_what_is_worked_out(store, ana):
    before = store.current()
    text = words(ana.send(NEW, ana.open(NEW), "check", **GOOD))
    assert "Checked. Nothing is saved yet." in text
    assert "At or near the line" in text or "from the line" in text
    assert "Georgian authorities" in text
    assert "Single source: 1 party, 1 publisher, 1 report" in text
    assert store.current() == before


def test_an_error_stands_at_its_field_with_the_words_of_an_upload(store, ana):
    before = store.current()
    answer = ana.send(NEW, ana.open(NEW), "save", **GOOD | {"end_date": "soon", "actors": "GE_GOVT"})
    assert answer.status_code == 422
    assert "2 errors. Nothing is saved yet." in words(answer)
    for name in ("end_date", "actors"):
        field = re.search(rf'<input id="f-{name}"[^>]*>', answer.text).group()
        assert 'aria-invalid="true"' in field
        assert f'aria-describedby="h-{name}"' in field
    described = re.search(r'<div id="h-actors">(.*?)</div>', answer.text, re.S).group(1)
    assert "codes of the list of actors" in described
    assert "GE_GOV</samp>" in described
    assert store.current() == before


def test_what_was_typed_stays_when_there_are_errors(ana):
    answer = ana.send(NEW, ana.open(NEW), "check", **GOOD | {"date": "soon", "summary": "\nTwo\r\nlines <b>"})
    form = Fields(answer.text).values
    assert (form["date"], form["summary"]) == ("soon", "\nTwo\nlines <b>")
    assert (form["category"], form["0.attributed_to"]) == ("post_established", "GE_GOV")


def test_a_public_note_is_needed(store, ana):
    answer = ana.send(NEW, ana.open(NEW), "save", **GOOD | {"public_note": " "})
    assert answer.status_code == 422
    assert "a note that says what changed and why" in words(answer)
    assert store.current().incidents == 0


def test_a_source_is_added_and_left_out_again_before_saving(ana):
    answer = ana.send(NEW, ana.open(NEW), "add", **GOOD)
    form = Fields(answer.text).values
    assert (form["reports"], form["0.source_url"]) == ("2", "https://example.org/1")
    assert re.search(r'<input id="f-1.source_url"[^>]* autofocus', answer.text)
    form = Fields(ana.send(NEW, form, "drop-1").text).values
    assert form["reports"] == "1"


def test_a_stored_source_cannot_be_left_out_and_is_withdrawn_instead(store, ana, saved):
    form = ana.open(saved)
    form = Fields(ana.send(saved, form, "add").text).values
    two = {"1.source_url": "https://example.org/2", "1.source_publisher": "Other", "1.source_language": "en",
           "1.statement": "Says so too.", "public_note": "A source."}  # fmt: skip
    assert ana.send(saved, form, "save", **two).status_code == 303
    form = ana.open(saved)
    assert Fields(ana.send(saved, form, "drop-0").text).values["reports"] == "2"
    done = ana.send(saved, form, "save", **{"0.report_status": "retracted", "public_note": "Withdrawn."})
    assert done.status_code == 303
    reports = store.get("2019-08-24-post-seen").incident.reports
    assert [each.report_status for each in reports] == ["retracted", None]


def test_a_form_that_changes_nothing_says_so_and_makes_no_version(store, ana, saved):
    before = store.current()
    answer = ana.send(saved, ana.open(saved), "save", public_note="Nothing.")
    assert answer.status_code == 200
    assert "Nothing to save" in words(answer)
    assert store.current() == before


def test_a_new_incident_never_becomes_a_change_of_a_stored_one(store, ana, saved):
    other = {"0.source_url": "https://example.org/other", "summary": "Another summary."}
    answer = ana.send(NEW, ana.open(NEW), "save", **GOOD | other)
    assert answer.status_code == 422
    assert "2019-08-24-post-seen is stored with both" in words(answer)
    assert store.get("2019-08-24-post-seen").version == 1


def test_a_new_incident_is_held_against_those_that_it_looks_like(store, ana, saved):
    other = GOOD | {"title": "A post was seen", "0.source_url": "https://example.org/1"}
    answer = ana.send(NEW, ana.open(NEW), "check", **other)
    assert "Possible duplicate" in words(answer)
    assert f'href="{saved}"' in answer.text
    far = other | {"date": "2012-01-01", "title": "Talks held", "0.source_url": "https://example.org/2"}
    assert "Possible duplicate none found" in words(ana.send(NEW, ana.open(NEW), "check", **far))


def test_an_incident_that_is_not_there_is_not_found(ana):
    assert ana.client.get("/edit/incidents/no-such-one").status_code == 404


def test_a_form_of_another_session_changes_nothing(site, store, ana):
    answer = ana.send(NEW, {}, "save", **GOOD)
    assert answer.status_code == 403
    assert store.current().incidents == 0


@pytest.mark.parametrize("act", ["erase", "drop-", ""])
def test_a_button_that_the_form_does_not_have_is_a_bad_request(ana, act):
    assert ana.send(NEW, ana.open(NEW), act, **GOOD).status_code == 400


@pytest.fixture
def two_edits(site, ana, saved):
    """The address, and ana's form opened before mk saved another summary and a place."""
    mk = Editor(site[0], "mk")
    mine = ana.open(saved)
    theirs = {"summary": "A post of two huts was seen.", "status": "disputed", "public_note": "By mk."}
    assert mk.send(saved, mk.open(saved), "save", **theirs).status_code == 303
    return saved, mine, mk


def test_when_two_edits_meet_nothing_is_overwritten_and_both_are_shown(store, ana, two_edits):
    path, mine, _ = two_edits
    answer = ana.send(
        path, mine, "save", summary="A post was seen there.", actors="GE_GOV;GE_MIA", public_note="By ana."
    )
    assert answer.status_code == 409
    text = words(answer)
    assert "Two edits met. Yours is kept, and not saved yet." in text
    assert "mk saved version 2" in text
    for words_of in ("Both changed it", "Only mk changed it", "Only you changed it"):
        assert words_of in text
    assert store.get("2019-08-24-post-seen").incident.summary == "A post of two huts was seen."


def test_checking_tells_of_a_meeting_as_well(ana, two_edits):
    path, mine, _ = two_edits
    assert ana.send(path, mine, "check", summary="Mine.").status_code == 409


@pytest.mark.parametrize(
    ("choice", "summary"),
    [("theirs", "A post of two huts was seen."), ("mine", "A post was seen there."), ("both", "All of it.")],
)
def test_the_choice_is_saved_together_with_what_only_one_changed(store, ana, two_edits, choice, summary):
    path, mine, _ = two_edits
    met = ana.send(
        path, mine, "save", summary="A post was seen there.", actors="GE_GOV;GE_MIA", public_note="By ana."
    )
    form = Fields(met.text).values
    assert form["text:summary"] == "A post of two huts was seen there."
    done = ana.send(path, form, "take", **{"take:summary": choice, "text:summary": "All of it."})
    assert done.status_code == 303
    stored = store.get("2019-08-24-post-seen")
    assert stored.version == 3
    assert stored.incident.summary == summary
    assert (stored.incident.status, stored.incident.actors) == ("disputed", ("GE_GOV", "GE_MIA"))


def test_without_a_choice_nothing_is_saved(store, ana, two_edits):
    path, mine, _ = two_edits
    met = ana.send(path, mine, "save", summary="Mine.", public_note="By ana.")
    answer = ana.send(path, Fields(met.text).values, "take")
    assert answer.status_code == 409
    assert "Choose whose words to take" in words(answer)
    assert store.get("2019-08-24-post-seen").version == 2


def test_when_the_other_saves_again_first_one_is_asked_again(store, ana, two_edits):
    path, mine, mk = two_edits
    met = ana.send(path, mine, "save", summary="Mine.", public_note="By ana.")
    assert mk.send(path, mk.open(path), "save", summary="Once more.", public_note="By mk.").status_code == 303
    again = ana.send(path, Fields(met.text).values, "take", **{"take:summary": "mine"})
    assert again.status_code == 409
    assert "mk saved once more" in words(again)
    assert store.get("2019-08-24-post-seen").incident.summary == "Once more."


def test_hostile_text_is_shown_as_text(ana):
    hostile = "{{7*191}} <script>alert(1)</script></textarea><img src=x>"
    answer = ana.send(
        NEW, ana.open(NEW), "check", **GOOD | {"title": hostile, "summary": hostile, "0.notes": hostile}
    )
    assert "<script>alert" not in answer.text
    assert "1337" not in answer.text
    assert Fields(answer.text).values["summary"] == hostile


def test_every_field_of_the_schema_stands_in_the_form(ana, saved):
    form = ana.open(saved)
    sheet = by_hand.blank_sheet()
    assert set(sheet.incident) <= set(form)
    assert {f"0.{name}" for name in sheet.reports[0]} <= set(form)
