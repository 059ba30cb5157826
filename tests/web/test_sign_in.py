"""/edit/sign-in and /edit/sign-out: a new session each time, pauses, and nothing that tells names apart."""

from __future__ import annotations

import re

import pytest

from geoapp.store import Store
from geoapp.users import Users
from tests.editing import PASSWORD, Person

ELSEWHERE = "198.51.100.9"


def message(answer):
    found = re.search(r'<div class="msg" role="alert">(.*?)</div>', answer.text, re.DOTALL)
    return re.sub(r"(<[^>]+>|\s)+", " ", found[1]).strip() if found else None


def test_the_page_says_what_signing_in_leaves_behind(editing_app):
    page = Person(editing_app).get("/edit/sign-in")
    assert page.status_code == 200
    assert "One cookie, for the editing pages only" in page.text and "after 12 hours" in page.text
    assert 'autocomplete="username"' in page.text and 'autocomplete="current-password"' in page.text


def test_signing_in_leads_to_the_page_that_was_asked_for(editing_app):
    answer = Person(editing_app).sign_in("ana", wanted="/edit/account/password")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/edit/account/password")


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https:evil.example", "/incidents"])
def test_signing_in_never_leads_to_another_site(editing_app, wanted):
    ana = Person(editing_app)
    page = ana.get("/edit/sign-in", query_string={"next": wanted})
    assert 'name="next" value="/edit/"' in page.text
    answer = ana.post("/edit/sign-in", {"name": "ana", "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == "/edit/"
    again = ana.get("/edit/sign-in", query_string={"next": wanted})
    assert (again.status_code, again.headers["Location"]) == (303, "/edit/")


def test_the_first_page_is_the_first_entry_of_the_masthead(person):
    answer = person().get("/edit/")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/edit/")


def test_what_a_browser_held_before_signing_in_is_worth_nothing_after(editing_app):
    ana = Person(editing_app)
    ana.get("/edit/sign-in")
    planted = ana.client.get_cookie("geoapp_edit", path="/edit").value
    token_before = ana._token
    assert ana.sign_in("ana").status_code == 303
    assert ana.client.get_cookie("geoapp_edit", path="/edit").value != planted
    thief = editing_app.test_client(use_cookies=False)
    assert thief.get("/edit/account", headers={"Cookie": f"geoapp_edit={planted}"}).status_code == 303
    assert ana.post("/edit/sign-out", {"csrf_token": token_before}).status_code == 403


def test_signing_in_again_ends_the_session_that_the_browser_had(editing_app, person):
    ana = person()
    first = ana.client.get_cookie("geoapp_edit", path="/edit").value
    assert ana.get("/edit/sign-in").status_code == 303
    answer = ana.post("/edit/sign-in", {"name": "rosa", "password": PASSWORD})
    assert answer.status_code == 303
    assert "Signed in as <b>rosa</b>" in ana.get("/edit/account").text
    thief = editing_app.test_client(use_cookies=False)
    assert thief.get("/edit/account", headers={"Cookie": f"geoapp_edit={first}"}).status_code == 303


def test_after_signing_out_the_cookie_is_gone_and_a_copy_of_it_is_nobody(editing_app, person):
    ana = person()
    copy = ana.client.get_cookie("geoapp_edit", path="/edit").value
    answer = ana.post("/edit/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/edit/sign-in")
    assert re.search(r"geoapp_edit=;.*Max-Age=0", answer.headers["Set-Cookie"])
    thief = editing_app.test_client(use_cookies=False)
    assert thief.get("/edit/account", headers={"Cookie": f"geoapp_edit={copy}"}).status_code == 303


def test_nobody_signs_out_by_following_a_link(person):
    ana = person()
    assert ana.get("/edit/sign-out").status_code == 405
    assert ana.get("/edit/account").status_code == 200


def test_a_wrong_name_and_a_wrong_password_are_told_alike(editing_app):
    with Store.open(editing_app.extensions["geoapp.settings"].store_url) as store:
        Users(store).disable("rosa")
    told = []
    for number, (name, password) in enumerate(
        [("ana", "wrong"), ("nobody", "wrong"), ("rosa", PASSWORD), ("", ""), ("<b>", "{{7*191}}")]
    ):
        somebody = Person(editing_app, f"192.0.2.{number}")
        answer = somebody.sign_in(name, password)
        told.append((answer.status_code, message(answer), sorted(answer.headers.keys())))
        assert "1337" not in answer.text and "<b></b>" not in answer.text
    assert told[0][:2] == (
        403,
        "Name and password do not match. 4 more tries, then a pause of 1 minute. Nothing was changed.",
    )
    assert all(each == told[0] for each in told)


def test_the_name_is_kept_in_the_form_and_the_password_is_not(editing_app):
    page = Person(editing_app).sign_in('ana"><script>', "my secret words").text
    assert 'value="ana&#34;&gt;&lt;script&gt;"' in page and "my secret words" not in page


def test_wrong_ten_times_here_and_right_from_another_address(editing_app):
    here = Person(editing_app)
    answers = [here.sign_in("ana", "wrong") for _ in range(10)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429] * 5
    assert "The next try can be made in 1 minute." in message(answers[4])
    assert 1 <= int(answers[5].headers["Retry-After"]) <= 60
    assert message(answers[5]).startswith("Too many tries failed. This try was not looked at.")
    assert here.sign_in("ana").status_code == 429, "the right one has to wait here as well"
    assert Person(editing_app, ELSEWHERE).sign_in("ana").status_code == 303


def test_whoever_is_in_stays_in_while_others_guess(editing_app, person):
    ana = person()
    for _ in range(7):
        Person(editing_app).sign_in("ana", "wrong")
    assert ana.get("/edit/account").status_code == 200


def test_a_forged_forwarding_header_makes_no_new_address(editing_app):
    here = Person(editing_app)
    here.get("/edit/sign-in")
    statuses = [
        here.post(
            "/edit/sign-in",
            {"name": "ana", "password": "wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{n}"},
        ).status_code
        for n in range(6)
    ]
    assert statuses == [403] * 5 + [429]


@pytest.mark.parametrize("field", ["name", "password", "next"])
def test_a_missing_or_enormous_field_is_a_wrong_one(editing_app, field):
    for value in (None, "x" * 50_000):
        ana = Person(editing_app, f"192.0.2.{len(field)}")
        ana.get("/edit/sign-in")
        given = {"name": "nobody", "password": "wrong", "next": "/edit/"} | {field: value}
        answer = ana.post("/edit/sign-in", {name: each for name, each in given.items() if each is not None})
        assert answer.status_code == 403 and message(answer).startswith("Name and password do not match.")
