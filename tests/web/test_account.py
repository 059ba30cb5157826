"""/edit/account: one's own password, and the places where one is signed in."""

from __future__ import annotations

import re

import pytest

from geoapp.store import Store
from geoapp.users import Users
from tests.editing import PASSWORD, Person

NEW = "six dry hats on a shelf"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"


def form(**changed):
    return {"old": PASSWORD, "new": NEW, "again": NEW} | changed


def numbers(page):
    return re.findall(r"/edit/account/sessions/(\d+)/end", page.text)


def test_the_page_lists_where_one_is_signed_in(editing_app, person):
    ana, phone = person(), Person(editing_app)
    phone.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    phone.sign_in("ana")
    person("rosa")
    page = ana.get("/edit/account")
    assert "Signed in as ana" in page.text and "You are an editor" in page.text
    assert "Firefox on Linux" in page.text and len(numbers(page)) == 1
    assert "192.0.2" not in page.text


def test_one_other_session_is_ended(editing_app, person):
    ana, phone = person(), person()
    [number] = numbers(ana.get("/edit/account"))
    answer = ana.post(f"/edit/account/sessions/{number}/end")
    assert answer.status_code == 303
    assert "That session is ended." in ana.get(answer.headers["Location"]).text
    assert phone.get("/edit/account").status_code == 303
    assert ana.get("/edit/account").status_code == 200


@pytest.mark.parametrize("number", ["0", "99", "9" * 30])
def test_a_session_that_is_not_ones_own_cannot_be_ended(person, number):
    ana = person()
    ana.get("/edit/account")
    assert ana.post(f"/edit/account/sessions/{number}/end").status_code == 404


def test_the_session_of_somebody_else_cannot_be_ended(person):
    ana, ana_too, rosa = person(), person(), person("rosa")
    [number] = numbers(ana.get("/edit/account"))
    rosa.get("/edit/account")
    assert rosa.post(f"/edit/account/sessions/{number}/end").status_code == 404
    assert ana_too.get("/edit/account").status_code == 200


def test_signing_out_everywhere_else_leaves_this_browser_in(person):
    ana, phone, laptop, rosa = person(), person(), person(), person("rosa")
    ana.get("/edit/account")
    answer = ana.post("/edit/account/sessions/others")
    assert "signed out everywhere else" in ana.get(answer.headers["Location"]).text
    assert [each.get("/edit/account").status_code for each in (ana, phone, laptop, rosa)] == [
        200,
        303,
        303,
        200,
    ]


def test_signing_out_everywhere_can_mean_here_too(person):
    ana, phone = person(), person()
    ana.get("/edit/account")
    answer = ana.post("/edit/account/sessions/others", {"here": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/edit/sign-in")
    assert [each.get("/edit/account").status_code for each in (ana, phone)] == [303, 303]


def test_a_new_password_is_in_force_at_once_and_ends_the_other_sessions(editing_app, person):
    ana, phone = person(), person()
    ana.get("/edit/account/password")
    answer = ana.post("/edit/account/password", form())
    assert answer.status_code == 303
    assert "Your password is changed." in ana.get(answer.headers["Location"]).text
    assert phone.get("/edit/account").status_code == 303
    assert Person(editing_app).sign_in("ana", PASSWORD).status_code == 403
    assert Person(editing_app).sign_in("ana", NEW).status_code == 303


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"again": "another one here"}, "The two new passwords differ."),
        ({"old": "wrong"}, "This is not your current password."),
        ({"new": "short", "again": "short"}, "Use at least 12 characters"),
        ({"new": "password1234", "again": "password1234"}, "among the first that others would try"),
        ({"new": "", "again": "", "old": ""}, "Use at least 12 characters"),
    ],
)
def test_a_password_that_is_not_changed_says_why(editing_app, person, changed, told):
    ana = person()
    ana.get("/edit/account/password")
    answer = ana.post("/edit/account/password", form(**changed))
    assert answer.status_code == 422 and told in answer.text
    assert "The password was not changed." in answer.text and NEW not in answer.text
    assert Person(editing_app).sign_in("ana", PASSWORD).status_code == 303


def test_guessing_the_current_password_from_an_open_screen_is_slowed_down_too(person):
    ana = person()
    ana.get("/edit/account/password")
    statuses = [ana.post("/edit/account/password", form(old="guess")).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_a_made_password_has_to_be_changed_before_anything_else(editing_app):
    with Store.open(editing_app.extensions["geoapp.settings"].store_url) as store:
        _, made = Users(store).reset("ana")
    ana = Person(editing_app)
    ana.sign_in("ana", made)
    for path in ("/edit/", "/edit/account"):
        assert ana.get(path).headers["Location"] == "/edit/account/password"
    assert "Choose a password of your own" in ana.get("/edit/account/password").text
    assert ana.post("/edit/account/password", form(old=made)).status_code == 303
    assert ana.get("/edit/account").status_code == 200


def test_the_address_of_the_page_puts_no_words_into_it(person):
    page = person().get("/edit/account?done=<b>hello</b>")
    assert page.status_code == 200 and "hello" not in page.text
