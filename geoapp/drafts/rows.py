"""Drafts in the database: any process can go on with them, and nothing else holds any of their state."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, select, update

from geoapp.drafts.model import Answers, Draft, Step
from geoapp.errors import Conflict, DataRefused, Gone, NotFound, Problem, shorten
from geoapp.store import DatasetVersion, Store
from geoapp.store.draft_tables import drafts
from geoapp.store.schema import dataset_versions

MOST_OPEN = 20
MOST_NAME = 200
# The list of an editor's drafts shows what they are, never the bytes.
BRIEF = [column for column in drafts.c if column is not drafts.c.content]


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


class Drafts:
    """All drafts of one store; each is kept for `days` days after its last change."""

    def __init__(self, store: Store, days: int, clock: Callable[[], datetime] = now) -> None:
        self._store, self._days, self._clock = store, days, clock

    def add(self, editor: str, file_name: str, data: bytes, *, pasted: bool = False) -> Draft:
        """Keep a file; raises DataRefused when the editor has MOST_OPEN unsaved drafts already."""
        values = self._file(file_name, data) | {
            "id": secrets.token_hex(8),
            "editor": editor,
            "created": as_text(self._clock()),
            "revision": 1,
            "state": "open",
            "pasted": pasted,
            "answers": stored_answers(Answers()),
            "step": "columns",
            "errors": 0,
        }
        with self._store.writing() as connection:
            self._sweep(connection)
            _check_room(connection, editor, file_name)
            connection.execute(insert(drafts).values(values))
        return draft_of(values)

    def get(self, identifier: str, editor: str) -> Draft:
        """A draft of this editor; raises NotFound, and Gone when it was discarded or kept too long."""
        asked = select(drafts).where(drafts.c.id == identifier, drafts.c.editor == editor)
        with self._store.reading() as connection:
            row = connection.execute(asked).one_or_none()
        if row is None:
            raise NotFound("draft", identifier)
        draft = draft_of(row._mapping)
        if draft.state == "discarded":
            raise Gone("draft", identifier, "You discarded this draft. Nothing of it was saved.")
        if draft.is_open and draft.expires < self._clock():
            kept = (
                f"This draft was kept for {self._days} days. Nothing of it was saved; upload the file again."
            )
            raise Gone("draft", identifier, kept)
        return draft

    def of(self, editor: str, limit: int) -> list[Draft]:
        """The drafts of an editor that are open, waiting or saved, last changed first, without the bytes."""
        known = drafts.c.state.in_(["waiting", "saved"])
        living = (drafts.c.state == "open") & (drafts.c.expires > as_text(self._clock()))
        asked = select(*BRIEF).where(drafts.c.editor == editor, known | living)
        with self._store.reading() as connection:
            found = connection.execute(asked.order_by(drafts.c.updated.desc(), drafts.c.id).limit(limit))
            return [draft_of(row._mapping) for row in found]

    def replace(self, draft: Draft, file_name: str, data: bytes) -> Draft:
        """Put a corrected file in the place of the draft's; answers about cells and records go.

        Raises Conflict when the draft was changed since it was read.
        """
        kept = replace(draft.answers, corrections={}, decisions={})
        return self._write(
            draft, self._file(file_name, data) | {"answers": stored_answers(kept), "pasted": False}
        )

    def change(self, draft: Draft, answers: Answers) -> Draft:
        """Keep the editor's answers; raises Conflict when the draft was changed since it was read."""
        return self._write(draft, {"answers": stored_answers(answers), "expires": self._end()})

    def reached(self, draft: Draft, step: Step, errors: int) -> None:
        """Note where the draft stands; of no weight for its content, so a later change wins."""
        if (draft.step, draft.errors) != (step, errors):
            self._note(draft, {"step": step, "errors": errors})

    def discard(self, draft: Draft) -> None:
        """Forget the file; raises Conflict when the draft was saved meanwhile."""
        with self._store.writing() as connection:
            done = update(drafts).where(drafts.c.id == draft.id, drafts.c.state == "open")
            emptied = done.values(state="discarded", content=None, answers=stored_answers(Answers()))
            if connection.execute(emptied).rowcount != 1:
                raise Conflict("this draft is no longer open")

    def committed(self, draft: Draft) -> Callable[[Connection, DatasetVersion], None]:
        """For `Store.commit(together=...)`: the draft is saved in the same transaction, and only once.

        What is given back raises Conflict when the draft was saved, discarded or changed meanwhile.
        """

        def note(connection: Connection, version: DatasetVersion) -> None:
            made = select(dataset_versions.c.batch).where(dataset_versions.c.number == version.number)
            values = {
                "state": "saved",
                "content": None,
                "answers": stored_answers(Answers()),
                "version": version.number,
                "batch": made.scalar_subquery(),
                "remark": None,
            }
            if draft.state not in ("open", "waiting"):
                raise Conflict("this draft is no longer open")
            change_row(connection, draft, values | {"updated": as_text(self._clock())})

        return note

    def _write(self, draft: Draft, values: Mapping[str, Any]) -> Draft:
        if not draft.is_open:
            raise Conflict("this draft is no longer open")
        values = {**values, "updated": as_text(self._clock())}
        with self._store.writing() as connection:
            change_row(connection, draft, values)
        return self.get(draft.id, draft.editor)

    def _note(self, draft: Draft, values: Mapping[str, Any]) -> None:
        with self._store.writing() as connection:
            connection.execute(
                update(drafts)
                .where(drafts.c.id == draft.id, drafts.c.revision == draft.revision)
                .values(**values)
            )

    def _file(self, file_name: str, data: bytes) -> dict[str, Any]:
        return {
            "file_name": shorten(" ".join(file_name.split()) or "upload", MOST_NAME),
            "file_hash": hashlib.sha256(data).hexdigest(),
            "content": data,
            "updated": as_text(self._clock()),
            "expires": self._end(),
        }

    def _end(self) -> str:
        return as_text(self._clock() + timedelta(days=self._days))

    def _sweep(self, connection: Connection) -> None:
        """Drafts that nobody can go on with leave the database; what was saved stays told."""
        over = drafts.c.expires < as_text(self._clock())
        connection.execute(delete(drafts).where(over, drafts.c.state.in_(["open", "discarded"])))


