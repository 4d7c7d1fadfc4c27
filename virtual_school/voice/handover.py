"""Handing the page over: an adult's code, the right it carries, and the three pictures with which one comes back.

All of it is read before anyone is known, so nothing here names a child: keyed hashes and ids only.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .models import Entry, HandOverCode, SecretPictures, Sitting

COOKIE = "__Host-voice" if settings.IS_HTTPS else "voice"
CODE_LIFE = timedelta(minutes=15)
TRIES = 5
TRIES_AN_ADDRESS = 20
LONGEST, IDLE = timedelta(minutes=60), timedelta(minutes=15)
TOUCH = timedelta(seconds=20)

PICTURES = (
    "cat", "fish", "bird", "elephant", "butterfly", "turtle", "sun", "moon", "rainbow", "flower", "tree", "mountain",
    "banana", "strawberry", "carrot", "ice_cream", "train", "boat", "rocket", "bicycle", "umbrella", "drum", "balloon",
    "lamp",
)  # fmt: skip
"""Ordered, three of 24: 12,144 ways. Their words are those of the cards."""


class Refused(Exception):
    """`key` names the words that say why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def keyed(kind: str, text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"voice.{kind}:{text}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Code:
    digits: str
    expires_at: datetime

    @property
    def in_fours(self) -> str:
        return f"{self.digits[:4]} {self.digits[4:]}"


def new_code(entry: Entry, spare: Entry | None) -> Code:
    """A new code ends the one before. The first four digits are no other live code's."""
    now = timezone.now()
    HandOverCode.objects.filter(entry_id=entry.pk, used_at__isnull=True, ended_at__isnull=True).update(ended_at=now)
    live = set(
        HandOverCode.objects.filter(expires_at__gt=now, used_at__isnull=True, ended_at__isnull=True).values_list(
            "finder", flat=True
        )
    )
    finder = _digits()
    while finder in live:
        finder = _digits()
    digits = finder + _digits()
    made = HandOverCode.objects.create(
        authority_id=entry.authority_id, entry_id=entry.pk, spare_id=spare.pk if spare else None, finder=finder,
        code_hash=keyed("code", digits), expires_at=now + CODE_LIFE,
    )  # fmt: skip
    return Code(digits, made.expires_at)


def _digits() -> str:
    return f"{secrets.randbelow(10_000):04d}"


def redeem(typed: str, address: str) -> str:
    """The token of a new sitting. Raises Refused."""
    digits = "".join(c for c in typed if c.isascii() and c.isdigit())
    _count(address)
    now = timezone.now()
    held = HandOverCode.objects.select_for_update().filter(finder=digits[:4], ended_at__isnull=True).order_by("-id")
    code = held.first()
    if len(digits) != 8 or code is None:
        raise Refused("code.wrong")
    if code.used_at is not None or code.expires_at <= now:
        raise Refused("code.old")
    if code.tries >= TRIES:
        raise Refused("code.too_many")
    if not hmac.compare_digest(code.code_hash, keyed("code", digits)):
        code.tries += 1
        code.save(update_fields=["tries"])
        raise Refused("code.too_many" if code.tries >= TRIES else "code.wrong")
    code.used_at = now
    code.save(update_fields=["used_at"])
    return begin(code.authority_id, code.entry_id, code.spare_id)


def _count(address: str) -> None:
    """Wrong or right, so many from one address in a quarter of an hour."""
    key = "voice.code." + keyed("address", address)
    cache.add(key, 0, int(CODE_LIFE.total_seconds()))
    if cache.incr(key) > TRIES_AN_ADDRESS:
        raise Refused("code.too_many")


def begin(authority: int, entry: int, spare: int | None, *, is_own_account: bool = False) -> str:
    """What was begun before opens with its pictures only; an entry without any has nothing to protect yet, or is the
    one a child begins again with."""
    token, now = secrets.token_urlsafe(32), timezone.now()
    Sitting.objects.create(
        token_hash=keyed("sitting", token), authority_id=authority, entry_id=entry, spare_id=spare,
        is_open=is_own_account or spare is None, is_own_account=is_own_account, began_at=now, last_at=now,
    )  # fmt: skip
    return token


def sitting_of(request: HttpRequest) -> Sitting | None:
    """The one in force behind this request's cookie; using it keeps it alive."""
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return None
    now = timezone.now()
    found = Sitting.objects.filter(token_hash=keyed("sitting", token), ended_at__isnull=True).first()
    if found is None or now - found.began_at > LONGEST or now - found.last_at > IDLE:
        return None
    if now - found.last_at > TOUCH:
        Sitting.objects.filter(pk=found.pk).update(last_at=now)
    return found


def give_cookie(response: HttpResponse, token: str) -> None:
    response.set_cookie(COOKIE, token, httponly=True, secure=settings.IS_HTTPS, samesite="Strict", path="/")


def leave(request: HttpRequest, response: HttpResponse) -> None:
    sitting = getattr(request, "sitting", None)
    if sitting is not None:
        Sitting.objects.filter(pk=sitting.pk).update(ended_at=timezone.now())
    response.delete_cookie(COOKIE, path="/", samesite="Strict")
    response["Clear-Site-Data"] = '"cache", "storage"'


def address_of(request: HttpRequest) -> str:
    return get_adapter().get_client_ip(request)


def _pictures_hash(entry: int, chosen: list[str]) -> str:
    return keyed("pictures", f"{entry}:{','.join(chosen)}")


def are_pictures(chosen: list[str]) -> bool:
    return len(chosen) == 3 and len(set(chosen)) == 3 and set(chosen) <= set(PICTURES)


def keep_pictures(entry: int, chosen: list[str]) -> None:
    SecretPictures.objects.update_or_create(
        entry_id=entry, defaults={"pictures_hash": _pictures_hash(entry, chosen), "tries": 0}
    )


def has_pictures(entry: int) -> bool:
    return SecretPictures.objects.filter(entry_id=entry).exists()


def open_with(sitting: Sitting, chosen: list[str]) -> bool:
    """Five tries in all; then what was begun stays closed. Raises Refused once it does."""
    held = SecretPictures.objects.select_for_update().filter(entry_id=sitting.entry_id).first()
    if held is None or held.tries >= TRIES:
        raise Refused("code.too_many_pictures")
    if not hmac.compare_digest(held.pictures_hash, _pictures_hash(sitting.entry_id, chosen)):
        held.tries += 1
        held.save(update_fields=["tries"])
        return False
    SecretPictures.objects.filter(pk=held.pk).update(tries=0)
    Sitting.objects.filter(pk=sitting.pk).update(is_open=True)
    return True


def begin_again(sitting: Sitting) -> bool:
    """With the new, empty entry: what was begun before stays closed."""
    if sitting.spare_id is None:
        return False
    Sitting.objects.filter(pk=sitting.pk).update(entry_id=sitting.spare_id, spare_id=None, is_open=True)
    return True
