"""What a proxy says that opens no way, and what goes wrong before it says anything."""

from __future__ import annotations

from typing import Any

from app.adapters.network.login import ProxyLogin
from app.adapters.network.ways import Way
from app.domain.line_trouble import LineTrouble, Trouble

PROXY_ASKS = 407
_SITE_ASKS = 401
_OFFER = "Proxy-Authenticate"

AT_PROXY = {
    Trouble.NAME_NOT_FOUND: Trouble.PROXY_NOT_FOUND,
    Trouble.REFUSED: Trouble.PROXY_REFUSED,
    Trouble.TIMED_OUT: Trouble.PROXY_TIMED_OUT,
    Trouble.RESET: Trouble.PROXY_RESET,
    Trouble.NO_ANSWER: Trouble.PROXY_REFUSED,
    Trouble.TLS_FAILED: Trouble.PROXY_RESET,
}
NEXT_PROXY = frozenset(
    {Trouble.PROXY_NOT_FOUND, Trouble.PROXY_REFUSED, Trouble.PROXY_TIMED_OUT, Trouble.PROXY_UNUSABLE}
)
"""With these another way of the same choice is tried."""


def schemes(headers: Any) -> tuple[str, ...]:
    """How a proxy offers to be told who asks, such as `NTLM` and `Negotiate`."""
    get_all = getattr(headers, "get_all", None) or headers.getall  # the standard library's, or aiohttp's
    names: dict[str, None] = {}
    for value in get_all(_OFFER, []):
        for part in value.split(","):
            word = part.strip().partition(" ")[0]
            if word and "=" not in word and word.replace("-", "").isalnum():
                names.setdefault(word[:20])
    return tuple(names)


def is_asking(status: int, was_told: bool) -> bool:
    """Whether a proxy wants to know who asks. Some answer a wrong password as if they were a web site."""
    return status == PROXY_ASKS or (was_told and status == _SITE_ASKS)


def proxy_asks(login: ProxyLogin, way: Way, host: str, offered: tuple[str, ...]) -> LineTrouble:
    """A proxy has answered 407, and there is nothing more to try."""
    if offered and "basic" not in {each.lower() for each in offered}:
        return LineTrouble(Trouble.PROXY_SPEAKS_OTHERWISE, host, way.place, status=PROXY_ASKS, offered=offered)
    is_wrong = login.has_password(way.proxy) and login.was_refused(way.proxy)
    kind = Trouble.PROXY_PASSWORD_WRONG if is_wrong else Trouble.PROXY_WANTS_PASSWORD
    return LineTrouble(kind, host, way.place, status=PROXY_ASKS, offered=offered)


def proxy_refuses(way: Way, host: str, status: int) -> LineTrouble:
    """A proxy has answered otherwise than by opening the way."""
    kind = Trouble.PROXY_CANNOT_REACH if status in (500, 502, 503, 504) else Trouble.PROXY_FORBIDS
    if status == 511:
        kind = Trouble.PORTAL
    return LineTrouble(kind, host, way.place, status=status)
