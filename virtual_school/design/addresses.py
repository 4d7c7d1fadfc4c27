"""Addresses of pages, each found once: every page's frame names dozens, and a list one a row."""

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

ANY = UUID(int=0)


@lru_cache(maxsize=1024)
def _found(name: str, prefix: str, arguments: tuple[UUID | str, ...]) -> str:
    return reverse(name, args=arguments)


def address(name: str, *arguments: str) -> str:
    """As `reverse` has it; for few different arguments, such as the ids of duties."""
    return _found(name, get_script_prefix(), arguments)


def address_of(name: str, public_id: UUID) -> str:
    """The page of one of many."""
    return _found(name, get_script_prefix(), (ANY,)).replace(str(ANY), str(public_id))
