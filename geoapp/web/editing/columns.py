"""`/edit/uploads/<id>/columns`: which column of a foreign file is which."""

from __future__ import annotations

from geoapp.web.editing.shared import go, own
from geoapp.web.editing.uploads import Answer, blueprint


@blueprint.get("/uploads/<draft_id>/columns")
def columns(draft_id: str) -> Answer:
    """The columns of the file; raises NotFound and Gone."""
    return go("uploads.check", draft_id=own(draft_id).id)
