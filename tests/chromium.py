"""The browser of a test process: started once, for all its tests in a browser that follow each other."""

import os

from django.db import connections
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

DEBIANS = "/usr/bin/chromium"
"""Elsewhere the one Playwright brings."""
PATIENCE = 20_000
"""Milliseconds an expectation may take to come true: other tests keep the machine busy."""


class Chromium:
    """While Playwright runs, this thread has an event loop, so Django keeps another connection for it: the one used
    until then is closed first, or it would outlive its database."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def browser(self) -> Browser:
        if self._browser is None:
            connections.close_all()
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the loop is beside the test's queries, not in them
            expect.set_options(timeout=PATIENCE)
            self._playwright = sync_playwright().start()
            found = DEBIANS if os.path.exists(DEBIANS) else None
            self._browser = self._playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        return self._browser

    def close(self) -> None:
        """Before a test that is not in a browser, which may want a loop of its own."""
        if self._browser is None or self._playwright is None:
            return
        self._browser.close()
        connections.close_all()
        self._playwright.stop()
        self._browser = self._playwright = None
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
