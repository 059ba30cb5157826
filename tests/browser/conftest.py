"""A live server on the shipped data, a headless Chromium, and a page that tolerates nothing.

Every page of these tests fails its test on a console error, a policy violation, a request to another
host, an answer of 400 or more, or an uncaught exception.
"""

import shutil
import socket
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

# The same engine without the rest of a browser takes half the time, where it is installed.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000
VIOLATIONS = """
window.__violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


def pytest_collection_modifyitems(config, items):
    """Mark what stands here; without a Chromium take it out and say so."""
    ours = [item for item in items if item.path.is_relative_to(config.rootpath / "tests" / "browser")]
    for item in ours:
        item.add_marker("browser")
    if ours and CHROMIUM is None:
        config.hook.pytest_deselected(items=ours)
        items[:] = [item for item in items if item not in ours]
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line(f"{len(ours)} browser tests left out: there is no chromium on the PATH")


@contextmanager
def served(settings):
    """Address of a server with these settings, for the block."""
    from waitress.server import create_server

    from geoapp.web.app import create_app
    from tests.serving import end

    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(
        create_app(settings), sockets=[listening], threads=8, clear_untrusted_proxy_headers=False
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    end(server, thread)


@pytest.fixture(scope="session")
def base_url(shipped_instance):
    """Address of a server on the shipped data."""
    from geoapp.config import Settings

    with served(Settings(instance_dir=shipped_instance)) as address:
        yield address


@pytest.fixture
def editing_url(shipped_instance, tmp_path):
    """Address of a server on a copy of the shipped data, with an editor, a reviewer and an administrator.

    It believes one proxy, so that a browser can come from another address.
    """
    from tests.editing import add_people, own_settings

    settings = own_settings(shipped_instance, tmp_path / "editing", trusted_proxies=1)
    add_people(settings, ana="editor", rosa="reviewer", admin="administrator")
    with served(settings) as address:
        yield address


@pytest.fixture
def open_two_person_page(browser, shipped_instance, tmp_path):
    """Opens pages of a server on which uploads wait for a second person."""
    from tests.editing import add_people, own_settings

    settings = own_settings(shipped_instance, tmp_path / "two-persons", second_person=True)
    add_people(settings, ana="editor", rosa="reviewer")
    with served(settings) as address, watched(browser, address) as opened:
        yield opened


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of this process."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Watch:
    """Collects what must not happen on a page."""

    def __init__(self, page, base_url, expected=()):
        self.page = page
        self.expected = expected
        self.host = urlsplit(base_url).netloc
        self.faults = []
        page.add_init_script(VIOLATIONS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _heard(self, message):
        # On a busy machine the browser counts what is still to be used as unused;
        if "preloaded using link preload but not used within a few seconds" in message.text:
            return
        refused = any(f"status of {status} " in message.text for status in self.expected)
        if message.type in ("error", "warning") and not refused:
            self.faults.append(f"console {message.type}: {message.text}")

    def _asked(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.faults.append(f"foreign request: {request.url}")

    def _answered(self, response):
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status}: {response.url}")

    def check(self):
        """Fail when anything was collected."""
        self.faults += [f"policy: {each}" for each in self.page.evaluate("window.__violations ?? []")]
        assert self.faults == []


@pytest.fixture
def open_page(browser, base_url):
    """Opens pages of this server, each watched until the test ends; `path` is the address below the root."""
    with watched(browser, base_url) as opened:
        yield opened


@pytest.fixture
def open_editing_page(browser, editing_url):
    """The same for the server of editors; `expected` are the answers above 400 that the story is about."""
    with watched(browser, editing_url) as opened:
        yield opened


@contextmanager
def watched(browser, base_url):
    """Gives what opens pages, each in a browser of its own, and holds all of them at the end."""
    contexts, watches = [], []

    def opened(path="/", *, width=1366, height=768, expected=(), **options):
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=base_url, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        watches.append(Watch(page, base_url, expected))
        page.goto(path)
        return page

    yield opened
    try:
        for watch in watches:
            watch.check()
    finally:
        for context in contexts:
            context.close()


@pytest.fixture
def until():
    """Waits until an expression on the page holds; polled, because the policy refuses Playwright's way."""

    def waited(page, expression, what=""):
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < deadline:
            found = page.evaluate(expression)
            if found:
                return found
            time.sleep(0.05)
        pytest.fail(f"did not come true in time: {what or expression}")

    return waited
