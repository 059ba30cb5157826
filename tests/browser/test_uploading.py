"""An editor uploads for the first time, mends ten faults, maps a foreign file, takes back, and restores."""

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.editing import PASSWORD
from tests.uploading import NOTE, ROW, to_csv

FAULTS = {
    "category": "detension",
    "date": "2031-05-32",
    "longitude": "",
    "source_language": "georgian",
    "end_date": "2031-02-19",
    "source_url": "www.example.org/x",
    "status": "confirmed",
    "actors": "GE_SSG",
    "claimed_people": "one man",
    "time": "25:00",
}
MENDED = {
    "category": "detention",
    "date": "2031-05-30",
    "longitude": "44.1",
    "source_language": "ka",
    "end_date": "2031-05-10",
    "source_url": "https://example.org/x",
    "status": "",
    "actors": "GE_SSSG",
    "claimed_people": "1",
    "time": "05:00",
}
ACLED = """event_id_cnty,event_date,time_precision,sub_event_type,actor1,location,\
latitude,longitude,geo_precision,source,notes
GEO1,06/11/2031,1,Arrests,Somebody,Khurvaleti,42.0789,44.2231,1,Civil.ge,Two people were held.
GEO2,24/11/2031,1,Other,Somebody,Ergneti,42.1600,44.0300,1,Civil.ge,A meeting was held.
"""


@pytest.fixture
def ana(open_editing_page):
    page = open_editing_page("/edit/uploads")
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Upload incidents").wait_for()
    return page


def send(page, content, name="rows.csv", label="File"):
    # A file chosen before the script has come waits for the button.
    page.locator("[data-js-only]:not([hidden])").first.wait_for()
    choose(page, content, name, label)


def choose(page, content, name="rows.csv", label="File"):
    page.get_by_label(label, exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )


def headline(page):
    return page.get_by_role("heading", level=1).inner_text()


def hold(page):
    """No fault that axe can find, and nothing scrolls sideways on a small phone."""
    assert violations(page) == []
    wide = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size(wide)


def test_a_file_that_is_too_large_is_told_in_words_and_not_sent(ana, tmp_path):
    asked = []
    ana.on("request", lambda request: asked.append(request.method))
    large = tmp_path / "large.csv"
    large.write_bytes(b"x" * 20_000_001)
    ana.locator("[data-js-only]:not([hidden])").first.wait_for()
    ana.get_by_label("File", exact=True).set_input_files(large)
    expect(ana.get_by_role("alert")).to_contain_text("larger than 20 MB. It was not sent")
    assert headline(ana) == "Upload incidents" and "POST" not in asked
    hold(ana)
    send(ana, to_csv(ROW))
    expect(ana.get_by_role("heading", level=1)).to_contain_text("No errors in 1 row")


def save(page, note=NOTE):
    page.get_by_label("Public note").fill(note)
    page.get_by_role("button", name="Save ").click()
    page.get_by_role("heading", name="Saved:").wait_for()


