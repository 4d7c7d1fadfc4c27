"""What a serving process loads before its first request."""

import gc

from django.urls import get_resolver


def load_pages() -> None:
    """Every page's code, then out of the collector's sight: it lives as long as the process, and a full search for
    garbage among it took a tenth of a second of every tenth page with thousands of children."""
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
