"""The Atom feed (RFC 4287) of new and changed incidents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import url_for

from geoapp.export.credits import INCIDENTS
from geoapp.incident import Record
from geoapp.query import Filters
from geoapp.reference import Reference
from geoapp.web import context, language, names, wording
from geoapp.web.catalogs import label
from geoapp.web.language import gettext as _

NAMESPACE = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot carry, not even as a reference; cells may hold some of it.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(
    records: Sequence[Record], times: Mapping[int, datetime], reference: Reference, filters: Filters
) -> bytes:
    """The feed of these records, newest change first; `times` tells when each batch was made (UTC)."""
    root = Element("feed", {"xmlns": NAMESPACE, "xml:lang": language.code()})
    own = context.absolute_url(url_for("changes.atom")) + context.query_of(filters)
    listed = context.absolute_url(url_for("readers.incidents")) + context.query_of(filters)
    _text(root, "id", own)
    _text(root, "title", _("Boundary incidents: new and changed"))
    newest = max((times[record.batch] for record in records), default=context.dataset().created)
    _text(root, "updated", newest.isoformat())
    SubElement(root, "link", rel="self", type="application/atom+xml", href=own)
    SubElement(root, "link", rel="alternate", type="text/html", href=listed)
    _text(SubElement(root, "author"), "name", _("Boundary incidents"))
    _text(root, "rights", f"{_('Record texts:')} {INCIDENTS.name}, {INCIDENTS.url}")
    for record in records:
        _entry(root, record, times[record.batch], reference)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _entry(root: Element, record: Record, updated: datetime, reference: Reference) -> None:
    incident, entry = record.incident, SubElement(root, "entry")
    address = context.absolute_url(url_for("readers.incident", incident_id=incident.id))
    _text(entry, "id", address)
    _text(entry, "title", incident.title)
    _text(entry, "updated", updated.isoformat())
    SubElement(entry, "link", rel="alternate", type="text/html", href=address)
    category = reference.categories[incident.category]
    SubElement(entry, "category", term=category.code, label=_clean(label("category", category.label)))
    news = _("New record") if record.version == 1 else _("Changed, version %(number)s", number=record.version)
    place, _own = names.of_incident(incident, record.joined, reference.gazetteer)
    counts = wording.badge(len(record.joined.parties), record.joined.publishers)
    _text(
        entry,
        "summary",
        f"{news}. {wording.incident_days(incident)}, {place}. "
        f"{wording.status_label(incident.status)}: {counts}. {incident.summary}",
    )


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
