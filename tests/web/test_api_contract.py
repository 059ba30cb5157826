"""Schemathesis against the served description: no failure of ours, and no answer that it does not list."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

HOLDS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
# All layers are answered by the same code: two of them stand for the six others.
NAMES = ("incidents", "places", "abl_band")
PARTS = ("", "/queryables", "/schema", "/items", "/items/{featureId}")
PATHS = ["/", "/conformance", "/openapi.json", "/collections"]
PATHS += [f"/collections/{name}{part}" for name in NAMES for part in PARTS]
ITEMS = "/collections/incidents/items"


@pytest.fixture(scope="module")
def api(app):
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", PATHS)
def test_every_operation_answers_as_it_is_described(api, path, mode):
    operation = api[path]["GET"]

    @settings(
        max_examples=60 if path == ITEMS else 8,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers(case):
        # The transport in the process takes no content coding apart.
        case.call_and_validate(checks=HOLDS, headers={"Accept-Encoding": "identity"})

    answers()


def test_the_description_holds_for_every_collection(api, app):
    listed = app.test_client().get("/api/collections").get_json()["collections"]
    described = {path for path in api.raw_schema["paths"] if path.endswith("/items")}
    assert described == {f"/collections/{each['id']}/items" for each in listed}
