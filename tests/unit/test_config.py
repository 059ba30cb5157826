"""Settings: read once from the environment, refused by name when they cannot be used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geoapp.config import SECRET_FILE, Settings, described, signing_key
from geoapp.errors import SettingRefused


def test_defaults_need_no_environment(tmp_path: Path) -> None:
    settings = Settings.from_env({}, instance_dir=tmp_path)
    assert settings.store_url == f"sqlite:///{tmp_path.resolve() / 'geoapp.sqlite'}"
    assert (settings.data_dir / "incidents.csv").is_file()


def test_the_environment_is_read() -> None:
    settings = Settings.from_env(
        {
            "GEOAPP_BASE_URL": "https://map.example.org/",
            "GEOAPP_TRUSTED_HOSTS": "Map.Example.org, localhost",
            "GEOAPP_TRUSTED_PROXIES": "1",
            "GEOAPP_CONTACT": "editors@example.org",
        }
    )
    assert settings.base_url == "https://map.example.org"
    assert settings.trusted_hosts == ("map.example.org", "localhost")
    assert settings.trusted_proxies == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GEOAPP_TRUSTED_PROXIES", "-1"),
        ("GEOAPP_TRUSTED_PROXIES", "²"),
        ("GEOAPP_BASE_URL", "map.example.org"),
        ("GEOAPP_BASE_URL", "javascript:alert(1)"),
        ("GEOAPP_BASE_URL", "https://map.example.org/\r\nSet-Cookie: a=b"),
        ("GEOAPP_BASE_URL", "https://map.example.org/{{7*191}}"),
        ("GEOAPP_BASE_URL", 'https://map.example.org/"><script>alert(1)</script>'),
        ("GEOAPP_BASE_URL", "https://map.example.org/?"),
        ("GEOAPP_BASE_URL", "https://map.example.org/#there"),
        ("GEOAPP_TRUSTED_HOSTS", "map.example.org, https://map.example.org/"),
        ("GEOAPP_CONTACT", "javascript:alert(1)"),
        ("GEOAPP_CONTACT", "javascript:alert(1)//@example.org"),
        ("GEOAPP_CONTACT", "https://example.org/<script>alert(1)</script>"),
        ("GEOAPP_CONTACT", "https://example.org/{{7*191}}"),
        ("GEOAPP_CONTACT", "editors@example.org\nBcc: others@example.org"),
        ("GEOAPP_CONTACT", "editors@"),
        ("GEOAPP_CONTACT", 'a@b"onclick="x'),
    ],
)
def test_a_bad_setting_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=name):
        Settings.from_env({name: value})


def test_every_setting_is_described_without_machine_paths() -> None:
    for name, default, sentence in described():
        assert name.startswith("GEOAPP_") and sentence.endswith(".")
        assert "/" not in default


def test_a_secret_key_is_neither_shown_nor_told() -> None:
    secret = "k" * 40
    settings = Settings.from_env({"GEOAPP_SECRET_KEY": secret})
    assert signing_key(settings) == secret and secret not in repr(settings)
    with pytest.raises(SettingRefused, match="GEOAPP_SECRET_KEY: expected at least 32") as refused:
        Settings.from_env({"GEOAPP_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_a_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(instance_dir=tmp_path / "new")
    keys = {signing_key(settings) for _ in range(3)}
    assert len(keys) == 1 and len(keys.pop()) >= 60
    [kept] = (tmp_path / "new").iterdir()
    assert kept.name == SECRET_FILE and kept.stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    settings = Settings(instance_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: signing_key(settings), range(64)))) == 1


@pytest.mark.parametrize("content", ["", "short", "\u00e9" * 40])
def test_a_damaged_key_is_refused_rather_than_used(tmp_path: Path, content: str) -> None:
    (tmp_path / SECRET_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(SettingRefused, match=SECRET_FILE):
        signing_key(Settings(instance_dir=tmp_path))


def test_a_folder_that_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingRefused, match="set GEOAPP_SECRET_KEY"):
        signing_key(Settings(instance_dir=tmp_path / "file"))
