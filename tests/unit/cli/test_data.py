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
