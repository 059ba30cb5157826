"""An editor signs in, guesses wrong ten times, and is not kept out elsewhere; a password changes hands."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.editing import PASSWORD


def sign_in(page, name, password=PASSWORD):
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_wrong_password_ten_times(open_editing_page):
    page = open_editing_page("/edit/account", expected=(403, 429))
    told = []
    for _ in range(10):
        sign_in(page, "ana", "not the one")
        told.append(page.get_by_role("alert").inner_text())
    assert ["4 more tries" in told[0], "1 more try" in told[3], "in 1 minute" in told[4]] == [True] * 3
    assert all("Too many tries failed" in each and "not looked at" in each for each in told[5:])
    sign_in(page, "ana")
    expect(page.get_by_role("alert")).to_contain_text("Too many tries failed")

    elsewhere = open_editing_page("/edit/account", extra_http_headers={"X-Forwarded-For": "198.51.100.9"})
    sign_in(elsewhere, "ana")
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Signed in as ana")


def test_a_password_changes_hands(open_editing_page):
    admin = open_editing_page("/edit/people")
    sign_in(admin, "admin")
    admin.get_by_label("Name").fill("levan")
    admin.get_by_role("button", name="Add, and make a password").click()
    expect(admin.get_by_role("status")).to_have_text("levan can sign in")
    made = admin.locator("samp").inner_text()

    levan = open_editing_page("/edit/account")
    sign_in(levan, "levan", made)
    expect(levan.get_by_role("heading", level=1)).to_have_text("Choose a password of your own")
    levan.get_by_label("Current password").fill(made)
    levan.get_by_label("New password", exact=True).fill("six dry hats on a shelf")
    levan.get_by_label("New password once more").fill("six dry hats on a shelf")
    levan.get_by_role("button", name="Change the password").click()
    expect(levan.get_by_role("status")).to_contain_text("Your password is changed.")

    admin.goto("/edit/people")
    admin.get_by_role("button", name="Disable levan").click()
    expect(admin.get_by_role("status")).to_contain_text("signed out everywhere")
    levan.reload()
    expect(levan.get_by_role("heading", level=1)).to_have_text("Sign in to edit")


def test_a_browser_left_open_elsewhere_is_signed_out_from_here(open_editing_page):
    left, here = (open_editing_page("/edit/account") for _ in range(2))
    sign_in(left, "ana")
    sign_in(here, "ana")
    here.get_by_role("button", name="Sign out everywhere else").click()
    left.reload()
    expect(left).to_have_url(re.compile(r"/edit/sign-in\?next=/edit/account$"))
    here.get_by_role("button", name="Sign out", exact=True).click()
    expect(here.get_by_role("heading", level=1)).to_have_text("Sign in to edit")
    assert here.context.cookies() == [] or all(
        each["path"] == "/edit" and each["httpOnly"] and each["sameSite"] == "Lax"
        for each in here.context.cookies()
    )


def test_reading_leaves_no_cookie_and_editing_one_that_readers_pages_do_not_get(open_editing_page):
    page = open_editing_page("/")
    page.goto("/incidents")
    assert page.context.cookies() == []
    page.goto("/edit/account")
    sign_in(page, "ana")
    [cookie] = page.context.cookies()
    assert (cookie["name"], cookie["path"], cookie["httpOnly"]) == ("geoapp_edit", "/edit", True)
    sent = []
    page.on("request", lambda request: sent.append(request.all_headers().get("cookie")))
    page.goto("/incidents")
    assert sent and not any(sent)


SMALL = """
["main :is(button, select, .btn, input:not([type=hidden], .vh))", ".strip :is(a, button)"]
  .flatMap((each) => [...document.querySelectorAll(each)])
  .filter((each) => each.getBoundingClientRect().height < 24).map((each) => each.outerHTML)
"""


@pytest.mark.parametrize(("width", "scheme"), [(1366, "dark"), (390, "light"), (320, "light")])
def test_the_pages_of_accounts_fit_and_can_be_used_by_everyone(open_editing_page, width, scheme):
    page = open_editing_page("/edit/people", width=width, color_scheme=scheme)
    check(page)
    sign_in(page, "admin")
    for path in ("/edit/people", "/edit/account", "/edit/account/password"):
        page.goto(path)
        check(page)


def check(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    assert violations(page) == [], page.url
    assert page.evaluate(SMALL) == [], page.url
