"""Rounds of checks on a store, with answers given by the test and a clock that it moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from geoapp import links
from geoapp.ingest import prepare, read_table
from geoapp.links import Result
from geoapp.links.rounds import HOST_DELAY_S, Clock

OK = Result("ok", heard=True)
DEAD = Result("failed", reason="the server takes no connection")
SILENT = Result("not_checked", reason="no name server answered")


def csv_with(*urls: str) -> bytes:
    """One incident with these links."""
    rows = [
        "id,date,date_precision,title,summary,category,place,location_precision,actors,"
        "source_url,source_publisher,source_language,source_date,statement"
    ]
    for number, url in enumerate(urls):
        incident = "2019-08-24,day,Post seen,A post was seen.,post_established,Chorchana,village,GE_GOV"
        first = incident if not number else ",,,,,,,"
        rows.append(f"2019-08-24-post,{first},{url},Example,en,2019-08-2{number % 10},Says so.")
    return "\n".join(rows).encode()


@pytest.fixture
def cite(store):
    """Gives the store one incident with these links."""

    def cite(*urls: str) -> list[str]:
        store.commit(prepare(store, read_table(csv_with(*urls)), public_note="x"))
        return list(urls)

    return cite


class Answers:
    """Stands for a checker: the result of each link, and in which order they were asked."""

    def __init__(self, results):
        self.results, self.asked = results, []

    def check(self, url):
        self.asked.append(url)
        return self.results.get(url, OK)


class Hands:
    """A clock that only waiting moves."""

    def __init__(self):
        self.time, self.waits = 0.0, []

    def wait(self, seconds):
        self.waits.append(round(seconds, 6))
        self.time += seconds

    @property
    def clock(self):
        return Clock(lambda: self.time, self.wait)


def round_of(store, urls, **results):
    answers, hands = Answers(results.get("results", {})), Hands()
    return list(links.check_due(store, answers, urls, hands.clock)), answers, hands


A, B, C = "https://a.example/1", "https://a.example/2", "https://b.example/1"


def test_hosts_take_turns_and_rest_between_two_requests(store):
    _, answers, hands = round_of(store, [A, B, "https://a.example/3", C])
    assert answers.asked == [A, C, B, "https://a.example/3"]
    assert hands.waits == [HOST_DELAY_S, HOST_DELAY_S]


def test_each_result_is_kept_with_its_day(store, cite):
    moved = Result("moved", moved_to="https://a.example/new", heard=True)
    round_of(store, cite(A, B, C), results={B: moved, C: Result("gone", reason="the server answered 404")})
    found = links.checks_of(store, [A, B, C, "https://unknown.example/"])
    assert {url: check.result.state for url, check in found.items()} == {A: "ok", B: "moved", C: "gone"}
    assert found[B].result.moved_to == "https://a.example/new"
    assert datetime.now(UTC) - found[A].checked < timedelta(hours=1)


def test_a_later_result_takes_the_place_of_the_earlier(store, cite):
    cite(A)
    links.save(store, A, OK, datetime(2026, 1, 1, tzinfo=UTC))
    links.save(store, A, Result("gone", reason="the server answered 410"), datetime(2026, 2, 1, tzinfo=UTC))
    check = links.checks_of(store, [A])[A]
    assert (check.result.state, check.checked.month) == ("gone", 2)
    assert links.count(store) == {"gone": 1}


def test_without_a_network_nothing_is_said_about_any_link(store, cite):
    urls = cite(*[f"https://h{number}.example/" for number in range(5)])
    told, _, _ = round_of(store, urls, results=dict.fromkeys(urls, SILENT))
    assert {each.result.state for each in told} == {"not_checked"}
    assert links.count(store) == {"not_checked": 5}


def test_a_round_in_which_no_server_is_reached_ends_early_and_keeps_nothing(store, cite):
    urls = cite(*[f"https://h{number}.example/" for number in range(20)])
    told, answers, _ = round_of(store, urls, results=dict.fromkeys(urls, DEAD))
    assert len(answers.asked) == 8
    assert {each.result.state for each in told} == {"not_checked"}
    assert links.checks_of(store, urls) == {}


def test_failures_before_the_first_server_is_reached_are_kept_then(store, cite):
    urls = cite(A, C)
    told, _, _ = round_of(store, urls, results={A: DEAD})
    assert [each.result.state for each in told] == ["failed", "ok"]
    assert links.checks_of(store, [A])[A].result == DEAD


def test_a_link_that_could_not_be_looked_up_keeps_its_last_result(store, cite):
    urls = cite(A, C)
    links.save(store, C, OK, datetime(2026, 1, 1, tzinfo=UTC))
    round_of(store, urls, results={C: SILENT})
    assert links.checks_of(store, [C])[C].checked.year == 2026
    assert links.checks_of(store, [C])[C].checked.month == 1


def test_due_are_those_never_checked_then_the_oldest(store, cite):
    cite(A, B, C)
    links.save(store, A, OK, datetime(2026, 3, 1, tzinfo=UTC))
    links.save(store, C, OK, datetime(2026, 1, 1, tzinfo=UTC))
    assert links.due(store, datetime(2026, 4, 1, tzinfo=UTC)) == [B, C, A]
    assert links.due(store, datetime(2026, 2, 1, tzinfo=UTC)) == [B, C]
    assert links.due(store, datetime(2026, 4, 1, tzinfo=UTC), limit=1) == [B]


def test_a_link_that_two_reports_give_is_one_link(store, cite):
    store.commit(prepare(store, read_table(csv_with(A, A).replace(b"so.", b"so too.", 1)), public_note="x"))
    assert links.due(store, datetime(2026, 4, 1, tzinfo=UTC)) == [A]
    assert links.count(store) == {"not_checked": 1}


def test_a_list_of_links_names_the_incidents_and_suggests_an_archived_copy(store, cite):
    cite(A, B)
    links.save(store, B, Result("gone", reason="the server answered 404"))
    (only,) = links.listed(store, "gone", limit=10)
    assert (only.url, only.check.result.state) == (B, "gone")
    assert [each.incident_id for each in only.cited] == ["2019-08-24-post"]
    assert only.cited[0].suggested == f"https://web.archive.org/web/20190821/{B}"
    (other,) = links.listed(store, "not_checked", limit=10)
    assert (other.url, other.check) == (A, None)
    assert links.listed(store, "ok", limit=10) == []


def test_the_stamp_changes_with_every_check(store, cite):
    cite(A)
    stamps = [links.stamp(store)]
    for _ in range(2):
        links.save(store, A, OK)
        stamps.append(links.stamp(store))
    assert stamps[0] == ""
    assert len(set(stamps)) == 3


def test_what_is_forgotten_leaves_nothing_behind(store, cite):
    cite(A)
    links.save(store, A, OK)
    with store.writing() as connection:
        links.forget(connection, ("a title", A))
    assert links.checks_of(store, [A]) == {}


def test_an_address_of_any_length_and_script_is_kept(store, cite):
    long = "https://a.example/" + "მთა" * 3_000
    cite(long)
    links.save(store, long, OK)
    assert links.checks_of(store, [long])[long].result == OK
