"""An upload waits for a second person: it is sent back once, mended, and saved by a reviewer."""

from tests.axe import violations
from tests.editing import PASSWORD
from tests.uploading import NOTE, ROW, to_csv


def sign_in(opened, name, address):
    page = opened(address)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Account").wait_for()
    return page


def hold(page, heading):
    page.get_by_role("heading", name=heading, level=1).wait_for()
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1366, "height": 768})


def test_an_upload_waits_for_a_second_person(open_two_person_page):
    ana = sign_in(open_two_person_page, "ana", "/edit/uploads")
    rosa = sign_in(open_two_person_page, "rosa", "/edit/waiting")
    hold(rosa, "Nothing waits for a reviewer")

    ana.locator("[data-js-only]:not([hidden])").first.wait_for()
    file = {"name": "rows.csv", "mimeType": "text/csv", "buffer": to_csv(ROW)}
    ana.get_by_label("File", exact=True).set_input_files(file)
    ana.get_by_role("link", name="Preview the changes").click()
    ana.get_by_label("Public note").fill(NOTE)
    ana.get_by_role("button", name="Hand over 1 new").click()
    hold(ana, "It waits for a reviewer")

    rosa.goto("/edit/waiting")
    hold(rosa, "1 upload waits for a reviewer")
    rosa.get_by_role("link", name="Look at it").click()
    hold(rosa, "What ana would change")
    rosa.get_by_label("What is to be mended").fill("Say who held whom")
    rosa.get_by_role("button", name="Send it back").click()
    rosa.get_by_role("heading", name="Nothing waits").wait_for()

    ana.goto("/edit/drafts")
    ana.get_by_role("link", name="Continue").click()
    ana.get_by_text("Say who held whom").wait_for()
    ana.get_by_role("button", name="Hand over 1 new").click()
    ana.get_by_role("heading", name="It waits for a reviewer").wait_for()

    rosa.goto("/edit/waiting")
    rosa.get_by_role("link", name="Look at it").click()
    rosa.get_by_role("button", name="Save 1 new").click()
    hold(rosa, "Saved: 1 new, nothing deleted")
    rosa.goto(f"/incidents/{ROW['id']}")
    rosa.get_by_role("heading", name=ROW["title"], level=1).wait_for()
