"""The map for pages of others: it alone may be framed, and it keeps the filters of its address."""

import html
import re


def test_only_this_page_may_be_framed(client):
    assert "frame-ancestors *" in client.get("/embed").headers["Content-Security-Policy"]
    assert "frame-ancestors *" in client.get("/ka/embed").headers["Content-Security-Policy"]
    for path in ("/", "/incidents", "/stories", "/map/manifest.json"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_it_says_what_is_shown_and_leads_to_the_whole_map_with_the_same_filters(client):
    answer = client.get("/embed?datetime=2019-08-29/2019-08-30")
    assert "<b>16 incidents</b>" in answer.text and "29–30 August 2019" in answer.text
    assert 'id="whole" href="/?datetime=2019-08-29/2019-08-30"' in answer.text
    assert '<base target="_blank">' in answer.text and "Set-Cookie" not in answer.headers


def test_it_has_no_site_around_it(client):
    answer = client.get("/embed")
    assert 'class="mast"' not in answer.text and "<footer" not in answer.text
    assert "OpenStreetMap contributors" in answer.text


def test_unknown_words_are_dropped_and_bad_values_refused_as_on_the_map(client):
    assert client.get("/embed?utm_source=x").location == "/embed"
    assert client.get("/embed?datetime=yesterday").status_code == 400


def test_the_map_offers_the_frame_with_its_query(client):
    answer = client.get("/?category=drone")
    (code,) = re.findall(r'<textarea id="embed-code"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)
    assert '<iframe src="http://localhost/embed?category=drone"' in html.unescape(code)


def test_a_page_preloads_the_scripts_that_it_imports_and_no_others(client):
    for path, present, absent in (("/", "main", "embed"), ("/embed", "embed", "main")):
        preloaded = re.findall(r'rel="modulepreload" href="[^"]*/js/([\w-]+)\.js"', client.get(path).text)
        assert present in preloaded and "boundary-map" in preloaded and "sites" in preloaded
        assert not {absent, "panel", "play", "sheets", "story", "point-picker"}.intersection(preloaded)
