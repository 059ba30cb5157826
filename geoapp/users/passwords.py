"""Passwords: the rule for new ones, making one, and Argon2id hashes that cost the same for everyone."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geoapp.users.model import PasswordRefused

LEAST_CHARACTERS = 12
# More is no safer, and hashing it would let one request cost what many do.
MOST_CHARACTERS = 256
# Of what is left of a password without usual words, as many different characters must be.
LEAST_OWN = 4
RULE = f"at least {LEAST_CHARACTERS} characters, and not what others try first"

# What others try first: the parts of which the most usual long passwords are made.
USUAL = (
    *("password", "passw0rd", "p@ssw0rd", "p@ssword", "passwort", "parol", "пароль", "პაროლი"),
    *(
        "qwertyuiop",
        "qwerty",
        "qwertz",
        "azerty",
        "asdfghjkl",
        "asdfgh",
        "zxcvbnm",
        "1q2w3e4r5t6y",
        "1q2w3e4r",
    ),
    *("йцукенгшщзхъ", "йцукен", "фывапролджэ", "qazwsxedc", "qazwsx", "zaq12wsx", "1qaz2wsx3edc", "1qaz2wsx"),
    *("01234567890", "1234567890", "123456789", "12345678", "0987654321", "987654321", "123456", "654321"),
    *("12345", "1234", "4321", "123", "abcdefghijkl", "abcdef", "abcd", "abc", "111", "000"),
    *("iloveyou", "letmein", "welcome", "changeme", "whatever", "trustno1", "sunshine", "princess"),
    *("football", "baseball", "basketball", "superman", "batman", "starwars", "dragon", "monkey", "master"),
    *("shadow", "michael", "jennifer", "computer", "internet", "samsung", "google", "facebook", "liverpool"),
    *("administrator", "admin", "root", "guest", "test", "user", "login", "secret", "default", "temp"),
    *(
        "correcthorsebatterystaple",
        "correct horse battery staple",
        "boundaryincidents",
        "boundary",
        "incidents",
    ),
    *("geoapp", "editor", "reviewer", "georgia", "tbilisi", "tskhinvali", "sakartvelo", "moscow", "russia"),
)
_USUAL = re.compile("|".join(map(re.escape, sorted(USUAL, key=len, reverse=True))))
_YEAR = re.compile(r"(19|20)\d\d")

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

# OWASP's figures for Argon2id (19 MiB, two passes, one lane): about 35 ms of one core here.
TIME_COST, MEMORY_KIB, LANES = 2, 19_456, 1
_hasher = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES)
# A rush of sign-ins must not take the memory of the machine.
_at_a_time = BoundedSemaphore(2)


def check_new(password: str, name: str) -> None:
    """Hold a new password against the rule; raises PasswordRefused saying what is wrong with it."""
    password = _normal(password)
    if len(password) < LEAST_CHARACTERS:
        raise PasswordRefused(f"Use at least {LEAST_CHARACTERS} characters; a few words together do well.")
    if len(password) > MOST_CHARACTERS:
        raise PasswordRefused(f"Use at most {MOST_CHARACTERS} characters.")
    own = password.casefold()
    if len(name) > 1:
        own = own.replace(name.casefold(), "")
    own = _YEAR.sub("", _USUAL.sub("", own))
    if len(set(own)) < LEAST_OWN:
        raise PasswordRefused("This is among the first that others would try. Use something of your own.")


def generate() -> str:
    """A password of 20 letters and digits (99 bits) in four groups, without those that look alike."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def hashed(password: str) -> str:
    """The Argon2id hash of a password, with its salt and parameters."""
    with _at_a_time:
        return _hasher.hash(_normal(password))


@cache
def _nobody() -> str:
    """Nobody's password: compared with when there is no account, so that the answer takes as long."""
    return _hasher.hash(secrets.token_urlsafe(24))


def matches(known: str | None, password: str) -> bool:
    """Whether the password gives the hash; without one it takes as long and is False."""
    given = _normal(password)[: MOST_CHARACTERS + 1]
    with _at_a_time:
        # Asked for whether there is an account or not: the first answer of a process takes as long, too.
        nobody = _nobody()
        try:
            return _hasher.verify(known or nobody, given) and known is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(known: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(known)


def _normal(password: str) -> str:
    """One form for what different keyboards send for the same characters; what is far too long is cut."""
    return unicodedata.normalize("NFKC", password[: 8 * MOST_CHARACTERS])
