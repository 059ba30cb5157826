"""The page on method tells what is served, and credits every layer."""

import html

from geoapp.web import context


def test_the_accuracy_of_every_stretch_is_told(app, client):
    text = html.unescape(client.get("/methodology").text)
    with app.test_request_context():
        [segments] = context.reference().layers.of_role("segments")
    assert len(segments.features) == 8
    for each in segments.features:
        assert each.properties["name"] in text
        assert f"{each.properties['accuracy_p95_m']:,} m" in text


def test_every_layer_has_its_licence_and_credit(app, client):
    text = html.unescape(client.get("/methodology").text)
    with app.test_request_context():
        layers = context.reference().layers.values()
    for layer in layers:
        assert layer.title in text and layer.licence in text and layer.credit in text
        if layer.licence_url:
            assert f'href="{layer.licence_url}" target="_blank" rel="noopener noreferrer"' in text


def test_what_is_missing_is_counted(client):
    text = client.get("/methodology").text
    assert ">6 incidents</a>" in text and ">100 incidents</a>" in text


def test_every_category_is_defined(app, client):
    text = html.unescape(client.get("/methodology").text)
    with app.test_request_context():
        categories = context.reference().categories.values()
    assert all(each.definition in text for each in categories)


def test_a_data_set_that_says_nothing_about_itself_still_has_the_page(client_with, tmp_path):
    answer = client_with(data_dir=tmp_path).get("/methodology")
    assert answer.status_code == 200
    assert "What is missing" in answer.text and "Moscow Times" not in answer.text


def test_the_contact_is_shown_or_its_absence_said(client, client_with):
    assert "This copy has no contact yet" in client.get("/methodology").text
    written = client_with(contact="editors@example.org").get("/methodology").text
    assert 'href="mailto:editors@example.org"' in written and "no contact yet" not in written
