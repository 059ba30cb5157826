"""How exports go out: the whole set as a file that is there, a part of it as it is found."""

from __future__ import annotations

import re
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from flask import Response, current_app, request, url_for
from werkzeug.utils import send_file

from geoapp.errors import NoRoom
from geoapp.export import FORMATS, About, Format
from geoapp.export.bulk import Built, Bulk, room
from geoapp.export.coding import encoded
from geoapp.export.credits import parts
from geoapp.export.pieces import PIECE_BYTES
from geoapp.export.spooling import spool
from geoapp.export.styles import groups_of
from geoapp.query import Filters
from geoapp.store import DatasetVersion
from geoapp.web import context, validators
from geoapp.web.compression import COMPRESSIBLE, preferred_encoding
from geoapp.web.turns import EXPORTS

MOST_NAME = 80
# Kept files alone come as Zstandard too; Brotli is smaller, and every browser takes it.
CODINGS_OF_FILES = ("br", "zstd", "gzip")
_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})", re.ASCII)


def bulk() -> Bulk:
    """The kept files of the whole set, of this program and for the public address of this site."""
    folder = context.settings().instance_dir / "exports"
    return Bulk(folder, key=current_app.extensions["geoapp.program_hash"], licences=_licences())


def whole(form: Format, *, bom: bool) -> Response:
    """All incidents: a kept file with validators, byte ranges and its checksum; made now if nobody has.

    On a full disk what is text is sent without a file, and of other forms the last one that was made.
    """
    try:
        built, path, coding = _file(form, bom=bom)
    except NoRoom:
        if form.write is not None:
            return filtered(form, Filters(), bom=bom)
        last = bulk().last(context.store(), form.extension, bom=bom)
        if last is None:
            raise
        built, path, coding = last, last.path, "identity"
    response = _of_file(path, form, built, coding)
    response.headers["Content-Disposition"] = _attached(form, Filters(), built.version)
    _describe(response, form, Filters())
    if coding == "identity":
        response.headers["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(built.sha256)).decode()}:"
    else:
        response.headers["Content-Encoding"] = coding
    return response


def _file(form: Format, *, bom: bool) -> tuple[Built, Path, str]:
    """The kept file of all incidents, where it stands in the coding that is asked for, and that coding."""
    kept, store = bulk(), context.store()
    # A range of bytes is asked of the file itself; those of a coding are of no use to who resumes.
    coding = "identity" if "Range" in request.headers else _coding(form)
    is_there = kept.has(store.current(), form.extension, coding, bom=bom)
    # Who waits for the one that makes a file takes a turn, too: else all threads could wait for it.
    with nullcontext() if is_there else EXPORTS.turn():
        built = kept.file(store, form.extension, bom=bom)
        return built, built.path if coding == "identity" else kept.coded(built, coding), coding


def _of_file(path: Path, form: Format, built: Built, coding: str) -> Response:
    environ = request.environ
    if not _is_one_range(environ.get("HTTP_RANGE", ""), path.stat().st_size):
        environ = {name: value for name, value in environ.items() if name != "HTTP_RANGE"}
    tag = f"{built.sha256[:32]}-{coding}"
    response = send_file(
        path,
        environ,
        form.media_type,
        etag=tag,
        last_modified=built.made,
        conditional=True,
        response_class=Response,
    )
    assert isinstance(response, Response)
    # What is guessed from its beginning says the character set once more.
    response.content_type = form.media_type
    return response


def _is_one_range(header: str, size: int) -> bool:
    """Whether this asks for one part of a file of `size` bytes.

    Everything is the answer to all else (RFC 9110, section 14.2): other units, what is not well formed,
    several ranges at once, and more bytes from the end than there are.
    """
    found = _ONE_RANGE.fullmatch(header.strip())
    if found is None or not any(found.groups()):
        return False
    first, last = found.groups()
    if not first:
        return int(last) <= size
    return not last or int(first) <= int(last)


def filtered(form: Format, filters: Filters, *, bom: bool) -> Response:
    """Those incidents that the filters leave, from the first row on."""
    tag = _tag_of_address()
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    elif form.write is None:
        response = _spooled(form, filters)
    else:
        response = _streamed(form, filters, bom=bom)
    response.set_etag(tag)
    _describe(response, form, filters)
    if filters.limit is not None or filters.offset:
        response.headers["Number-Matched"] = str(context.store().count(filters))
    return response


def text(content: str, content_type: str = "text/plain; charset=utf-8") -> Response:
    """A short text of the data set, with a validator."""
    response = Response(content, content_type=content_type)
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(validators.tag_of(content_type, content))
    response.vary.add("Accept-Encoding")
    response.make_conditional(request)
    return response


def stream(pieces: Iterator[bytes], media_type: str) -> Response:
    """Text as it is found, in the coding that the reader takes."""
    # The first piece is fetched here: a database that does not answer is a 503 and not half a file.
    first = next(pieces)
    compressible = media_type.startswith(COMPRESSIBLE)
    header = request.headers.get("Accept-Encoding", "") if compressible else ""
    coding = preferred_encoding(header)
    response = Response(encoded(chain([first], pieces), coding), content_type=media_type)
    if coding != "identity":
        response.headers["Content-Encoding"] = coding
    return response


class _Opened(NamedTuple):
    version: DatasetVersion
    pieces: Iterator[bytes]


def _streamed(form: Format, filters: Filters, *, bom: bool) -> Response:
    opened = _open(form, filters, bom=bom)
    response = stream(opened.pieces, form.media_type)
    # A stream that nobody reads to its end (HEAD, a reader who left) gives its connection back.
    response.call_on_close(opened.pieces.close)  # type: ignore[attr-defined]
    response.headers["Content-Disposition"] = _attached(form, filters, opened.version.number)
    return response


def _open(form: Format, filters: Filters, *, bom: bool) -> _Opened:
    with ExitStack() as stack:
        version, features = stack.enter_context(context.store().snapshot(filters))
        assert form.write is not None
        written = form.write(features, about(version, filters, bom=bom))
        return _Opened(version, _pieces(written, stack.pop_all()))


def _pieces(pieces: Iterator[bytes], stack: ExitStack) -> Iterator[bytes]:
    with stack:
        yield from pieces


def _spooled(form: Format, filters: Filters) -> Response:
    """Binary forms need a whole file before the first byte; it is gone when the answer is sent."""
    if request.method == "HEAD":
        # Without a length (RFC 9110, section 9.3.2): it would cost as much as the file.
        response = Response(iter(()), content_type=form.media_type)
        response.headers["Content-Disposition"] = _attached(form, filters, context.dataset().number)
        return response
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="geoapp-export-")))
        path = folder / f"incidents.{form.extension}"
        with EXPORTS.turn(), room(folder), context.store().snapshot(filters) as (version, features):
            spool(features, form.save, about(version, filters), path)
        file = stack.enter_context(path.open("rb"))
        response = Response(iter(lambda: file.read(PIECE_BYTES), b""), content_type=form.media_type)
        response.content_length = path.stat().st_size
        response.headers["Content-Disposition"] = _attached(form, filters, version.number)
        response.call_on_close(stack.pop_all().close)
    return response


