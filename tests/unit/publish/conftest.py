"""A store of three incidents, and what publishes it into a folder of the test."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from geoapp.cli.opening import open_store
from geoapp.config import Settings, resource
from geoapp.ingest import prepare, read_table
from geoapp.publish import folder, publish
from tests import engines

HEAD = (
    "id,date,date_precision,title,summary,category,place,location_precision,actors,"
    "source_url,source_publisher,source_language,statement\n"
)
ROW = (
    "{id},{day},day,{title},Told by both.,post_established,Chorchana,village,GE_GOV,"
    "https://example.org/{id},Example,en,Says so.\n"
)
AUTHOR, PRIVATE = "Nino Secretname", "A note for colleagues alone"


class Source:
    """The store that is published, changed by rows."""

    def __init__(self, folder):
        data = folder.parent / "data"
        if not data.exists():
            # The story that is shipped tells of incidents that are not in this store.
            shutil.copytree(resource("data"), data, ignore=shutil.ignore_patterns("stories"))
        self.settings = Settings(
            data_dir=data,
            instance_dir=folder,
            contact="desk@example.org",
            base_url="https://map.example.org/sub",
        )
        self.store = open_store(self.settings, create=True)

    def save(self, *rows):
        """Import incidents, each (id, day, title)."""
        lines = "".join(ROW.format(id=id_, day=day, title=title) for id_, day, title in rows)
        table = read_table((HEAD + lines).encode(), "rows.csv")
        batch = prepare(self.store, table, author=AUTHOR, public_note="Public words", private_note=PRIVATE)
        self.store.commit(batch)


@pytest.fixture(scope="session", autouse=True)
def quickly_packed():
    """Packing as tight as it goes is most of what publishing costs; here it is only unpacked again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder, "BEST", 1)
        yield


@pytest.fixture(scope="session")
def first(tmp_path_factory):
    """A store with three incidents, and the folder that it was published into; for copying only."""
    root = tmp_path_factory.mktemp("first")
    made = Source(root / "instance")
    made.save(
        ("2019-08-24-post", "2019-08-24", "Post {{7*191}} seen"),
        ("2019-08-25-talks", "2019-08-25", "Talks held"),
        ("2019-08-26-third", "2019-08-26", "Third thing"),
    )
    made.store.close()
    engines.keep_for_copies(made.settings.instance_dir)
    return Published(root, publish(made.settings, root / "site"))


class Published(NamedTuple):
    """A folder with a store and a site, and what publishing it told."""

    folder: Path
    told: object


@pytest.fixture
def source(first, tmp_path):
    """The store with three incidents."""
    shutil.copytree(first.folder / "instance", tmp_path / "instance")
    made = Source(tmp_path / "instance")
    yield made
    made.store.close()


@pytest.fixture
def site(first, tmp_path):
    """The folder that the store was published into."""
    return Path(shutil.copytree(first.folder / "site", tmp_path / "site"))


@pytest.fixture
def published(source, site):
    """Publishes the store anew; gives what `publish` gives."""
    return lambda: publish(source.settings, site)
