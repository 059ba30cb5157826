"""The tables of the editors' accounts: people, where they are signed in, failed tries, requests.

No table holds an address of a person in clear; see `geoapp.users`, whose statements these serve.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, LargeBinary, Table, Text

from geoapp.store.schema import metadata

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True, comment="folded; author of batches, never public"),
    Column("password_hash", Text, nullable=False, comment="Argon2id, with its salt and parameters"),
    Column("role", Text, nullable=False, comment="editor, reviewer or administrator"),
    Column("must_change", Boolean, nullable=False, comment="the password was made for them"),
    Column("created", Text, nullable=False, comment="UTC, ISO 8601"),
    Column("disabled", Text, comment="UTC, ISO 8601; null: may sign in"),
)

user_sessions = Table(
    "user_sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True, comment="SHA-256 of what the cookie holds, hex"),
    Column("user", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("created", Text, nullable=False, comment="UTC, ISO 8601"),
    Column("seen", Text, nullable=False, comment="UTC, ISO 8601; written at most every few minutes"),
    Column("device", Text, nullable=False, comment="browser and system, such as Firefox on Linux"),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("key", Text, primary_key=True, comment="HMAC of what is counted, under the salt of the day, hex"),
    Column("failures", Integer, nullable=False),
    Column("last", Float(53), nullable=False, comment="seconds since 1970-01-01 UTC"),
    Column("until", Float(53), nullable=False, comment="no try before; seconds since 1970-01-01 UTC"),
)

request_counts = Table(
    "request_counts",
    metadata,
    Column("key", Text, primary_key=True, comment="HMAC of address and span, under the salt of the day, hex"),
    Column("requests", Integer, nullable=False),
    Column("until", Float(53), nullable=False, comment="end of the span; seconds since 1970-01-01 UTC"),
)

sign_in_salts = Table(
    "sign_in_salts",
    metadata,
    Column("day", Text, primary_key=True, comment="UTC, ISO 8601; only today's is kept"),
    Column("salt", LargeBinary, nullable=False),
)
