"""The access log: who asks is never in it."""

import json

import pytest

from geoapp.config import Settings, unknown


@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_line_says_what_was_asked_and_not_by_whom(client_with, capsys, form):
    client = client_with(access_log=form)
    client.get("/incidents?q=secret", headers={"User-Agent": "Browser", "Referer": "https://from.example/"})
    line = capsys.readouterr().err
    assert "/incidents" in line
    assert "200" in line
    for hidden in ("secret", "127.0.0.1", "Browser", "from.example"):
        assert hidden not in line


def test_lines_of_json_have_fixed_members(client_with, capsys):
    client_with(access_log="json").get("/nothing%0Ahere")
    [line] = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert list(told) == ["time", "method", "path", "status", "ms"]
    assert (told["path"], told["status"]) == ("/nothing\nhere", 404)


def test_a_line_break_in_a_path_begins_no_line(client_with, capsys):
    client_with(access_log="plain").get("/nothing%0Ahere")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_nothing_is_written_unless_asked_for(client, capsys):
    client.get("/incidents")
    assert capsys.readouterr().err == ""


def test_a_misspelt_setting_is_told_with_the_one_that_was_meant():
    told = unknown({"GEOAPP_CONTCT": "x", "GEOAPP_CONTACT": "x", "PATH": "x", "GEOAPP_XYZZY": "x"})
    assert told == [
        "GEOAPP_CONTCT is not a setting; did you mean GEOAPP_CONTACT?",
        "GEOAPP_XYZZY is not a setting; `geoapp docs` lists the settings",
    ]


def test_the_form_of_the_log_is_one_of_three():
    assert Settings.from_env({"GEOAPP_ACCESS_LOG": "json"}).access_log == "json"
