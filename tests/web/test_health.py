"""For operators and crawlers."""

from xml.etree import ElementTree

from geoapp.config import Settings
from geoapp.web import context, language
from geoapp.web.app import create_app


def test_the_process_and_the_store_answer(client):
    assert client.get("/healthz").text == "ok\n"
    assert "252 incidents" in client.get("/readyz").text


def test_without_a_database_the_process_lives_and_is_not_ready(tmp_path):
    client = create_app(Settings(database_url=f"sqlite:///{tmp_path}/none/there.sqlite")).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_crawlers_are_led_to_every_page(client_with):
    client = client_with(base_url="https://map.example.org")
    assert "Sitemap: https://map.example.org/sitemap.xml" in client.get("/robots.txt").text
    assert "Disallow: /edit/\n" in client.get("/robots.txt").text
    root = ElementTree.fromstring(client.get("/sitemap.xml").data)
    found = [each.text for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    pages = [page for page in context.MASTHEAD if language.is_translated(page.endpoint)]
    alone = len(context.MASTHEAD) - len(pages)
    assert len(found) == len(language.LANGUAGES) * (252 + len(pages)) + alone
    assert all(each.startswith("https://map.example.org/") for each in found)
