"""Every page of the service, as the resolver knows them."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

OF_ALLAUTH = ("account_", "mfa_", "usersessions_")
OURS_UNDER_ALLAUTHS_NAME = {"account_email"}


def patterns(
    resolver: URLResolver | None = None, prefix: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """(URL name with its namespace or "", route)"""
    resolver = resolver or get_resolver()
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, route, (*spaces, one.namespace) if one.namespace else spaces)
        elif isinstance(one, URLPattern):
            yield ":".join([*spaces, one.name]) if one.name else "", route


def our_pages() -> dict[str, str]:
    """URL name to route, without allauth's own pages, which have their own tests."""
    return {
        name: route for name, route in patterns() if not name.startswith(OF_ALLAUTH) or name in OURS_UNDER_ALLAUTHS_NAME
    }
