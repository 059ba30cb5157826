"""How long work shows that it goes on."""

import gc
import sys

from geoapp.cli.progress import progress, rare_collections


def test_elsewhere_than_on_a_terminal_there_are_at_most_nine_plain_lines(capsys):
    with progress("Storing") as show:
        for done in range(1, 1001):
            show(done, 1000)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"Storing: {tenth}0 %" for tenth in range(1, 10)]


def test_what_is_done_at_once_says_nothing(capsys):
    with progress("Storing") as show:
        show(3, 3)
        show(0, 0)
    assert capsys.readouterr().err == ""


def test_on_a_terminal_there_is_a_bar_that_goes_away(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress("Storing") as show:
        show(1, 2)
        show(2, 2)
    shown = capsys.readouterr().err
    assert "Storing" in shown
    assert "\n" not in shown


def test_garbage_is_collected_as_before_when_the_work_is_over_or_fails():
    before = gc.get_threshold()
    try:
        with rare_collections():
            assert gc.get_threshold() > before
            raise ValueError
    except ValueError:
        assert gc.get_threshold() == before
    assert gc.isenabled()
