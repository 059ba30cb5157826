"""`/edit/incidents/...`: one incident and its reports by hand, with the rules of an upload."""

from geoapp.web.incident_form.views import blueprint

__all__ = ["blueprint"]
