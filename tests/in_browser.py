"""A real browser: who sits before it, and what must be right on every page whoever looks."""

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from virtual_school.access.models import User
from virtual_school.access.tests.signing_in import signed_in

DESK, TABLET, PHONE = ({"width": width, "height": 900} for width in (1280, 768, 375))
AXE = Axe().axe_script
OPEN = """() => {
    window.opened = [...document.querySelectorAll("details:not([open])")];
    window.opened.forEach(part => part.open = true);
}"""
CLOSE = "() => window.opened.forEach(part => part.open = false)"
RULES = {"resultTypes": ["violations"]}
LEAVING = """navigation.addEventListener("navigate", event => {
    if (!event.destination.sameDocument && event.downloadRequest === null) window.isLeaving = true;
})"""
"""A click may return before the page it leads to has come: until then the page it was made on says that it is left."""


def context_of(browser: Browser, live_server: Any, user: User | None, width: int = 1280, **more: Any) -> BrowserContext:
    """A browser of this width in which this person has signed in, or nobody has."""
    size = {"width": width, "height": 900}
    context = browser.new_context(base_url=live_server.url, viewport=size, **more)
    context.add_init_script(LEAVING)
    if user is not None:
        session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return context


def faults(page: Page) -> list[str]:
    """What axe finds at this width with every part open, and what is wider than the window."""
    page.wait_for_function("!window.isLeaving")
    page.wait_for_load_state()
    page.evaluate(OPEN)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    width = page.viewport_size["width"] if page.viewport_size else 0
    found = page.evaluate("rules => axe.run(rules).then(all => all.violations)", RULES)
    wrong = [f"{page.url} at {width}: {one['id']}, {node['html'][:200]}" for one in found for node in one["nodes"]]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.evaluate(CLOSE)
    return [*wrong, f"{page.url} at {width}: {wide} pixels too wide"] if wide > 0 else wrong


def look(page: Page, name: str = "", sizes: Any = (DESK, PHONE)) -> list[str]:
    """The faults at each width, and a title that does not begin with the one heading. With a name, pictures are kept
    in the folder VS_PICTURES."""
    before, wrong = page.viewport_size, []
    for size in sizes:
        page.set_viewport_size(size)
        if name and (folder := os.environ.get("VS_PICTURES")):
            page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)
        wrong += faults(page)
    headings = page.locator("h1").all_inner_texts()
    if len(headings) != 1 or not page.title().removeprefix("Error: ").startswith(headings[0]):
        wrong.append(f"{page.url}: the title {page.title()!r} does not begin with {headings}")
    if before:
        page.set_viewport_size(before)
    return wrong
