"""The application on the shipped data, and one on texts that try to be more than text."""

import csv
import io
from dataclasses import replace

import pytest

from geoapp.config import Settings
from geoapp.incident import COLUMNS
from geoapp.web.app import create_app
from tests.editing import Person, add_people, own_settings

HOSTILE = {
    "expression": "{{7*191}} {{ config }} {% if 1 %}",
    "statement": "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '"\' onmouseover=alert(1) x="',
    "breakout": "</title></textarea></svg></style><svg/onload=alert(1)>",
    "entity": "&lt;b&gt; &amp; &#39; &#x27;",
    "formula": "=cmd|'/c calc'!A1",
    "list": "one, two, and three",
    "long": "long " + "w" * 4000,
    "unicode": "ΩẤ ̨̗̭ ﷽ \u202eright to left\u202c 👩\u200d👩\u200d👧 ﻿ ｔｅｓｔ ⅰ ß İ ꭕ",
    "turned": "left \u202eright \u2067inner",
    "quotes": "‘’“”‹›«» '' \"\" `` \\ / %00 %s {0} ${x} #{x}",
}


@pytest.fixture(scope="session")
def app(shipped_instance):
    return create_app(Settings(instance_dir=shipped_instance))


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def shipped_settings(shipped_instance):
    return Settings(instance_dir=shipped_instance)


@pytest.fixture(scope="session")
def client_with(shipped_settings):
    """Makes a client of an application with other settings on the same store."""
    return lambda **changed: create_app(replace(shipped_settings, **changed)).test_client()


@pytest.fixture
def editing_app(shipped_instance, tmp_path):
    """The application on a copy of the shipped data, with an editor, a reviewer and an administrator."""
    settings = own_settings(shipped_instance, tmp_path / "editing")
    add_people(settings, ana="editor", rosa="reviewer", admin="administrator")
    return create_app(settings)


@pytest.fixture
def person(editing_app):
    """Makes somebody with a browser of their own, signed in unless the name is None."""

    def made(name="ana", address="192.0.2.1"):
        known = Person(editing_app, address)
        if name is not None:
            assert known.sign_in(name).status_code == 303
        return known

    return made


def hostile_csv():
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for number, (name, text) in enumerate(HOSTILE.items(), 1):
        common = {
            "id": f"hostile-{name}", "source_publisher": text, "source_title": text, "source_language": "en",
            "statement": text, "claimed_place": text, "notes": text,
            "claimed_distance_m": "10", "claimed_distance_from": text,
        }  # fmt: skip
        first = {
            "date": f"2020-01-{number:02}", "date_precision": "day", "title": text, "summary": text,
            "category": "detention", "place": text, "location_precision": "area", "actors": "GE_GOV",
        }  # fmt: skip
        address = f"https://example.org/?q=%22%3E{number}"
        writer.writerow(common | first | {"source_url": address, "claimed_date": "2020-01-01"})
        other = {"source_url": address + "b", "attributed_to": "GE_GOV", "claimed_date": "2020-03-01"}
        writer.writerow(common | other)
    return file.getvalue().encode()


@pytest.fixture(scope="session")
def hostile_app(tmp_path_factory):
    """The application on a store whose every free text is hostile."""
    from geoapp.cli.opening import open_store
    from geoapp.ingest import prepare, read_table

    settings = Settings(instance_dir=tmp_path_factory.mktemp("hostile"), contact="editors@example.org")
    store = open_store(settings, create=True)
    note = HOSTILE["expression"] + HOSTILE["script"]
    store.commit(prepare(store, read_table(hostile_csv(), "hostile.csv"), public_note=note))
    store.close()
    return create_app(settings)
