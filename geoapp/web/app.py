"""The application, put together on one screen."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from geoapp.config import Settings, resource
from geoapp.web import (
    access_log,
    analysts,
    api,
    assets,
    auth,
    catalogs,
    compression,
    context,
    directions,
    editing,
    health,
    incident_form,
    language,
    limits,
    metrics,
    problems,
    security,
    validators,
)
from geoapp.web.analysts import page as downloads
from geoapp.web.auth import account, people, sign_in
from geoapp.web.readers import (
    background,
    changes,
    checkpoints,
    citing,
    embed,
    keep,
    map_page,
    mapdata,
    pages,
    places,
    stories,
)

PARTS = (
    assets,
    health,
    pages,
    places,
    checkpoints,
    stories,
    citing,
    changes,
    embed,
    keep,
    map_page,
    mapdata,
    background,
    analysts,
    downloads,
    api,
    sign_in,
    account,
    people,
    incident_form,
    *editing.PARTS,
)
BLUEPRINTS = tuple(each.blueprint for each in PARTS)


def create_app(settings: Settings | None = None) -> Flask:
    """The web application for these settings (default: the environment); opens the store on first use."""
    settings = settings or Settings.from_env()
    app = language.Site("geoapp", static_folder=None, template_folder=str(resource("templates")))
    app.config.update(TRUSTED_HOSTS=list(settings.trusted_hosts) or None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_options = {
        "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True,
        "finalize": directions.as_shown,
    }  # fmt: skip
    app.extensions["geoapp.settings"] = settings
    app.extensions["geoapp.assets"] = assets.Assets.collect()
    catalogs.register(app, settings.data_dir)
    background.register(app, settings)
    app.wsgi_app = language.Prefixes(app.wsgi_app)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    # Before anything that builds an address.
    app.before_request(security.refuse_bad_host)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    problems.register(app)
    context.register(app)
    validators.register(app)
    limits.register(app, settings)
    editing.register(app)
    auth.register(app)
    # The last one registered runs first: validators, compression, keeping, then the security headers.
    app.after_request(security.protect)
    app.after_request(validators.keep)
    app.after_request(compression.compress_response)
    app.after_request(validators.set_validators)
    access_log.register(app, settings)
    metrics.register(app, settings)
    return app
