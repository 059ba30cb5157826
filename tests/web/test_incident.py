"""The page of one incident, its versions and its card."""

import re

import pytest

from geoapp.query import Filters
from geoapp.web import context

POST = "/incidents/2019-08-24-georgian-post-established"
SEED = "themoscowtimes.com"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FRAGMENT = {"Accept": "text/html"}


def _text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).replace("&nbsp;", " ").split())


@pytest.fixture(scope="module")
def records(app):
    with app.test_request_context():
        return context.store().find(Filters())


def test_every_incident_has_a_page_and_a_card(client, records):
    assert len(records) == 252
    for record in records:
        assert client.get(f"/incidents/{record.incident.id}").status_code == 200
        assert client.get(f"/incidents/key/{record.key}").status_code == 200


def test_every_source_of_an_incident_is_linked(client, records):
    for record in records[::9]:
        text = client.get(f"/incidents/{record.incident.id}").text
        for report in record.incident.reports:
            assert f'href="{report.source_url.replace("&", "&amp;")}" target="_blank"' in text


def test_facts_stand_with_precision_and_reason(client):
    text = _text(client.get(POST))
    assert "When 24 August 2019 Precision: day." in text
    assert "It may lie anywhere within 5 km of the point" in text
    assert "How far from the line Not determinable The place is known to 5 km only" in text
    assert "Places of both sides lie within the stated precision" in text
    assert "open that day" in text


def test_of_one_account_alone_nothing_is_said_to_contradict_another(client):
    text = _text(client.get("/incidents/2019-08-29-reports-of-shots"))
    assert "1 party, 1 publisher, 1 report" in text
    assert "It contradicts reports that are not recorded here." in text
    assert "contradict each other" not in text
    assert "contradict each other; the statements say how." in _text(client.get(POST))


def test_a_distance_is_an_interval(client):
    text = _text(client.get("/incidents/2013-05-27-ditsi-fence"))
    assert re.search(r"At or near the line, at most about \d|About [\d.]+ to [\d.]+ km from the line", text)


def test_names_stand_by_language(client):
    text = client.get(POST).text
    assert '<td lang="ka">წნელისი</td>' in text
    assert '<td lang="os">Уистæ</td>' in text


def test_accounts_stand_side_by_side_and_the_difference_is_computed_for_both_sides(client):
    text = _text(client.get(POST))
    assert "Date: 5 to 10 days apart (computed)" in text
    assert "Differs: 5 to 10 days before Media and other" in text
    assert "5 to 10 days after International" in text
    assert "Russian authorities no statement found" in text


def test_the_small_map_is_drawn_without_style_attributes(client):
    text = client.get(POST).text
    assert '<svg class="locator"' in text and 'class="lo-line"' in text and 'class="lo-band"' in text
    assert "style=" not in text


def test_an_incident_without_a_point_says_so_and_has_no_map(client, records):
    lost = next(record for record in records if record.joined.longitude is None)
    answer = client.get(f"/incidents/{lost.incident.id}")
    assert "Not on the map" in answer.text and "locator" not in answer.text.split("</head>")[1]


def test_previous_and_next_keep_the_filter(client):
    query = "?datetime=2019-08-24/2019-10-31"
    text = client.get(POST + query).text
    assert "2 of 63" in _text(client.get(POST + query))
    assert re.search(rf'rel="next" href="/incidents/[\w-]+{re.escape(query)}"', text)
    assert re.search(rf'rel="prev" href="/incidents/[\w-]+{re.escape(query)}"', text)


def test_the_citation_names_version_day_and_an_address_that_stays(client_with):
    client = client_with(base_url="https://map.example.org")
    text = _text(client.get(POST))
    address = f"https://map.example.org{POST}/v/1"
    assert f"Record {POST[11:]}, version 1" in text and address in text
    assert client.get(f"{POST}/v/1").status_code == 200


def test_unknown_incidents_versions_and_marks_are_not_found(client):
    for address in ("/incidents/no-such", f"{POST}/v/99", "/incidents/key/1", "/incidents/key/99999999999"):
        assert client.get(address).status_code == 404


def test_the_card_is_a_fragment_for_the_script_and_a_page_for_a_reader(client, records):
    address = f"/incidents/key/{records[0].key}"
    fragment, page = client.get(address, headers=FRAGMENT), client.get(address, headers=PAGE)
    assert fragment.text.lstrip().startswith("<article") and "<html" not in fragment.text
    assert page.text.startswith("<!doctype html>") and "card" in page.text
    assert "Accept" in fragment.vary and fragment.headers["ETag"] != page.headers["ETag"]


def test_the_seed_article_is_linked(client):
    text = client.get("/incidents/2019-08-29-iprm-ultimatum").text
    assert SEED in text


def test_no_number_stands_under_a_label_with_a_month_on_the_calendar_of_claimed_dates(client):
    axis = re.search(r'<div class="strip-axis">(.*?)</div>', client.get(POST).text)
    labels = re.findall(r"<span>(.*?)</span>", axis[1])
    assert labels == ["20 Aug", "", "", "23", "24", "25", "26", "27", "28", "29", "30"]
