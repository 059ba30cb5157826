"""What holds for every command."""

import subprocess
import sys

import click
import pytest

from geoapp.cli import main

COMMANDS = sorted(main.commands)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example_of_itself(name, run):
    text = run(name, "--help").output
    assert "Example:" in text
    assert f"geoapp {name}" in text.split("Example:")[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_command_is_explained(name):
    command = main.commands[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_name_options_that_exist(name):
    command = main.commands[name]
    known = {option for parameter in command.params for option in parameter.opts}
    used = {word for word in (command.epilog or "").split() if word.startswith("--")}
    assert used <= known


def test_wrong_use_exits_with_2(run):
    run("import", code=2)
    run("no-such-command", code=2)
    run("export", "--format", "pdf", "--output", "x", code=2)


def test_a_bad_setting_exits_with_2_and_names_itself(run, monkeypatch):
    monkeypatch.setenv("GEOAPP_TRUSTED_PROXIES", "many")
    assert "GEOAPP_TRUSTED_PROXIES" in run("history", code=2).output


def test_a_store_that_is_not_there_exits_with_1(run):
    assert "no database" in run("history", code=1).output


def test_the_command_line_starts_without_heavy_imports():
    heavy = ("flask", "folium", "geopandas", "pandas", "shapely", "sqlalchemy", "numpy")
    program = f"import sys, geoapp.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_python_m_geoapp_is_the_command_line():
    done = subprocess.run(
        [sys.executable, "-m", "geoapp", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip()


def test_the_list_of_commands_says_whole_sentences(run):
    listed = run("--help").output.partition("Commands:")[2]
    assert "..." not in listed
    assert "Bring the catalogs in step: those of the program, and those of" in listed
