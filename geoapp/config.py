"""Settings: every `GEOAPP_*` variable with its default and one sentence; read once, at the edge."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from geoapp.errors import SettingRefused
from geoapp.kinds import Invalid, parse_url

PACKAGE = Path(__file__).resolve().parent
PREFIX = "GEOAPP_"
SECRET_NAME = f"{PREFIX}SECRET_KEY"


def resource(name: str) -> Path:
    """Folder `data`, `static` or `templates`: of the checkout, or as the wheel carries it."""
    shipped = PACKAGE / "_shipped" / name
    return shipped if shipped.is_dir() else PACKAGE.parent / name


def _text(text: str) -> str:
    return text.strip()


def _path(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError("a whole number, 0 or more")
    return int(text)


def _port(text: str) -> int:
    if (number := _count(text)) > 65_535:
        raise ValueError("a port, 1 to 65535, or 0")
    return number


def _positive(text: str) -> int:
    number = _count(text)
    if not number:
        raise ValueError("a whole number, 1 or more")
    return number


class Rate(NamedTuple):
    """So many requests in so many seconds."""

    requests: int
    seconds: int


_SPANS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


def _rate(text: str) -> Rate:
    found = re.fullmatch(r"([0-9]{1,9})/(second|minute|hour|day)", text.strip())
    if not found or not int(found[1]):
        raise ValueError("a number of requests and a span, such as 600/hour (second, minute, hour, day)")
    return Rate(int(found[1]), _SPANS[found[2]])


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.strip() not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return text.strip()

    return read


def _switch(text: str) -> bool:
    words = {"yes": True, "no": False, "1": True, "0": False, "true": True, "false": False}
    if (word := text.strip().lower()) not in words:
        raise ValueError("yes or no")
    return words[word]


def _hosts(text: str) -> tuple[str, ...]:
    names = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if any(re.search(r"[/@?#\s]", name) for name in names):
        raise ValueError("host names such as map.example.org, without http:// and without a path")
    return names


def _address(text: str) -> str:
    text = text.strip()
    if text and (not _is_web(text) or "?" in text or "#" in text):
        raise ValueError("an address such as https://map.example.org, without a query")
    return text.rstrip("/")


def _is_web(text: str) -> bool:
    try:
        return parse_url(text) == text
    except Invalid:
        return False


def _contact(text: str) -> str:
    text = text.strip()
    is_mail = re.fullmatch(r"[^@\s:<>\"'\x00-\x1f\x7f]+@[^@\s:<>\"'\x00-\x1f\x7f]+", text)
    if text and not is_mail and not _is_web(text):
        raise ValueError("an e-mail address or an http(s) address")
    return text


LEAST_SECRET = 32


def _secret(text: str) -> str:
    text = text.strip()
    if len(text) < LEAST_SECRET:
        raise ValueError(f"at least {LEAST_SECRET} characters that nobody can guess")
    return text


def _is(read: Callable[[str], Any], default: Any, sentence: str, *, shown: bool = True) -> Any:
    """A setting; one that is not `shown` is kept out of messages and of what the object prints."""
    return field(default=default, repr=shown, metadata={"read": read, "sentence": sentence, "shown": shown})


# Names of other parts of the program that begin alike (tests, the build).
_OTHERS = ("GEOAPP_TEST_",)


def unknown(env: Mapping[str, str] | None = None) -> list[str]:
    """A sentence for every `GEOAPP_*` variable that is no setting, with the name that was perhaps meant."""
    env = os.environ if env is None else env
    names = [PREFIX + item.name.upper() for item in fields(Settings)]
    told = []
    for name in sorted(env):
        if name.startswith(PREFIX) and name not in names and not name.startswith(_OTHERS):
            near = get_close_matches(name, names, n=1, cutoff=0.8)
            hint = f"; did you mean {near[0]}?" if near else "; `geoapp docs` lists the settings"
            told.append(f"{name} is not a setting{hint}")
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one process; a blank `database_url` is a SQLite file in the instance folder."""

    database_url: str = _is(
        _text,
        "",
        "Address of the database, such as `postgresql+psycopg://user:password@host/name`; "
        "blank: `geoapp.sqlite` in the instance folder.",
        shown=False,  # it may hold a password
    )
    data_dir: Path = _is(
        _path,
        resource("data"),
        "Folder of the reference data and of `incidents.csv`; blank: the shipped one.",
    )
    instance_dir: Path = _is(
        _path,
        Path("instance"),
        "Folder for what the program writes; blank: `instance` in the working folder.",
    )
    base_url: str = _is(
        _address, "", "Public address of the site; absolute links come from it; blank: from the request."
    )
    trusted_proxies: int = _is(
        _count, 0, "Number of reverse proxies in front whose forwarding headers are believed."
    )
    trusted_hosts: tuple[str, ...] = _is(
        _hosts, (), "Host names that are answered, separated by commas; blank: any."
    )
    contact: str = _is(
        _contact, "", "E-mail or web address for corrections and reply; shown in every footer."
    )
    secret_key: str = _is(
        _secret,
        "",
        "Key that signs the editors' cookie, one for all machines; blank: made, and kept in the instance.",
        shown=False,
    )

    mbtiles: Path | None = _is(
        _path,
        None,
        "File of raster tiles (MBTiles: png, jpg or webp) under the map, served from this site; a new file "
        "needs a restart; blank: none.",
    )
    online_tiles: str = _is(
        _text,
        "",
        "Provider of tiles under the map, a name of xyzservices such as `OpenStreetMap.Mapnik`; its host "
        "sees every reader's address then, and the page says so; blank: none.",
    )

    max_upload_mb: int = _is(
        _positive,
        20,
        "Largest file that an editor may send, in megabytes; the limit holds before it is read.",
    )
    draft_days: int = _is(
        _positive, 7, "Days that an upload which is not saved yet is kept after its last change."
    )
    second_person: bool = _is(
        _switch,
        False,
        "Whether what editors and reviewers upload or type in waits until a reviewer, another person, "
        "saves it: `yes` or `no`.",
    )
    rate_limit: Rate | None = _is(
        _rate,
        None,
        "Requests that one address may send to `/api` and `/exports/`, like `600/hour`; blank: any number.",
    )
    query_seconds: int = _is(
        _count, 10, "Seconds that the database may take for one question of a reader; 0: any number."
    )
    backup_days: int = _is(
        _count,
        30,
        "Days that a backup which `geoapp backup` named itself is kept in its folder; 0: all are kept.",
    )
    drain_seconds: int = _is(
        _count,
        0,
        "Seconds after SIGTERM in which requests are still taken while `/readyz` says 503, "
        "for a balancer that asks it.",
    )
    access_log: str = _is(
        _one_of("off", "plain", "json"),
        "off",
        "One line for each request on standard error: `off`, `plain` or `json`; never addresses or queries.",
    )
    metrics_port: int = _is(
        _port,
        0,
        "Port on 127.0.0.1 at which `geoapp serve` gives figures to Prometheus (`/metrics`); 0: none.",
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Settings from environment variables; `overrides` win. Raises SettingRefused."""
        env = os.environ if env is None else env
        values: dict[str, Any] = {}
        for item in fields(cls):
            text = env.get(PREFIX + item.name.upper(), "")
            if text.strip():
                try:
                    values[item.name] = item.metadata["read"](text)
                except ValueError as error:
                    found = f", found {text!r}" if item.metadata["shown"] else ""
                    raise SettingRefused(f"{PREFIX}{item.name.upper()}: expected {error}{found}") from error
        return cls(**(values | overrides))

    @property
    def store_url(self) -> str:
        """The SQLAlchemy address of the store that is in force."""
        return self.database_url or f"sqlite:///{self.instance_dir.resolve() / 'geoapp.sqlite'}"


SECRET_FILE = "secret-key"


def signing_key(settings: Settings) -> str:
    """The key that signs the editors' cookie: the setting, else one made once and kept for its owner alone.

    Raises SettingRefused when it can neither be read nor kept.
    """
    if settings.secret_key:
        return settings.secret_key
    file = settings.instance_dir / SECRET_FILE
    try:
        if not file.exists():
            _keep(file, secrets.token_urlsafe(48))
        found = file.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise SettingRefused(
            f"the key in {file} cannot be read or made ({error}); set {SECRET_NAME}"
        ) from error
    if len(found) < LEAST_SECRET:
        raise SettingRefused(f"the key in {file} is too short; remove the file, or set {SECRET_NAME}")
    return found


def _keep(file: Path, secret: str) -> None:
    """Write the file whole, readable by its owner alone; the first of several processes wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Made under another name and linked: nobody ever reads half a key. Temporary files have mode 0600.
    with tempfile.NamedTemporaryFile(prefix=f".{SECRET_FILE}-", dir=file.parent) as made:
        made.write(f"{secret}\n".encode())
        made.flush()
        with suppress(FileExistsError):
            file.hardlink_to(made.name)


def described() -> list[tuple[str, str, str]]:
    """Every setting as (variable, default, sentence), for the generated manual."""
    return [
        (PREFIX + item.name.upper(), _shown(item.default), item.metadata["sentence"])
        for item in fields(Settings)
    ]


def _shown(default: Any) -> str:
    """A default as the manual prints it; machine paths stay out of generated text."""
    if isinstance(default, Path):
        return default.name
    if default is None:
        return ""
    return ",".join(default) if isinstance(default, tuple) else str(default)
