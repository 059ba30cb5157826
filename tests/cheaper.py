"""What many tests would pay for again and again, paid once: templates, routes, costly password hashes."""

from __future__ import annotations

from functools import cache

from flask import Flask
from jinja2 import BytecodeCache, Environment
from werkzeug.routing import Rule

COMPILED: dict[str, bytes] = {}


class _Remembered(BytecodeCache):
    """Templates by the hash of their name; jinja itself compiles again where the source is another one."""

    def load_bytecode(self, bucket):
        if bucket.key in COMPILED:
            bucket.bytecode_from_string(COMPILED[bucket.key])

    def dump_bytecode(self, bucket):
        COMPILED[bucket.key] = bucket.bytecode_to_string()


_compile = Rule._compile_builder


def _compiled_once(rule: Rule, append_unknown: bool = True):
    """A function that writes addresses; what it does follows from the rule's text where nothing is preset."""
    if rule.defaults:
        return _compile(rule, append_unknown)
    return _builder(rule.rule, tuple(rule._trace), append_unknown)


@cache
def _builder(text: str, trace: tuple[tuple[bool, str], ...], append_unknown: bool):
    rule = Rule(text)
    rule._trace = list(trace)
    return _compile(rule, append_unknown)


def install() -> None:
    """Let every application of this process share compiled templates and routes; hash passwords cheaply.

    `tests/unit/users/test_passwords.py` holds what a hash costs outside of tests.
    """
    made = Flask.create_jinja_environment

    def remembering(app: Flask) -> Environment:
        environment = made(app)
        environment.bytecode_cache = _Remembered()
        return environment

    Flask.create_jinja_environment = remembering

    Rule._compile_builder = _compiled_once

    from argon2 import PasswordHasher

    from geoapp.users import passwords

    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._nobody.cache_clear()
