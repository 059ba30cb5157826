"""An error names where, what was found and what was expected, on one line."""

from __future__ import annotations

from geoapp.errors import BadParameters, DataRefused, Fault, Gone, Problem, shorten


def test_a_problem_names_file_line_column_value_expectation_and_suggestion() -> None:
    problem = Problem("error", "a.csv", "a code of the list", 3, "category", "detenton", "detention")
    assert str(problem) == (
        "a.csv:3:category: error: a code of the list, found 'detenton'; did you mean 'detention'?"
    )


def test_a_refusal_tells_every_problem() -> None:
    refused = DataRefused([Problem("error", "a.csv", "x"), Problem("warning", "a.csv", "y", 2)])
    assert str(refused).splitlines() == ["a.csv: error: x", "a.csv:2: warning: y"]


def test_long_values_are_cut_and_say_so() -> None:
    assert shorten("x" * 200, 10) == "x" * 9 + "…"


def test_faults_of_a_request_are_told_together() -> None:
    refused = BadParameters([Fault("bbox", "x", "numbers"), Fault("colour", "", "", unknown=True)])
    assert str(refused) == "bbox: expected numbers, found 'x'; unknown parameter 'colour'"


def test_what_is_gone_says_why() -> None:
    assert Gone("incident", "some-id", "withdrawn").reason == "withdrawn"
