"""What axe-core finds on a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# What passes is not wanted: describing each element that does takes axe longer than all its checks.
_ONLY_FAULTS = {"resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """Every fault of any severity, one line for each element that has it, once the page is whole."""
    page.wait_for_load_state()
    return [
        f"{each['id']}: {each['help']}: {node['html'][:160]}"
        for each in Axe().run(page, options=_ONLY_FAULTS).response["violations"]
        for node in each["nodes"]
    ]
