"""import and export."""

import csv
import json


def test_import_counts_and_the_same_file_again_changes_nothing(run, csv_file):
    first = run("import", csv_file, "--author", "A. Editor", "--note", "First")
    assert first.stdout.startswith("1 new, 0 changed, 0 unchanged")
    again = run("import", csv_file)
    assert again.stdout.startswith("0 new, 0 changed, 1 unchanged")
    assert run("history").stdout.count(" import ") == 1


def test_dry_run_shows_the_difference_and_stores_nothing(run, csv_file):
    run("import", csv_file)
    changed = csv_file.with_name("changed.csv")
    changed.write_text("id,title\n2019-08-24-post,{{7*191}}\n", encoding="utf-8")
    shown = run("import", "--dry-run", changed).stdout
    assert "changed 2019-08-24-post: title: Post seen -> {{7*191}}" in shown
    assert "Dry run" in shown
    assert run("import", csv_file).stdout.startswith("0 new, 0 changed, 1 unchanged")


def test_every_error_is_one_line_with_file_line_and_column(run, csv_file):
    csv_file.write_text(csv_file.read_text().replace("https:", "javascript:").replace("village", "vilage"))
    lines = run("import", csv_file, code=1).stderr.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "new.csv:2:location_precision",
        "new.csv:2:source_url",
        "Error",
    ]


def test_control_characters_of_a_file_do_not_reach_the_terminal(run, csv_file):
    csv_file.write_text(csv_file.read_text().replace("Post seen", "\x1b[2JPost"))
    assert "\x1b" not in run("import", csv_file, code=1).output


def test_import_reads_standard_input(run, csv_file):
    assert run("import", "-", stdin=csv_file.read_bytes()).stdout.startswith("1 new")


def test_a_place_without_a_point_is_a_warning(run, csv_file):
    csv_file.write_text(csv_file.read_text().replace("Chorchana", "Nowhere-by-the-Sea"))
    assert "new.csv:2:place: warning" in run("import", csv_file).stderr


def test_export_and_import_again_gives_no_difference(run, csv_file, tmp_path):
    run("import", csv_file)
    run("export", "--format", "csv", "--output", tmp_path / "out.csv", "--bom")
    assert run("import", tmp_path / "out.csv").stdout.startswith("0 new, 0 changed, 1 unchanged")


def test_export_is_narrowed_by_the_filters(run, csv_file, tmp_path):
    run("import", csv_file)
    out = tmp_path / "out.geojson"
    run("export", "--format", "geojson", "--output", out, "--place", "ჩორჩანა", "--datetime", "2019-08-24")
    assert [each["id"] for each in json.loads(out.read_bytes())["features"]] == ["2019-08-24-post"]
    run("export", "--format", "geojson", "--output", out, "--datetime", "2020-01-01/..")
    assert json.loads(out.read_bytes())["features"] == []


def test_a_bad_filter_exits_with_2_and_leaves_the_file_alone(run, csv_file, tmp_path):
    run("import", csv_file)
    out = tmp_path / "out.csv"
    out.write_text("mine")
    message = run("export", "--format", "csv", "--output", out, "--category", "detentoin", code=2).stderr
    assert "category" in message
    assert out.read_text() == "mine"
    assert not list(tmp_path.glob(".out*"))


def test_export_to_standard_output(run, csv_file):
    run("import", csv_file)
    rows = list(csv.DictReader(run("export", "--format", "csv", "--output", "-").stdout.splitlines()))
    assert [row["report_id"] for row in rows] == ["2019-08-24-post/1"]


def test_a_byte_order_mark_goes_with_csv_only(run, csv_file):
    run("import", csv_file)
    run("export", "--format", "geojson", "--output", "-", "--bom", code=2)


ACLED = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,location,latitude,longitude,"
    "geo_precision,source,notes,fatalities\n"
    "GEO1,06 November 2023,1,Strategic developments,Arrests,{actor},,Kirbali,42.1146,44.2430,1,Civil.ge,"
    "Two persons were held.,0\n"
)


