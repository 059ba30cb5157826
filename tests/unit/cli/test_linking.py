from geoapp import links
from geoapp.cli import linking
from geoapp.config import Settings
from geoapp.links import Policy, Result


class Answers:
    """Stands for the checker: gives the same result for every link."""

    def __init__(self, result):
        self.result = result

    def check(self, url):
        return self.result


def answering(monkeypatch, result):
    monkeypatch.setattr(linking, "_checker", lambda settings: Answers(result))


def test_links_that_work_are_counted_and_not_asked_again_the_same_day(run, csv_file, monkeypatch):
    answering(monkeypatch, Result("ok", heard=True))
    run("import", csv_file)
    told = run("check-links")
    assert "1 link checked: 1 work, 0 moved, 0 are gone, 0 failed." in told.output
    assert "No link was checked." in run("check-links").output
    assert "1 link checked" in run("check-links", "--older-than", "0").output


def test_a_link_that_does_not_work_is_named_with_the_reason(run, csv_file, monkeypatch):
    answering(monkeypatch, Result("gone", reason="the server answered 404", heard=True))
    run("import", csv_file)
    assert "gone: https://example.org/1 (the server answered 404)" in run("check-links").output


def test_without_a_network_every_link_is_told_as_not_checked(run, csv_file, monkeypatch):
    answering(monkeypatch, Result("not_checked", reason="no name server answered"))
    run("import", csv_file)
    told = run("check-links", code=1)
    assert "not checked: https://example.org/1 (no network can be reached)" in told.output
    assert "1 links not checked: no network can be reached from this machine." in told.output


def test_a_wrong_number_is_wrong_use(run):
    run("check-links", "--limit", "0", code=2)
    run("check-links", "--older-than", "-1", code=2)


def test_without_an_address_to_answer_to_the_operator_is_told_to_set_one(run, csv_file, monkeypatch):
    answering(monkeypatch, Result("ok", heard=True))
    run("import", csv_file)
    assert "Set GEOAPP_BASE_URL or GEOAPP_CONTACT" in run("check-links").output
    monkeypatch.setenv("GEOAPP_CONTACT", "editors@example.org")
    assert "Set GEOAPP_BASE_URL" not in run("check-links").output


def test_the_user_agent_says_what_asks_where_to_read_of_it_and_whom_to_write_to():
    known = Settings(base_url="https://map.example.org", contact="editors@example.org")
    name = linking.user_agent(known)
    assert name.startswith("geoapp/")
    assert name.endswith("(link check; +https://map.example.org; editors@example.org)")
    assert linking.user_agent(Settings()).endswith("(link check)")


def test_the_checker_of_the_command_has_the_strict_policy():
    checker = linking._checker(Settings())
    assert checker.policy == Policy()
    assert (
        checker.check("http://127.0.0.1/").reason
        == "it leads to a machine that is not on the public Internet"
    )
    assert links.STATES[0] == "not_checked"
