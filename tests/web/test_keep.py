"""The copy that a reader may keep: what is in it, and where its worker stands."""


def test_everything_in_the_copy_is_there(client):
    answer = client.get("/keep/files.json")
    listed = answer.json["files"]
    assert len(listed) == len(set(listed)) and {"/", "/incidents", "/map/manifest.json"} <= set(listed)
    assert sum(each.startswith("/incidents/key/") for each in listed) == 252
    refused = {each: client.get(each).status_code for each in listed if not each.startswith("/incidents/")}
    assert set(refused.values()) == {200}


def test_a_copy_is_in_the_language_of_its_page(client):
    listed = client.get("/ka/keep/files.json").json
    assert (
        listed["home"] == "/ka/"
        and "/ka/incidents" in listed["files"]
        and "/map/manifest.json" in listed["files"]
    )
    page = client.get("/ka/keep").text
    assert 'data-worker="/keep-worker.js"' in page and 'data-files="/ka/keep/files.json"' in page


def test_what_is_for_editors_is_not_in_it(client):
    assert not [each for each in client.get("/keep/files.json").json["files"] if "/edit" in each]


def test_the_worker_stands_at_the_root_and_is_asked_for_anew(client):
    answer = client.get("/keep-worker.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in answer.headers["Cache-Control"] and b"addEventListener" in answer.data


def test_it_says_how_much_is_kept_and_that_nothing_is_before(client):
    answer = client.get("/keep")
    assert "the 252 newest of 252 incidents" in answer.text and "Set-Cookie" not in answer.headers
    assert "Nothing is stored before you press the button" in answer.text
