"""Three processes on one store: what is done at one holds at the others, and none is missed when it goes."""

import json
import threading
from datetime import date

import pytest

from geoapp.store import Store
from geoapp.users import Users
from tests import engines
from tests.editing import PASSWORD
from tests.fleet import RemotePerson, fleet, get, one_of_many, until
from tests.uploading import ROW, draft_of, save

pytestmark = pytest.mark.postgres
MANY = [ROW | {"id": f"2031-05-{day:02}-fleet", "title": f"Fleetword {day}"} for day in range(1, 21)]
# What is uploaded is later than all that is shipped; the manifest counts days since 1970.
FIRST_DAY = (date(2031, 5, 1) - date(1970, 1, 1)).days
FOUND = "/api/collections/incidents/items?q=fleetword&limit=100&f=json"
ASKED = (
    "/", "/incidents?q=chorchana", "/map/manifest.json", "/exports/incidents.csv",
    "/api/collections/incidents/items?limit=20", "/ka/methodology", "/places",
)  # fmt: skip


@pytest.fixture(scope="module", params=engines.KINDS)
def three(request, tmp_path_factory):
    """Three processes on a store of each engine, with an editor's account."""
    folder = tmp_path_factory.mktemp(request.param)
    address = engines.address(folder, engine=request.param)
    # The database of a server has to be there before the first process asks for it.
    Store.open(address).close()
    known = {
        "GEOAPP_DATABASE_URL": address,
        "GEOAPP_INSTANCE_DIR": str(folder),
        "GEOAPP_RATE_LIMIT": "400/day",
        "GEOAPP_DRAIN_SECONDS": "2",
        "GEOAPP_TRUSTED_PROXIES": "1",
        "GEOAPP_BASE_URL": "http://map.example.org",
    }
    with fleet(3, **known) as (processes, balancer):
        with Store.open(address) as store:
            Users(store).add("ana", "editor", PASSWORD)
            Users(store).add("rosa", "reviewer", PASSWORD)
        yield processes, balancer


@pytest.fixture
def ports(three):
    return [each.port for each in three[0]]


def test_who_signs_in_at_one_is_known_at_the_others_until_they_go(ports):
    ana = RemotePerson(ports[0])
    assert ana.sign_in("ana").status_code == 303
    for port in ports:
        assert ana.at(port).get("/edit/account").status_code == 200
    assert ana.at(ports[1]).post("/edit/sign-out").status_code == 303
    for port in ports:
        assert ana.at(port).get("/edit/account").status_code == 303


class Reading:
    """Asks the balancer again and again beside what the test does; `seen` is what was found."""

    def __init__(self, balancer, ask):
        self.seen, self.failed, self.answered = set(), [], 0
        self._is_over = threading.Event()
        work = [threading.Thread(target=self._work, args=(balancer.port, ask, number)) for number in range(3)]
        self._threads = work

    def _work(self, port, ask, number):
        while not self._is_over.is_set():
            try:
                self.seen.add(ask(port, self.answered + number))
            except Exception as error:
                self.failed.append(repr(error))
            self.answered += 1

    def __enter__(self):
        for each in self._threads:
            each.start()
        until(lambda: self.answered > 6)
        return self

    def __exit__(self, *_):
        self._is_over.set()
        for each in self._threads:
            each.join()


def _version(port, number):
    """How many of the upload the API, the list and the map's columns have; each asked by itself."""
    reader = one_of_many(number)
    if number % 3 == 0:
        return len(json.loads(get(port, FOUND, reader).content)["features"])
    if number % 3 == 1:
        page = get(port, "/incidents?q=fleetword", reader).text
        return sum(f"/incidents/{row['id']}" in page for row in MANY)
    manifest = json.loads(get(port, "/map/manifest.json", reader).content)
    for chunk in manifest["chunks"]:
        answer = get(port, f"/map/chunks/{chunk[0]}.bin", reader)
        assert answer.status_code == 200
    return sum(count for day, count in manifest["days"] if day >= FIRST_DAY)


def test_an_upload_step_by_step_at_all_three_is_seen_whole_or_not_at_all(three, ports):
    balancer = three[1]
    ana = RemotePerson(ports[0])
    ana.sign_in("rosa")
    draft = draft_of(ana, *MANY)
    assert ana.at(ports[1]).get(f"{draft}/check").status_code == 200
    ana.at(ports[2])
    with Reading(balancer, _version) as readers:
        assert save(ana, draft).status_code == 303
        # Whoever is asked next knows it.
        assert [_version(port, 0) for port in ports] == [len(MANY)] * 3
        assert [_version(port, 1) for port in ports] == [len(MANY)] * 3
        before = readers.answered
        until(lambda: readers.answered > before + 12)
    assert readers.failed == []
    assert readers.seen == {0, len(MANY)}
    versions = {get(port, "/readyz").text for port in ports}
    assert len(versions) == 1


def _whole(port, number):
    path = ASKED[number % len(ASKED)]
    answer = get(port, path, one_of_many(number))
    assert answer.status_code == 200, (path, answer.status_code)
    assert answer.content, path
    return path


def test_a_rolling_restart_under_load_loses_no_request(three):
    processes, balancer = three
    with Reading(balancer, _whole) as readers:
        ended = [each.restart() for each in processes]
        before = readers.answered
        until(lambda: readers.answered > before + 2 * len(ASKED))
    assert readers.failed == []
    assert ended == [0, 0, 0]
    assert readers.seen == set(ASKED)


def test_the_limit_of_an_address_holds_over_all_three(ports):
    """Last: it uses up what this machine may ask."""
    path = "/api/conformance"

    def let_through(port):
        return sum(get(port, path).status_code == 200 for _ in range(20))

    until(lambda: let_through(ports[0]) == 0)
    for port in ports[1:]:
        # At another one it would be 400 more, if each counted for itself.
        until(lambda port=port: get(port, path).status_code == 429)
    counted = [get(port, path).headers["RateLimit"] for port in ports]
    assert all(";r=0;" in each for each in counted)