def test_a_ready_mapping_and_one_link_bring_in_a_foreign_table(run, tmp_path):
    file = tmp_path / "acled.csv"
    file.write_text(ACLED.format(actor="RU_FSB"), encoding="utf-8")
    link = "https://example.org/export"
    shown = run("import", file, "--mapping", "acled", "--link", link, "--dry-run").stdout
    assert "1 new, 0 changed" in shown
    told = run("import", file, "--mapping", "acled", code=1).stderr
    assert "acled.csv:2:source_url: error" in told


def test_headings_of_a_known_data_set_name_the_mapping_for_them(run, tmp_path):
    file = tmp_path / "acled.csv"
    file.write_text(ACLED.format(actor="RU_FSB"), encoding="utf-8")
    told = run("import", file, "--link", "https://example.org/export", code=1).stderr
    assert "acled.csv:1: error: --mapping acled" in told
    assert "1 error above" in told


def test_a_mapping_that_cannot_be_read_names_the_ready_ones(run, csv_file, tmp_path):
    told = run("import", csv_file, "--mapping", tmp_path / "none.toml", code=2).stderr
    assert "acled, ucdp-ged" in told
    broken = tmp_path / "broken.toml"
    broken.write_text("columns = [", encoding="utf-8")
    assert (
        "broken.toml: error: a mapping in TOML" in run("import", csv_file, "--mapping", broken, code=1).stderr
    )


def test_days_that_can_be_read_in_two_ways_are_asked_about_with_what_speaks_for_each(run, csv_file, tmp_path):
    text = csv_file.read_text(encoding="utf-8")
    row = text.splitlines()[1]
    other = row.replace("2019-08-24,", "24/08/2019,").replace("2019-08-24-post", "other-id")
    csv_file.write_text(text.replace(",2019-08-24,", ",06/11/2019,") + other + "\n", encoding="utf-8")
    told = run("import", csv_file, code=1).stderr
    assert "2019-11-06 or 2019-06-11" in told
    assert "24/08/2019 on line 3" in told
    mapping = tmp_path / "day.toml"
    columns = "\n".join(f'"{name}" = "{name}"' for name in text.splitlines()[0].split(","))
    mapping.write_text(f'date_order = "day"\n[columns]\n{columns}\n', encoding="utf-8")
    shown = run("import", csv_file, "--mapping", mapping).stdout
    assert shown.startswith("2 new")


def test_the_rows_with_their_errors_are_written_mended_and_sent_again(run, csv_file, tmp_path):
    whole = csv_file.read_text(encoding="utf-8")
    csv_file.write_text(whole.replace("village", "vilage").replace("Post seen", "=Post"), encoding="utf-8")
    errors = tmp_path / "errors.csv"
    run("import", csv_file, "--errors", errors, code=1)
    text = errors.read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert "location_precision: expected one of" in row["errors"]
    assert row["title"] == "'=Post"
    errors.write_text(text.replace("vilage", "village"), encoding="utf-8")
    assert run("import", errors).stdout.startswith("1 new, 0 changed, 0 unchanged; 0 warnings.")


def test_usual_headings_and_delimiters_are_understood_and_told(run, csv_file):
    text = csv_file.read_text(encoding="utf-8").replace(",", ";").replace("source_url", "Link", 1)
    csv_file.write_text(text, encoding="utf-8")
    result = run("import", csv_file)
    assert "separated by semicolons" in result.stderr
    assert "'Link' taken as source_url" in result.stderr
    assert result.stdout.startswith("1 new")


def test_an_unknown_heading_is_an_error_with_what_it_may_mean(run, csv_file):
    csv_file.write_text(csv_file.read_text().replace("title", "titel", 1), encoding="utf-8")
    told = run("import", csv_file, code=1).stderr
    assert "did you mean 'title'" in told


def test_more_errors_than_can_be_read_are_counted(run, csv_file):
    header, row = csv_file.read_text(encoding="utf-8").splitlines()
    rows = [row.replace("2019-08-24-post", f"post-{n}").replace("village", "vilage") for n in range(600)]
    csv_file.write_text("\n".join([header, *rows]), encoding="utf-8")
    told = run("import", csv_file, code=1).stderr
    assert "... and 100 more" in told
    assert "600 errors" in told


def test_one_warning_is_one_warning(run, csv_file):
    csv_file.write_text(csv_file.read_text().replace("Chorchana", "Nowhere-by-the-Sea"))
    assert "; 1 warning." in run("import", csv_file).stdout
