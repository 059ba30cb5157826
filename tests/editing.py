"""People who edit: a store of their own with accounts, and clients that are signed in and send our forms."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geoapp.config import Settings
from geoapp.store import Store
from geoapp.users import Users
from tests import engines

# One for everyone; long enough for the rule.
PASSWORD = "four wet boots by the door"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def own_settings(shipped_instance: Path, folder: Path, **changed: Any) -> Settings:
    """Settings of a copy of the shipped store, which a test may change."""
    folder.mkdir(parents=True, exist_ok=True)
    engines.copy(shipped_instance, folder)
    return Settings(instance_dir=folder, **changed)


def add_people(settings: Settings, **roles: str) -> None:
    """An account for every name, in that role, with the password of this module."""
    with Store.open(settings.store_url) as store:
        for name, role in roles.items():
            Users(store).add(name, role, PASSWORD)


class Person:
    """One browser with its cookies; `post` sends the token of the last page that had a form."""

    def __init__(self, app: Flask, address: str = "192.0.2.1") -> None:
        self.client: FlaskClient = app.test_client()
        self._from = {"REMOTE_ADDR": address}
        self._token = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        """Ask for a page and keep the token of its forms."""
        return self._keep(self.client.get(path, environ_base=self._from, **more))

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form with the token."""
        sent = {"csrf_token": self._token} | (data or {})
        return self._keep(self.client.post(path, data=sent, environ_base=self._from, **more))

    def sign_in(self, name: str, password: str = PASSWORD, wanted: str = "") -> TestResponse:
        """Open the sign-in page and send it."""
        self.get("/edit/sign-in")
        answer = self.post("/edit/sign-in", {"name": name, "password": password, "next": wanted})
        if answer.status_code == 303:
            self.get("/edit/account")
        return answer

    def _keep(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self._token = found[1]
        return answer
