"""One version of a record for reference managers, and the record as an event for machines."""

import json
import re

ADDRESS = "/incidents/2019-09-01-drone-downed"


def test_bibtex_and_csl_are_offered_beside_the_citation_and_download(client):
    page = client.get(ADDRESS)
    for form, kind in (
        ("bib", "application/x-bibtex"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
    ):
        assert f'href="{ADDRESS}/v/1.{form}" download' in page.text
        answer = client.get(f"{ADDRESS}/v/1.{form}")
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith(kind)
        assert f"2019-09-01-drone-downed-v1.{form}" in answer.headers["Content-Disposition"]
        assert "South Ossetian drone lost near Tsnelisi" in answer.text and f"{ADDRESS}/v/1" in answer.text


def test_other_forms_versions_and_records_are_not_found(client):
    for path in (f"{ADDRESS}/v/1.ris", f"{ADDRESS}/v/99.bib", "/incidents/no-such-one/v/1.bib"):
        assert client.get(path).status_code == 404


def test_the_page_carries_the_record_as_an_event(client):
    answer = client.get(f"/ka{ADDRESS}")
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    event = json.loads(text)
    assert event["@type"] == "Event" and event["startDate"] == "2019-09-01"
    assert event["@id"].endswith(f"{ADDRESS}/v/1") and "/ka/" not in event["@id"]
    assert event["location"]["geo"]["geoRadius"] > 0
    assert event["subjectOf"] and all(each["url"].startswith("http") for each in event["subjectOf"])


def test_a_date_known_to_the_month_says_no_day(client, app):
    from geoapp.query import Filters
    from geoapp.web import context
    from geoapp.web.readers import citing

    with app.test_request_context():
        records = context.store().find(Filters())
        month = next(each for each in records if each.incident.date_precision == "month")
        assert re.fullmatch(r"\d{4}-\d{2}", citing.event(month)["startDate"])


def test_hostile_text_cannot_leave_the_event(hostile_app):
    client = hostile_app.test_client()
    listed = client.get("/incidents")
    addresses = sorted(set(re.findall(r'href="(/incidents/[a-z0-9][a-z0-9-]+)[?"]', listed.text)))
    assert addresses
    for address in addresses:
        answer = client.get(address)
        (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
        assert "<" not in text and json.loads(text)["@type"] == "Event" and "1337" not in text
