"""Figures for Prometheus, where a port for them is set: what was answered, how fast, and from which version.

Labels are names of our own: never an address, a path or a query.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from time import perf_counter
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from geoapp.config import Settings
from geoapp.errors import GeoappError
from geoapp.web import context

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

# Where all processes of one `geoapp serve` write their figures; read by the library as it is imported.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
# From a page that is kept to the limit of one question.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def register(app: Flask, settings: Settings) -> None:
    """Count every answer of this application; nothing where no port is set."""
    if not settings.metrics_port:
        return
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = app.extensions["geoapp.metrics"] = CollectorRegistry()
    labels = ("endpoint", "method", "status")
    answered = Counter("geoapp_requests", "Answers given", labels, registry=registry)
    seconds = Histogram(
        "geoapp_request_seconds",
        "Seconds until an answer began",
        ("endpoint",),
        registry=registry,
        buckets=SECONDS,
    )

    def begin() -> None:
        g.measured_from = perf_counter()

    def count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        method = request.method if request.method in METHODS else "other"
        answered.labels(endpoint, method, str(response.status_code)).inc()
        if "measured_from" in g:
            seconds.labels(endpoint).observe(perf_counter() - g.measured_from)
        return response

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    # The first one registered runs last: the answer is finished then.
    app.after_request_funcs.setdefault(None, []).insert(0, count)


def exposition(app: Flask) -> tuple[bytes, str]:
    """The figures of all processes with what the data set is now, and their media type."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    counted = app.extensions["geoapp.metrics"]
    if FOLDER_VARIABLE in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    now = CollectorRegistry()
    now.register(_DataSet(app))
    return generate_latest(counted) + generate_latest(now), CONTENT_TYPE_LATEST


class _DataSet:
    """What the database says at the moment that it is asked for."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked of the database to register this."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Whether it answers, and then number and size of the data set."""
        from prometheus_client.core import GaugeMetricFamily

        try:
            with self._app.app_context():
                now = context.store().current()
        except GeoappError:
            yield GaugeMetricFamily("geoapp_database_answers", "1 when the database answers", value=0)
            return
        yield GaugeMetricFamily("geoapp_database_answers", "1 when the database answers", value=1)
        yield GaugeMetricFamily(
            "geoapp_dataset_version", "Number of the data set's version", value=now.number
        )
        yield GaugeMetricFamily("geoapp_incidents", "Incidents in the data set", value=now.incidents)
        yield GaugeMetricFamily("geoapp_reports", "Reports in the data set", value=now.reports)
