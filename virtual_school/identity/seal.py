"""Who a transaction acts for, sealed so that a statement slipped into a query cannot claim to be somebody else.

The database checks the seal in `identity.claims()` (see `sql.py`), with the two padded key blocks of
HMAC-SHA256 that it alone can read.
"""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass

from django.conf import settings

BLOCK = 64


@dataclass(frozen=True, slots=True)
class Claims:
    """`staff_of` are the authorities whose children this person may read, `writes_for` those whose records
    they may change; `cleared` opens the sensitive children among them. `voice_entry` is the one sitting in which
    a child (or a parent) says what they think: it opens their own words and nothing else."""

    person: int | None = None
    staff_of: tuple[int, ...] = ()
    writes_for: tuple[int, ...] = ()
    cleared: bool = False
    voice_entry: int | None = None


NOBODY = Claims()


def service(*authorities: int) -> Claims:
    """The service itself at work for these authorities: commands, and the nightly work."""
    return Claims(None, authorities, authorities, True)


def _key() -> bytes:
    return hashlib.sha256(b"identity:" + settings.SECRET_KEY.encode()).digest()


def padded_key() -> tuple[bytes, bytes]:
    """The inner and outer block, as the table identity.key holds them."""
    block = _key().ljust(BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def sealed(claims: Claims) -> tuple[str, str]:
    """The claims as text with their expiry, and the seal over that text."""
    if claims == NOBODY:
        return "", ""
    text = json.dumps(
        {
            "p": claims.person,
            "s": claims.staff_of,
            "w": claims.writes_for,
            "c": claims.cleared,
            "v": claims.voice_entry,
            "x": time.time() + settings.IDENTITY_SECONDS,
        }
    )
    return text, hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()
