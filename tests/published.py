"""A published folder of the shipped data, made once for all processes of a test run."""

import fcntl
from pathlib import Path

CONTACT = "desk@example.org"


def published_once(instance, tmp_path_factory, sub):
    """Folder below which the site stands at `sub`; the first process that asks makes it."""
    from geoapp.config import Settings
    from geoapp.publish import publish

    shared = Path(tmp_path_factory.getbasetemp())
    # Workers of one run have folders of their own beside each other.
    shared = shared.parent if shared.name.startswith("popen-") else shared
    root = shared / "published"
    with (shared / "published.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            publish(Settings(instance_dir=instance, contact=CONTACT), root / sub.strip("/"), twins=False)
    return root
