"""What many tests would pay for again and again, paid once: compiled templates and costly password hashes."""

from __future__ import annotations

from flask import Flask
from jinja2 import BytecodeCache, Environment

COMPILED: dict[str, bytes] = {}


class _Remembered(BytecodeCache):
    """Templates by the hash of their name; jinja itself compiles again where the source is another one."""

    def load_bytecode(self, bucket):
        if bucket.key in COMPILED:
            bucket.bytecode_from_string(COMPILED[bucket.key])

    def dump_bytecode(self, bucket):
        COMPILED[bucket.key] = bucket.bytecode_to_string()


def install() -> None:
    """Let every application of this process share its compiled templates, and hash passwords cheaply.

    `tests/unit/users/test_passwords.py` holds what a hash costs outside of tests.
    """
    made = Flask.create_jinja_environment

    def remembering(app: Flask) -> Environment:
        environment = made(app)
        environment.bytecode_cache = _Remembered()
        return environment

    Flask.create_jinja_environment = remembering

    from argon2 import PasswordHasher

    from geoapp.users import passwords

    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._nobody.cache_clear()
