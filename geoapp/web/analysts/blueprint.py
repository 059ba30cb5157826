"""The one blueprint of the analysts' addresses."""

from __future__ import annotations

from flask import Blueprint

from geoapp.web import security

blueprint = Blueprint("analysts", __name__)
blueprint.after_request(security.open_to_other_sites)