def test_first_upload_of_the_template(ana):
    with ana.expect_download() as started:
        ana.get_by_role("link", name="CSV template").click()
    rows = list(csv.DictReader(io.StringIO(started.value.path().read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) == 1
    filled = dict.fromkeys(rows[0], "") | ROW
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows([*rows, filled])
    hold(ana)
    send(ana, file.getvalue().encode("utf-8-sig"), "template.csv")
    ana.get_by_role("link", name="Preview the changes").wait_for()
    assert headline(ana) == "No errors in 2 rows. Nothing is saved yet."
    hold(ana)
    ana.get_by_role("link", name="Preview the changes").click()
    assert headline(ana) == "What this batch would change"
    expect(ana.locator("#unchanged summary")).to_contain_text("1 incident equals what is stored")
    hold(ana)
    save(ana)
    assert headline(ana) == "Saved: 1 new, nothing deleted"
    hold(ana)
    ana.get_by_role("link", name="what readers see of it").click()
    expect(ana.locator("main")).to_contain_text(NOTE)
    ana.goto(f"/incidents/{ROW['id']}")
    assert headline(ana) == ROW["title"]


def test_a_file_with_ten_faults_is_mended_through_the_file_with_the_error_column(ana):
    bad = ROW | {
        "end_date": "",
        "time": "",
        "status": "",
        "latitude": "42.1",
        "longitude": "",
        "claimed_people": "",
    }
    rows = [
        bad
        | {"id": f"2031-06-{number:02}-fault", "longitude": "44.1", "title": f"Fault {number}"}
        | {column: text}
        for number, (column, text) in enumerate(FAULTS.items(), start=1)
    ]
    send(ana, to_csv(*rows), "ten.csv")
    ana.get_by_role("heading", name="10 errors in 10 rows. Nothing is saved yet.").wait_for()
    hold(ana)
    with ana.expect_download() as started:
        ana.get_by_role("link", name="Download with an error column").click()
    text = started.value.path().read_text(encoding="utf-8-sig")
    told = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in told] == [row["id"] for row in rows]
    assert all(column in row["errors"] for row, column in zip(told, FAULTS, strict=True))
    for row, (column, mended) in zip(told, MENDED.items(), strict=True):
        row[column] = mended
    send(ana, to_csv(*told), "mended.csv", "Corrected file")
    ana.get_by_role("heading", name="No errors in 10 rows. Nothing is saved yet.").wait_for()
    ana.get_by_role("link", name="Preview the changes").click()
    expect(ana.get_by_role("button", name="Save 10 new")).to_be_visible()


def test_errors_are_mended_on_the_page_one_after_the_other(ana, until):
    send(ana, to_csv(ROW | {"category": "detension", "date": "2031-05-32", "actors": "GE_SSG"}))
    ana.get_by_role("heading", name="3 errors in 1 row.").wait_for()
    ana.get_by_role("button", name="Use detention").click()
    ana.get_by_role("heading", name="2 errors in 1 row.").wait_for()
    until(ana, "document.activeElement.closest('.err') !== null", "the next error has the focus")
    ana.get_by_text("Correct here: line 2, date").click()
    ana.get_by_label("date, line 2").fill("2031-05-30")
    ana.get_by_role("button", name="Put this in the draft").first.click()
    ana.get_by_role("heading", name="1 error in 1 row.").wait_for()
    ana.get_by_role("button", name="Take the suggestion").click()
    ana.get_by_role("heading", name="No errors in 1 row.").wait_for()


def test_a_foreign_file_is_mapped_and_the_mapping_remembered(open_editing_page, ana):
    send(ana, ACLED.encode(), "acled.csv")
    ana.get_by_role("heading", name="Which column is which?").wait_for()
    expect(ana.locator("main")).to_contain_text("an export of ACLED")
    hold(ana)
    expect(ana.get_by_label("Day first: 6 November 2031")).not_to_be_checked()
    expect(ana.get_by_label("Month first: 11 June 2031")).not_to_be_checked()
    ana.get_by_label("Day first: 6 November 2031").check()
    ana.get_by_label("category for Other").select_option("negotiation")
    ana.get_by_label("actors for Somebody").select_option("GE_GOV")
    ana.get_by_label("source_url", exact=True).fill("https://example.org/export")
    ana.get_by_label("Name").fill("ACLED, day first")
    ana.get_by_role("button", name="Check 2 rows").click()
    ana.get_by_role("heading", name="No errors in 2 rows.").wait_for()
    ana.get_by_role("link", name="Preview the changes").click()
    table = ana.locator("#new").inner_text()
    assert "6 November 2031" in table
    assert "Arrests in Khurvaleti" in table
    save(ana)
    ana.goto("/edit/uploads")
    send(ana, ACLED.replace("GEO", "NEW").replace("2031", "2032").encode(), "again.csv")
    ana.get_by_role("heading", name="No errors in 2 rows.").wait_for()


def test_pasted_rows_are_described_as_they_are_typed(ana):
    ana.get_by_label("Pasted rows").fill("\t".join(ROW) + "\n" + "\t".join(ROW.values()))
    ana.get_by_text("2 lines, 13 columns, separated by tabs.").wait_for()
    ana.get_by_role("button", name="Check pasted rows").click()
    ana.get_by_role("heading", name="No errors in 1 row.").wait_for()


def test_a_possible_duplicate_stays_separate_until_the_editor_says_otherwise(ana):
    send(ana, to_csv(ROW))
    ana.get_by_role("link", name="Preview the changes").click()
    save(ana)
    ana.goto("/edit/uploads")
    again = {"id": "2031-05-03-again", "date": "2031-05-03", "source_url": "https://example.org/again"}
    send(ana, to_csv(ROW | again))
    ana.get_by_role("link", name="Preview the changes").click()
    expect(ana.get_by_label("Keep as a separate incident")).to_be_checked()
    expect(ana.locator("#dup")).to_contain_text("2 days apart, same place, similar title")
    hold(ana)
    ana.get_by_label("Add as a source to the stored one").check()
    ana.get_by_role("button", name="Show the difference with these choices").click()
    ana.get_by_role("button", name="Save 1 changed").wait_for()
    expect(ana.locator("#changed")).to_contain_text("source added")
    save(ana)
    ana.goto(f"/incidents/{ROW['id']}")
    assert "https://example.org/again" in ana.content()


def test_a_batch_is_taken_back_with_its_preview(ana, open_editing_page):
    send(ana, to_csv(ROW))
    ana.get_by_role("link", name="Preview the changes").click()
    save(ana)
    ana.get_by_role("link", name="Undo…").first.click()
    undo = ana.locator(".undo")
    expect(undo).to_contain_text("1 record goes back without loss")
    hold(ana)
    undo.get_by_role("button", name="Undo batch").click()
    ana.get_by_role("heading", name="Taken back: 1 removed").wait_for()
    reader = open_editing_page(f"/incidents/{ROW['id']}", expected=(410,))
    assert "removed" in headline(reader)


def test_undo_after_a_later_change_takes_back_the_source_and_keeps_that_change(ana):
    second = ROW | {"source_url": "https://example.org/second"}
    for rows in ((ROW,), (ROW, second), (ROW | {"title": "Corrected since"},)):
        ana.goto("/edit/uploads")
        send(ana, to_csv(*rows))
        ana.get_by_role("link", name="Preview the changes").click()
        save(ana)
    ana.get_by_role("link", name="Undo…").nth(1).click()
    undo = ana.locator(".undo")
    expect(undo.get_by_label("Take back 1 source only")).to_be_checked()
    hold(ana)
    undo.get_by_role("button", name="Undo batch").click()
    ana.get_by_role("heading", name="Taken back: 1 changed").wait_for()
    ana.goto(f"/incidents/{ROW['id']}")
    assert headline(ana) == "Corrected since"
    assert "https://example.org/second" not in ana.content()


def test_a_record_is_restored_to_an_earlier_version(ana):
    for title in (ROW["title"], "A title that was wrong"):
        ana.goto("/edit/uploads")
        send(ana, to_csv(ROW | {"title": title}))
        ana.get_by_role("link", name="Preview the changes").click()
        save(ana)
    ana.goto(f"/edit/incidents/{ROW['id']}/history")
    assert headline(ana) == "2 versions of “A title that was wrong”"
    hold(ana)
    ana.get_by_text("Restore version 1").click()
    ana.get_by_role("button", name="Make version 3 from version 1").click()
    ana.get_by_role("heading", name="Restored: 1 changed").wait_for()
    ana.goto(f"/incidents/{ROW['id']}")
    assert headline(ana) == ROW["title"]


@pytest.mark.parametrize("width", [1366, 320])
def test_no_code_of_the_codebook_is_broken_over_two_lines(ana, width):
    ana.goto("/edit/codebook")
    ana.get_by_role("heading", name="33 columns").wait_for()
    ana.set_viewport_size({"width": width, "height": 768})
    broken = (
        "[...document.querySelectorAll('tbody th code')].filter((code) => code.getClientRects().length > 1)"
    )
    assert ana.evaluate(f"{broken}.map((code) => code.textContent)") == []
    hold(ana)


def test_everything_works_without_scripts(open_editing_page):
    page = open_editing_page("/edit/uploads", java_script_enabled=False)
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    choose(page, to_csv(ROW | {"category": "detension"}))
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Use detention").click()
    page.get_by_role("link", name="Preview the changes").click()
    save(page)
    assert headline(page) == "Saved: 1 new, nothing deleted"