def about(version: DatasetVersion, filters: Filters, *, bom: bool = False) -> About:
    """What a file of these filters says about itself."""
    return About(
        version=version.number,
        made=version.created,
        licences=_licences(),
        query=context.query_of(filters).removeprefix("?"),
        parts=parts(context.reference()),
        groups=groups_of(context.reference()),
        bom=bom,
    )


def _licences() -> str:
    """Address of the licences. Without a public address of the site its path: a kept file must not say
    what host the first of its readers happened to ask for."""
    return context.settings().base_url + url_for("analysts.licences")


def _coding(form: Format) -> str:
    if not form.media_type.startswith(COMPRESSIBLE):
        return "identity"
    return preferred_encoding(request.headers.get("Accept-Encoding", ""), CODINGS_OF_FILES)


def _describe(response: Response, form: Format, filters: Filters) -> None:
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Link"] = ", ".join(_links(form, filters))
    response.vary.add("Accept-Encoding")


def _tag_of_address() -> str:
    """Strong validator: the data, the reference data, the address, and the coding that is taken."""
    known = context.dataset()
    address = context.absolute_url(request.full_path)
    program = current_app.extensions["geoapp.program_hash"]
    return validators.tag_of(known.number, known.content_hash, context.reference().hash, program, address)


def _links(form: Format, filters: Filters) -> Iterator[str]:
    yield f'<{context.absolute_url(url_for("analysts.licences"))}>; rel="license"'
    for other in FORMATS.values():
        if other is not form:
            path = url_for("analysts.incidents", extension=other.extension) + context.query_of(filters)
            kind = other.media_type.partition(";")[0]
            yield f'<{context.absolute_url(path)}>; rel="alternate"; type="{kind}"'


def _attached(form: Format, filters: Filters, version: int) -> str:
    """A name that tells what is in the file: the filters, cut where too long, and the data set's version."""
    told = "-".join("-".join(pair) for pair in filters.to_pairs())
    slug = re.sub(r"[^a-z0-9]+", "-", told.lower())[:MOST_NAME].strip("-")
    name = "-".join(part for part in ("incidents", slug, f"v{version}") if part)
    return f'attachment; filename="{name}.{form.extension}"'
