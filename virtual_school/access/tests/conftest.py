import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """For tests with `live_server`. While Playwright runs, this thread has an event loop, so Django keeps
    another connection for it: the one used until now is closed first, or it would outlive its database."""
    from django.db import connections
    from playwright.sync_api import sync_playwright

    connections.close_all()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the loop is beside the test's queries, not in them
    with sync_playwright() as playwright:
        found = CHROMIUM if os.path.exists(CHROMIUM) else None
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
