"""Every address below /edit: nobody without an account, no form of another site, nothing kept by caches."""

from __future__ import annotations

import logging
import re

import pytest
from flask import Blueprint, request

from geoapp.config import SECRET_FILE
from geoapp.store import Store
from geoapp.users import Users
from geoapp.web.app import create_app
from geoapp.web.auth import local_path, menu, public, requires
from tests.editing import PASSWORD, TOKEN, Person, own_settings

READERS = ("/", "/incidents", "/methodology", "/checkpoints", "/places", "/changes", "/robots.txt", "/nope")
OPEN = {"sign_in.form", "sign_in.enter", "sign_in.sign_out"}


def rules_below_edit(app):
    return [rule for rule in app.url_map.iter_rules() if re.match(r"/edit(/|$)", rule.rule)]


def address_of(rule):
    values = {
        name: 1 if "int" in type(found).__name__.lower() else "x" for name, found in rule._converters.items()
    }
    return rule.build(values)[1]


def test_no_address_below_edit_answers_somebody_who_is_not_signed_in(editing_app):
    rules = [rule for rule in rules_below_edit(editing_app) if rule.endpoint not in OPEN]
    assert len(rules) >= 10
    client = editing_app.test_client()
    for rule in rules:
        for method in rule.methods - {"OPTIONS"}:
            answer = client.open(address_of(rule), method=method)
            assert answer.status_code == 303, (method, rule.rule)
            assert answer.headers["Location"].startswith("/edit/sign-in?next=/edit/"), rule.rule


@pytest.mark.parametrize(
    "path",
    [
        "//edit/account",
        "/edit//account",
        "/%65dit/account",
        "/edit/./account",
        "/EDIT/account",
        "/edit/account/",
    ],
)
def test_another_way_to_write_an_address_opens_nothing(editing_app, path):
    answer = editing_app.test_client().get(path)
    assert answer.status_code in (303, 308, 404) and "Where you are signed in" not in answer.text


@pytest.mark.parametrize("prefix", ["/ka", "/ru"])
def test_the_prefix_of_a_language_opens_nothing_and_brings_no_cookie(editing_app, person, prefix):
    answer = editing_app.test_client().get(f"{prefix}/edit/account")
    assert answer.status_code in (302, 303, 308, 404)
    assert not answer.headers.get("Location", "").startswith(f"{prefix}/edit")
    assert "Set-Cookie" not in editing_app.test_client().get(f"{prefix}/incidents").headers


def test_no_form_below_edit_is_taken_without_its_token(editing_app, person):
    admin = person("admin")
    posts = [rule for rule in rules_below_edit(editing_app) if "POST" in rule.methods]
    assert len(posts) >= 9
    for rule in posts:
        answer = admin.client.post(address_of(rule), environ_base={"REMOTE_ADDR": "192.0.2.1"})
        assert answer.status_code == 403, rule.rule
        assert "This form was not accepted" in answer.text
    assert admin.get("/edit/account").status_code == 200, "signing out by another site was refused as well"


def test_pages_for_administrators_say_so_to_everybody_else(editing_app, person):
    ana, rosa = person("ana"), person("rosa")
    for rule in rules_below_edit(editing_app):
        if not rule.endpoint.startswith("people."):
            continue
        for known in (ana, rosa):
            known.get("/edit/account")
            answer = (known.get if "GET" in rule.methods else known.post)(address_of(rule))
            assert answer.status_code == 403, rule.rule
            assert "for an administrator" in answer.text and "Nothing was changed" in answer.text
    with Store.open(editing_app.extensions["geoapp.settings"].store_url) as store:
        assert {each.name: each.role for each in Users(store).everyone()} == {
            "admin": "administrator", "ana": "editor", "rosa": "reviewer"
        }  # fmt: skip


def with_cookie(app, path, value):
    """The answer to somebody who sends this cookie, wherever a browser would keep it."""
    return app.test_client(use_cookies=False).get(path, headers={"Cookie": f"geoapp_edit={value}"})


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://evil.example/localhost"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ],
)
def test_a_form_from_another_site_is_refused_even_with_its_token(person, headers):
    ana = person()
    assert ana.post("/edit/sign-out", headers=headers).status_code == 403
    assert ana.get("/edit/account").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "null"}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {}],
)
def test_a_form_of_this_site_is_taken(person, headers):
    ana = person()
    assert ana.post("/edit/sign-out", headers=headers).status_code == 303
    assert ana.get("/edit/account").status_code == 303


def test_a_token_of_one_session_is_of_no_use_in_another(editing_app, person):
    ana, rosa = person("ana"), person("rosa")
    stolen = TOKEN.search(rosa.get("/edit/account").text)[1]
    assert ana.post("/edit/sign-out", {"csrf_token": stolen}).status_code == 403
    for bad in ("", "x", stolen[:-1], stolen + "A", "é"):
        assert ana.post("/edit/sign-out", {"csrf_token": bad}).status_code == 403