def change_row(connection: Connection, draft: Draft, values: Mapping[str, Any]) -> None:
    """Write to a draft that is as it was read; raises Conflict when it was changed or saved since."""
    same = (drafts.c.id == draft.id, drafts.c.revision == draft.revision, drafts.c.state == draft.state)
    changed = update(drafts).where(*same).values(revision=draft.revision + 1, **values)
    if connection.execute(changed).rowcount != 1:
        raise Conflict("this draft was changed or saved in another window")


def _check_room(connection: Connection, editor: str, file_name: str) -> None:
    # Both kinds hold their bytes: with the limit of an upload this bounds the disk that one editor can fill.
    held = drafts.c.state.in_(["open", "waiting"])
    asked = select(func.count()).where(drafts.c.editor == editor, held)
    if connection.execute(asked).scalar_one() >= MOST_OPEN:
        expected = f"at most {MOST_OPEN} drafts that are open or wait for a reviewer; save or discard one"
        raise DataRefused([Problem("error", file_name, expected)])


def draft_of(row: Mapping[Any, Any]) -> Draft:
    """A draft from a row of the table."""
    named = {name: row[name] for name in Draft.__slots__ if name in row and name != "content"}
    times = {name: datetime.fromisoformat(row[name]) for name in ("created", "updated", "expires")}
    answers = Answers.from_dict(orjson.loads(row["answers"]))
    content = row.get("content")
    return Draft(**{**named, **times, "answers": answers, "content": content or b""})


def stored_answers(answers: Answers) -> str:
    """Answers as the table keeps them."""
    return orjson.dumps(answers.to_dict()).decode()


def as_text(moment: datetime) -> str:
    """A time (UTC) as the table keeps it."""
    return moment.isoformat(timespec="microseconds")
