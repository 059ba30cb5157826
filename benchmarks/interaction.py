"""What a reader does on the map: dragging the brush, choosing filters, opening it on a weak link; memory."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.map_page import SIZE, until_measured

STEPS = 90
FRAME_MS = 16
# 10 Mbit/s with 40 ms there and back, and a processor four times slower.
WEAK = {"offline": False, "latency": 40, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6}
SLOWER = 4
_READY = "async () => { await (await window.boundaryMap.dataset).complete; }"
_RECORD = """() => {
    window.frames_ = [];
    let last = performance.now();
    const turn = (now) => {
        window.frames_.push(now - last);
        last = now;
        window.turn_ = requestAnimationFrame(turn);
    };
    window.turn_ = requestAnimationFrame(turn);
}"""
_RECORDED = "() => { cancelAnimationFrame(window.turn_); return window.frames_.slice(1); }"
_COUNT = """async () => {
    const { count } = await import(document.querySelector('link[href$="/js/data.js"]').href);
    const dataset = await window.boundaryMap.dataset;
    const filters = { category: [dataset.manifest.categories[0].code, dataset.manifest.categories[1].code],
        datetime: [14000, 18000] };
    const times = [];
    for (let turn = 0; turn < 15; turn += 1) {
        const begin = performance.now();
        count(dataset, filters);
        times.push(performance.now() - begin);
    }
    return times;
}"""


def measure(browser: Browser, address: str, runs: int) -> dict[str, Any]:
    """Frames of a brush drag, counts beside choices and first marks on a weak link in ms; memory in MB."""
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + "/", wait_until="commit")
    until_measured(page, "first-marks")
    page.evaluate(_READY)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    frames = _drag(page)
    counts = page.evaluate(_COUNT)
    memory = _renderer_megabytes(browser)
    context.close()
    return {
        "brush_frame_ms": {"median": round(median(frames), 1), "p95": round(_share(frames, 0.95), 1)},
        "facet_counts_ms": {"median": round(median(counts), 1), "p95": round(_share(counts, 0.95), 1)},
        "renderer_megabytes": memory,
        "weak_link_first_marks_ms": [round(_weak(browser, address)) for _ in range(runs)],
    }


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def _drag(page: Page) -> list[float]:
    """Draw a new range across the whole histogram; the time from picture to picture, ms."""
    box = page.locator("#hist > svg").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 60, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, y)
    page.evaluate(_RECORD)
    for step in range(STEPS):
        page.mouse.move(box["x"] + 80 + (box["width"] - 160) * step / STEPS, y)
        page.wait_for_timeout(FRAME_MS)
    frames: list[float] = page.evaluate(_RECORDED)
    page.mouse.up()
    return frames


def _renderer_megabytes(browser: Browser) -> float:
    """Private memory of the largest renderer, from the kernel's own count (Linux); 0 elsewhere."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    sizes = [_private_megabytes(each["id"]) for each in processes if each["type"] == "renderer"]
    return round(max(sizes, default=0.0), 1)


def _private_megabytes(process: int) -> float:
    rollup = Path(f"/proc/{process}/smaps_rollup")
    if not rollup.is_file():
        return 0.0
    lines = rollup.read_text(encoding="ascii").splitlines()
    sizes = [int(line.split()[1]) for line in lines if line.startswith("Private_")]
    return sum(sizes) / 1000


def _weak(browser: Browser, address: str) -> float:
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", WEAK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(address + "/", wait_until="commit")
        (first, *_) = until_measured(page, "first-marks")
        return first
    finally:
        context.close()