def test_a_script_can_send_the_token_as_a_header(person):
    ana = person()
    token = TOKEN.search(ana.get("/edit/account").text)[1]
    answer = ana.client.post(
        "/edit/sign-out", headers={"X-CSRFToken": token}, environ_base={"REMOTE_ADDR": "192.0.2.1"}
    )
    assert answer.status_code == 303


def test_the_body_of_somebody_who_is_not_signed_in_is_not_read(editing_app):
    class Endless:
        read_bytes = 0

        def read(self, size=-1):
            Endless.read_bytes += max(size, 0)
            return b"a" * max(size, 0)

        readline = read

    answer = editing_app.test_client().post(
        "/edit/account/password",
        environ_overrides={"wsgi.input": Endless()},
        headers={"Content-Length": str(10**12), "Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, Endless.read_bytes) == (303, 0)


@pytest.mark.parametrize("path", READERS)
def test_readers_pages_set_no_cookie_and_do_not_know_who_asks(editing_app, person, path):
    ana = person()
    anonymous = editing_app.test_client().get(path)
    # A browser sends the cookie below /edit alone; sent anyway, it changes nothing.
    cookie = ana.client.get_cookie("geoapp_edit", path="/edit")
    answer = with_cookie(editing_app, path, cookie.value)
    for each in (anonymous, answer):
        assert "Set-Cookie" not in each.headers and "Cookie" not in each.vary
    assert answer.data == anonymous.data


def test_the_cookie_is_for_the_editors_pages_alone_and_out_of_reach_of_scripts(person):
    cookie = person().client.get_cookie("geoapp_edit", path="/edit")
    assert (cookie.path, cookie.http_only, cookie.same_site) == ("/edit", True, "Lax")
    assert not cookie.secure and cookie.expires is None and cookie.domain == "localhost"


@pytest.mark.parametrize(
    ("changed", "base", "headers"),
    [
        ({}, "https://map.example.org", {}),
        ({"base_url": "https://map.example.org"}, "http://map.example.org", {}),
        ({"trusted_proxies": 1}, "http://map.example.org", {"X-Forwarded-Proto": "https"}),
    ],
)
def test_behind_tls_the_cookie_travels_by_tls_alone(shipped_instance, tmp_path, changed, base, headers):
    app = create_app(own_settings(shipped_instance, tmp_path, **changed))
    answer = app.test_client().get("/edit/sign-in", base_url=base, headers=headers)
    assert "Secure;" in answer.headers["Set-Cookie"] + ";"


def test_nothing_of_the_editors_pages_is_kept_or_indexed(editing_app, person):
    ana = person()
    for path in ("/edit", "/edit/", "/edit/sign-in", "/edit/account", "/edit/people", "/edit/nothing-here"):
        for known in (ana, Person(editing_app)):
            answer = known.get(path)
            assert answer.headers["Cache-Control"] == "no-store", path
            assert answer.headers["X-Robots-Tag"] == "noindex", path
            assert "ETag" not in answer.headers


def test_the_key_is_made_once_for_its_owner_alone_and_only_when_it_is_needed(shipped_instance, tmp_path):
    settings = own_settings(shipped_instance, tmp_path)
    client = create_app(settings).test_client()
    client.get("/incidents")
    assert not (tmp_path / SECRET_FILE).exists()
    client.get("/edit/sign-in")
    kept = tmp_path / SECRET_FILE
    assert kept.stat().st_mode & 0o777 == 0o600 and len(kept.read_text()) >= 60
    first = kept.read_text()
    create_app(settings).test_client().get("/edit/sign-in")
    assert kept.read_text() == first
    assert sorted(each.name for each in tmp_path.glob(".*")) == []


def test_a_cookie_signed_with_another_key_is_nobody(editing_app, shipped_instance, tmp_path, person):
    other = create_app(own_settings(shipped_instance, tmp_path / "other", secret_key="k" * 40))
    with Store.open(other.extensions["geoapp.settings"].store_url) as store:
        Users(store).add("admin", "administrator", PASSWORD)
    forged = Person(other)
    forged.sign_in("admin")
    value = forged.client.get_cookie("geoapp_edit", path="/edit").value
    assert with_cookie(other, "/edit/people", value).status_code == 200
    assert with_cookie(editing_app, "/edit/people", value).status_code == 303


def test_every_worker_knows_who_is_signed_in(editing_app, person):
    ana = person()
    value = ana.client.get_cookie("geoapp_edit", path="/edit").value
    other = create_app(editing_app.extensions["geoapp.settings"])
    assert with_cookie(other, "/edit/account", value).status_code == 200
    ana.post("/edit/sign-out")
    assert with_cookie(other, "/edit/account", value).status_code == 303


def test_what_is_refused_is_logged_without_who_or_where(person, caplog):
    ana = person()
    with caplog.at_level(logging.INFO):
        ana.client.post("/edit/sign-out", environ_base={"REMOTE_ADDR": "203.0.113.99"})
        ana.client.post(
            "/edit/sign-out?%0aforged", headers={"Origin": "https://evil.example"},
            environ_base={"REMOTE_ADDR": "203.0.113.99"},
        )  # fmt: skip
    assert caplog.text.count("refused: POST '/edit/sign-out'") == 2
    assert "203.0.113.99" not in caplog.text and "ana" not in caplog.text and "\nforged" not in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/incidents",
        "/edit",
        "/editx/",
        "//evil.example",
        "//evil.example/edit/",
        "/\\evil.example",
        "\\\\evil.example",
        "/edit/\\evil.example",
        "https://evil.example/edit/",
        "https:evil.example",
        "http:/edit/",
        "javascript:alert(1)//edit/",
        " /edit/",
        "\t/edit/",
        "/\t/evil.example",
        "/edit/\r\nSet-Cookie: a=b",
        "/edit/\x00",
        "/edit/../incidents",
        "/edit/..",
        "/edit/%2e%2e/incidents",
        "/edit/%2E./%2fevil.example",
        "/edit/x%5c..%5c..",
        "/edit/./x",
        "/edit/é",
        "/edit/<script>",
        "/edit/#there",
    ],
)
def test_a_path_that_leads_elsewhere_leads_to_the_first_page_instead(path):
    assert local_path(path) == "/edit/"


