"""What a database driver raises, told in sentences that help who runs the program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

from geoapp.errors import NotFound, StoreFailed, TooExpensive

_BUSY = "another process is writing to the database and did not finish in time; try again"
_READING = "the database is open for reading only"
_FULL = "the disk that holds the database is full"
_DENIED = "the database does not let this user in; check GEOAPP_DATABASE_URL"
# By words of SQLite, which gives no codes to Python's driver.
_WORDS: Mapping[str, str] = {
    "locked": _BUSY,
    "busy": _BUSY,
    "readonly": _READING,
    "full": _FULL,
    "I/O error": "the disk that holds the database is full or fails",
    "malformed": "the database file is damaged; restore it from a backup",
    "not a database": "the file is not a database of this program",
    "unable to open": "the database file cannot be opened; check that its folder may be written",
}
# By the beginning of SQLSTATE, the longest first; PostgreSQL's words depend on its language.
_STATES: Mapping[str, str] = {
    "25006": _READING,
    "28": _DENIED,
    "3D000": "there is no such database on the server; make it with createdb",
    "40": _BUSY,
    "42501": "the database does not let this user do that; make the user the owner of the database",
    "53100": _FULL,
    "53200": "the database server has no memory left",
    "53300": "the database server takes no more connections; let fewer workers run or raise max_connections",
    "53400": "the database server is at one of its limits",
    "55P03": _BUSY,
    "57P": "the database server is going down or coming up; try again",
    "58030": "the disk that holds the database is full or fails",
    "XX00": "the database is damaged; restore it from a backup",
}
# By words of the client library, where the server refused to talk: it hands no code on then.
_REFUSALS: Mapping[str, str] = {
    "authentication failed": "28",
    "no password supplied": "28",
    "pg_hba.conf": "28",
    "role ": "28",
    "too many": "53300",
    "connection slots": "53300",
    "starting up": "57P",
    "shutting down": "57P",
    "does not exist": "3D000",
}
_UNREACHABLE = "the database server cannot be reached, or it closed the connection; try again when it runs"


@contextmanager
def telling() -> Iterator[None]:
    """Turn what the driver raises into StoreFailed with a sentence that helps, or into NotFound."""
    try:
        yield
    except DataError as error:
        if _state(error) == "22003" or "NUL" in str(error.orig):
            # A number or a text that no column can hold was asked for: nothing has it.
            raise NotFound("entry", "of that number or name") from error
        raise StoreFailed(_explain(error)) from error
    except (IntegrityError, ProgrammingError) as error:
        if _state(error) != "42501":
            raise  # ours to mend, not the operator's
        raise StoreFailed(_explain(error)) from error
    except DBAPIError as error:
        if _state(error) == "57014" or str(error.orig) == "interrupted":
            raise TooExpensive from error
        raise StoreFailed(_explain(error)) from error
    except SQLAlchemyError as error:
        raise StoreFailed(f"the database could not be used: {error}") from error


def _state(error: DBAPIError) -> str | None:
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def _explain(error: DBAPIError) -> str:
    reason = " ".join(str(error.orig).split())
    sentence = _by_state(error) if hasattr(error.orig, "sqlstate") else _by_words(reason)
    if sentence is None:
        return f"the database refused (nothing was changed): {reason}"
    return f"{sentence} (nothing was changed; the driver says: {reason})"


def _by_words(reason: str) -> str | None:
    return next((sentence for word, sentence in _WORDS.items() if word in reason), None)


def _by_state(error: DBAPIError) -> str | None:
    state = _state(error)
    if state is None:  # it never came to a question
        told = str(error.orig)
        return next((_STATES[state] for word, state in _REFUSALS.items() if word in told), _UNREACHABLE)
    return next((sentence for first, sentence in _STATES.items() if state.startswith(first)), None)
