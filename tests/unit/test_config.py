"""Settings: read once from the environment, refused by name when they cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoapp.config import Settings, described
from geoapp.errors import SettingRefused


def test_defaults_need_no_environment(tmp_path: Path) -> None:
    settings = Settings.from_env({}, instance_dir=tmp_path)
    assert settings.store_url == f"sqlite:///{tmp_path.resolve() / 'geoapp.sqlite'}"
    assert (settings.data_dir / "incidents.csv").is_file()


def test_the_environment_is_read() -> None:
    settings = Settings.from_env(
        {
            "GEOAPP_BASE_URL": "https://map.example.org/",
            "GEOAPP_TRUSTED_HOSTS": "map.example.org, localhost",
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
