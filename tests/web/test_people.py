"""/edit/people: the accounts, for administrators."""

from __future__ import annotations

import re

import pytest

from tests.editing import PASSWORD, Person


@pytest.fixture
def admin(person):
    known = person("admin")
    known.get("/edit/people")
    return known


def made_password(answer):
    return re.search(r'<samp class="val">([^<]+)</samp>', answer.text)[1]


def test_everyone_is_listed_with_role_and_state(admin, person):
    person("rosa")
    page = admin.get("/edit/people").text
    assert "3 people have an account" in page
    for name in ("admin", "ana", "rosa"):
        assert f"Role of {name}" in page
    assert page.count("not signed in now") == 1


def test_a_new_account_gets_a_password_that_is_shown_once(admin, editing_app):
    answer = admin.post("/edit/people", {"name": "Levan", "role": "reviewer"})
    assert answer.status_code == 200 and "levan can sign in" in answer.text
    password = made_password(answer)
    assert password not in admin.get("/edit/people").text
    levan = Person(editing_app)
    assert levan.sign_in("levan", password).status_code == 303
    assert levan.get("/edit/account").headers["Location"] == "/edit/account/password"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": "ana", "role": "editor"}, "is taken"),
        ({"name": "", "role": "editor"}, "name: expected 1 to 40"),
        ({"name": "<script>alert(1)</script>", "role": "editor"}, "name: expected 1 to 40"),
        ({"name": "levan", "role": "root"}, "role: expected one of"),
        ({}, "name: expected 1 to 40"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(admin, form, told):
    answer = admin.post("/edit/people", form)
    assert answer.status_code == 422 and told in answer.text
    assert "<script>" not in answer.text
    assert "3 people have an account" in admin.get("/edit/people").text


def test_a_new_password_ends_the_sessions_of_its_owner(admin, person, editing_app):
    ana = person()
    password = made_password(admin.post("/edit/people/ana/reset"))
    assert ana.get("/edit/account").status_code == 303
    assert Person(editing_app).sign_in("ana", PASSWORD).status_code == 403
    assert Person(editing_app).sign_in("ana", password).status_code == 303


def test_disabling_is_in_force_at_once_and_is_taken_back(admin, person, editing_app):
    ana = person()
    answer = admin.post("/edit/people/ana/disable")
    assert "The account is disabled" in admin.get(answer.headers["Location"]).text
    assert ana.get("/edit/account").status_code == 303
    assert Person(editing_app).sign_in("ana").status_code == 403
    admin.post("/edit/people/ana/enable")
    assert Person(editing_app).sign_in("ana").status_code == 303


def test_a_role_is_in_force_at_once(admin, person):
    ana = person()
    assert ana.get("/edit/people").status_code == 403
    assert admin.post("/edit/people/ana/role", {"role": "administrator"}).status_code == 303
    assert ana.get("/edit/people").status_code == 200


@pytest.mark.parametrize("role", ["", "root", "administrator; --"])
def test_an_unknown_role_changes_nothing(admin, role):
    answer = admin.post("/edit/people/ana/role", {"role": role})
    assert answer.status_code == 409 and "Nothing was changed." in answer.text


@pytest.mark.parametrize(("action", "form"), [("disable", {}), ("role", {"role": "editor"})])
def test_the_last_administrator_cannot_shut_everybody_out(admin, action, form):
    answer = admin.post(f"/edit/people/admin/{action}", form)
    assert answer.status_code == 409 and "only administrator" in answer.text
    assert admin.get("/edit/people").status_code == 200


@pytest.mark.parametrize("action", ["reset", "role", "disable", "enable"])
@pytest.mark.parametrize("name", ["nobody", "a%20b", "%00", "é" * 60])
def test_nobody_of_that_name_is_said(admin, action, name):
    assert admin.post(f"/edit/people/{name}/{action}", {"role": "editor"}).status_code == 404
