"""The second-person rule (`GEOAPP_SECOND_PERSON`): whose work waits for a reviewer, and what is refused."""

from __future__ import annotations

from werkzeug.exceptions import Forbidden

from geoapp.web import context
from geoapp.web.auth.guard import current_user


def waits() -> bool:
    """Whether what the one who is signed in sends has to wait for another person.

    Administrators decide alone: they can change roles and the setting's machine in any case.
    """
    user = current_user()
    return context.settings().second_person and user is not None and not user.may("administrator")


def refuse_alone(what: str) -> None:
    """Raise Forbidden (403) where the rule leaves `what` to administrators."""
    if waits():
        raise Forbidden(
            f"By the second-person rule {what} is for administrators. Nothing was changed. "
            "Upload the records as they should be: the upload waits for a reviewer."
        )
