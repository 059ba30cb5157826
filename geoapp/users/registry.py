"""`Users`: everything that the sign-in pages and `geoapp user` ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from geoapp.errors import NotFound
from geoapp.store import Store
from geoapp.store.user_tables import user_sessions, users
from geoapp.users import passwords, rows, sessions, throttle
from geoapp.users.model import (
    ROLES,
    PasswordRefused,
    Session,
    SignInRefused,
    TooManyTries,
    User,
    UserRefused,
    checked_role,
    folded_name,
    utc_now,
)

ADMINISTRATOR = ROLES[-1]
_WITH_HASH = select(*rows.USER, users.c.password_hash)


class Users:
    """The accounts of one store, for any thread; every method raises StoreFailed when the store does."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = utc_now) -> None:
        self._store, self._clock = store, clock
        self._sessions = sessions.Sessions(store)

    # Signing in and out

    def sign_in(self, name: str, password: str, address: str, device: str) -> tuple[User, str]:
        """The account and the token of a new session.

        `address` is where the try comes from; only a salted hash of it is kept. Raises SignInRefused, the
        same for an unknown name, a wrong password and a disabled account, and TooManyTries.
        """
        user = self._verified(name, password, address)
        with self._store.writing() as connection:
            return user, sessions.start(connection, user, device, self._clock())

    def session(self, token: str) -> Session | None:
        """The session of a token with its account, or None when it is over."""
        return self._sessions.find(token, self._clock())

    def sessions(self, user: User) -> list[Session]:
        """Where somebody is signed in, last used first."""
        return self._sessions.of(user, self._clock())

    def sign_out(self, token: str) -> None:
        """End one session."""
        self._sessions.end(token)

    def sign_out_everywhere(self, user: User, but: str | None = None) -> int:
        """End every session of somebody, except that of the token `but`; gives how many ended."""
        with self._store.writing() as connection:
            return sessions.end_all(connection, user, but)

    def revoke(self, user: User, number: int) -> None:
        """End one session of somebody by its number; raises NotFound when it is not theirs."""
        self._sessions.revoke(user, number)

    # Accounts

    def everyone(self) -> list[User]:
        """Every account by name, disabled ones too, with when it was last seen."""
        seen = (
            select(user_sessions.c.user, func.max(user_sessions.c.seen).label("seen"))
            .group_by(user_sessions.c.user)
            .subquery()
        )
        listed = select(*rows.USER, seen.c.seen).outerjoin(seen, seen.c.user == users.c.id)
        with self._store.reading() as connection:
            return [rows.user(row, row.seen) for row in connection.execute(listed.order_by(users.c.name))]

    def named(self, name: str) -> User:
        """The account of that name; raises NotFound."""
        with self._store.reading() as connection:
            return _named(connection, name)

    def add(self, name: str, role: str, password: str | None = None) -> tuple[User, str]:
        """A new account and its password: the one given, or one made here that must be changed at once.

        Raises UserRefused for a bad name or role or a name that is taken, PasswordRefused.
        """
        name, role = folded_name(name), checked_role(role)
        given = password or passwords.generate()
        passwords.check_new(given, name)
        values = {
            "name": name,
            "role": role,
            "password_hash": passwords.hashed(given),
            "must_change": password is None,
            "created": rows.text_of(self._clock()),
        }
        try:
            with self._store.writing() as connection:
                connection.execute(insert(users).values(**values))
                return _named(connection, name), given
        except IntegrityError as error:
            raise UserRefused(f"name: {name!r} is taken") from error

    def reset(self, name: str, password: str | None = None) -> tuple[User, str]:
        """A new password for somebody, who is signed out everywhere; made here unless given.

        One made here must be changed at once. Raises NotFound, PasswordRefused.
        """
        user = self.named(name)
        given = password or passwords.generate()
        passwords.check_new(given, user.name)
        hashed = passwords.hashed(given)
        with self._store.writing() as connection:
            _set(connection, user, password_hash=hashed, must_change=password is None)
            sessions.end_all(connection, user)
            return _named(connection, user.name), given

    def set_role(self, name: str, role: str) -> User:
        """Give somebody another role, in force at once.

        Raises NotFound, and UserRefused for the last administrator.
        """
        with self._store.writing() as connection:
            user = _named(connection, name)
            if checked_role(role) != ADMINISTRATOR:
                _keep_an_administrator(connection, user)
            return _set(connection, user, role=role)

    def disable(self, name: str) -> User:
        """Sign somebody out and let them in no more.

        Raises NotFound, and UserRefused for the last administrator.
        """
        with self._store.writing() as connection:
            user = _named(connection, name)
            _keep_an_administrator(connection, user)
            sessions.end_all(connection, user)
            return _set(connection, user, disabled=rows.text_of(self._clock()))

    def enable(self, name: str) -> User:
        """Let somebody in again, with the password they had; raises NotFound."""
        with self._store.writing() as connection:
            return _set(connection, _named(connection, name), disabled=None)

    def change_password(self, session: Session, token: str, old: str, new: str, address: str) -> None:
        """A new password of somebody's own; every other session of theirs ends.

        `token` and `address` are those of the session that asks. Raises PasswordRefused when the old one is
        wrong, the new one breaks the rule or the session ended meanwhile, and TooManyTries.
        """
        user = session.user
        passwords.check_new(new, user.name)
        if old == new:
            raise PasswordRefused("That is the password you have. Use another one.")
        try:
            self._verified(user.name, old, address)
        except SignInRefused as error:
            raise PasswordRefused("This is not your current password.") from error
        hashed = passwords.hashed(new)
        with self._store.writing() as connection:
            # Hashing takes a while, in which an administrator may have taken the account back.
            if not sessions.stands(connection, token):
                raise PasswordRefused("You were signed out in the meantime. Nothing was changed.")
            _set(connection, user, password_hash=hashed, must_change=False)
            sessions.end_all(connection, user, but=token)

    def _verified(self, name: str, password: str, address: str) -> User:
        """The account that name and password give; counts the try first, and forgives it when it is right."""
        with self._store.writing() as connection:
            tried = throttle.count_try(connection, name, address, self._clock())
            row = None if tried.wait_s else connection.execute(_WITH_HASH.where(_is(name))).one_or_none()
        if tried.wait_s:
            raise TooManyTries(tried.wait_s)
        known = None if row is None else row.password_hash
        if not passwords.matches(known, password) or row is None or row.user_disabled is not None:
            raise SignInRefused(tried.tries_left, tried.pause_s)
        better = passwords.hashed(password) if passwords.is_outdated(row.password_hash) else None
        with self._store.writing() as connection:
            row = connection.execute(_WITH_HASH.where(_is(name))).one_or_none()
            # Comparing takes a while, in which the password may have been reset or the account disabled.
            if row is None or row.password_hash != known or row.user_disabled is not None:
                raise SignInRefused(tried.tries_left, tried.pause_s)
            throttle.forgive(connection, name, address, self._clock())
            user = rows.user(row)
            return _set(connection, user, password_hash=better) if better else user


def _is(name: str) -> ColumnElement[bool]:
    try:
        return users.c.name == folded_name(name)
    except UserRefused:
        return users.c.id == -1


def _named(connection: Connection, name: str) -> User:
    row = connection.execute(select(*rows.USER).where(_is(name))).one_or_none()
    if row is None:
        raise NotFound("account", name)
    return rows.user(row)


def _set(connection: Connection, user: User, **values: object) -> User:
    connection.execute(update(users).where(users.c.id == user.id).values(**values))
    return _named(connection, user.name)


def _keep_an_administrator(connection: Connection, user: User) -> None:
    """Raise UserRefused when nobody could make accounts any more without this one."""
    others = select(func.count()).where(
        users.c.role == ADMINISTRATOR, users.c.disabled.is_(None), users.c.id != user.id
    )
    if user.role == ADMINISTRATOR and not connection.execute(others).scalar_one():
        raise UserRefused(f"{user.name} is the only administrator; make another one first")