@pytest.mark.parametrize(
    "path",
    ["/edit/", "/edit/uploads/12/check", "/edit/x?line=3&next=//evil.example", "/edit/x%20y", "/edit//x"],
)
def test_a_path_of_the_editors_pages_is_kept(path):
    assert local_path(path) == path


def test_signing_in_leads_back_to_the_page_that_was_asked_for(editing_app):
    ana = Person(editing_app)
    asked = ana.get("/edit/account/password?a=1&b=%2F")
    assert asked.headers["Location"] == "/edit/sign-in?next=/edit/account/password?a%3D1%26b%3D%252F"
    page = ana.get(asked.headers["Location"])
    assert 'name="next" value="/edit/account/password?a=1&amp;b=%2F"' in page.text
    wanted = "/edit/account/password?a=1&b=%2F"
    answer = ana.post("/edit/sign-in", {"name": "ana", "password": PASSWORD, "next": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (303, wanted)


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page_or_the_first_one(editing_app):
    client = editing_app.test_client()
    with_page = client.post("/edit/account/password")
    without = client.post("/edit/account/sessions/others")
    assert with_page.headers["Location"] == "/edit/sign-in?next=/edit/account/password"
    assert without.headers["Location"] == "/edit/sign-in?next=/edit/"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:443", "localhost@evil.example", "a b", ""])
def test_a_false_host_changes_no_address_that_is_given_out(editing_app, host):
    client = editing_app.test_client()
    forwarded = {
        "X-Forwarded-Host": "evil.example",
        "X-Host": "evil.example",
        "Forwarded": "host=evil.example",
    }
    for path in ("/edit/", "/edit/account", "/edit/sign-in"):
        answer = client.get(path, headers={"Host": host, **forwarded})
        assert "evil.example" not in answer.headers.get("Location", "") + answer.text
        assert "evil.example" not in answer.headers.get("Set-Cookie", "")


def test_a_host_that_is_not_trusted_is_refused(shipped_instance, tmp_path):
    app = create_app(own_settings(shipped_instance, tmp_path, trusted_hosts=("map.example.org",)))
    client = app.test_client()
    answer = client.get("/edit/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400 and "Set-Cookie" not in answer.headers
    assert client.get("/edit/sign-in", headers={"Host": "map.example.org"}).status_code == 200


def test_a_new_page_is_closed_until_its_view_opens_it(shipped_instance, tmp_path):
    app = create_app(own_settings(shipped_instance, tmp_path))
    later = Blueprint("later", __name__, url_prefix="/edit/later")
    later.get("/closed", endpoint="closed")(lambda: "closed")
    later.get("/open", endpoint="open")(public(lambda: "open"))
    later.get("/high", endpoint="high")(requires("administrator")(lambda: request.path))
    app.register_blueprint(later)
    client = app.test_client()
    assert [client.get(f"/edit/later/{name}").status_code for name in ("closed", "open", "high")] == [
        303,
        200,
        303,
    ]


def test_the_masthead_of_editors_shows_what_exists_and_what_the_role_may(editing_app, person):
    labels = {
        name: re.findall(
            r"<li><a [^>]*>([^<]+)</a>", person(name).get("/edit/account").text.split('"Editing"')[1]
        )
        for name in ("ana", "admin")
    }
    assert labels["ana"][-1] == "Account" and "People" not in labels["ana"]
    assert labels["admin"][-2:] == ["People", "Account"]
    known = [entry for entry in menu.ENTRIES if entry.endpoint in editing_app.view_functions]
    assert labels["admin"] == [entry.label for entry in known if not entry.setting]
