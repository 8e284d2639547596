"""What an exception of a socket, of TLS, of aiohttp or of requests means, whichever of them wraps the others."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator

from app.domain.line_trouble import Trouble

_DEEPEST = 12
_HELD_AS = ("reason", "os_error", "certificate_error", "inner_exception")
_STATUS = re.compile(r"Tunnel connection failed: (\d{3})")
_WORDS = {
    Trouble.NAME_NOT_FOUND: "the name is not found",
    Trouble.REFUSED: "the connection is refused",
    Trouble.TIMED_OUT: "no answer in time",
    Trouble.RESET: "the connection was cut off",
    Trouble.UNTRUSTED: "its certificate is not trusted",
    Trouble.TLS_FAILED: "no encrypted connection",
}


def inner_errors(error: BaseException) -> Iterator[BaseException]:
    """The error and whatever it holds or was raised from, the outer ones first."""
    seen: set[int] = set()
    front = [error]
    for _ in range(_DEEPEST):
        following: list[BaseException] = []
        for each in front:
            if id(each) in seen:
                continue
            seen.add(id(each))
            yield each
            held = (
                getattr(each, name, None) for name in ("reason", "os_error", "certificate_error", "inner_exception")
            )
            following += [
                one for one in (*held, *each.args, each.__cause__, each.__context__) if isinstance(one, BaseException)
            ]
        front = following


def kind_of(error: BaseException) -> Trouble | None:
    """The kind, as if no proxy were there; None where the exception is none of a line's.

    UNTRUSTED stands for all that can be wrong with a certificate: only looking at it tells.
    """
    errors = list(inner_errors(error))
    for kind, types in (
        (Trouble.UNTRUSTED, (ssl.SSLCertVerificationError, ssl.CertificateError)),
        (Trouble.NAME_NOT_FOUND, (socket.gaierror,)),
        (Trouble.RESET, (ssl.SSLEOFError, ssl.SSLZeroReturnError)),
        (Trouble.TLS_FAILED, (ssl.SSLError,)),
        (Trouble.REFUSED, (ConnectionRefusedError,)),
        (Trouble.TIMED_OUT, (TimeoutError,)),
        (Trouble.RESET, (ConnectionError,)),
    ):
        if any(isinstance(each, types) for each in errors):
            return kind
    names = {type(each).__name__ for each in errors}
    if any("Timeout" in name for name in names):
        return Trouble.TIMED_OUT
    if names & {"ServerDisconnectedError", "RemoteDisconnected", "ProtocolError", "WriteLost", "IncompleteRead"}:
        return Trouble.RESET
    return Trouble.NO_ANSWER if any(isinstance(each, OSError) for each in errors) else None


def is_at_proxy(error: BaseException) -> bool:
    """Whether it went wrong before the proxy was reached, or by its own refusal."""
    names = {type(each).__name__ for each in inner_errors(error)}
    return bool(names & {"ClientProxyConnectionError", "ProxyError", "ClientHttpProxyError"})


def proxy_status(error: BaseException) -> int:
    """What a proxy answered in place of opening the way; 0 where it is not that."""
    for each in inner_errors(error):
        if type(each).__name__ == "ClientHttpProxyError":
            return int(getattr(each, "status", 0))
        found = _STATUS.search(str(each))
        if found is not None:
            return int(found[1])
    return 0


def words_of(error: BaseException) -> str:
    """A few words."""
    kind = kind_of(error)
    return _WORDS.get(kind, "no answer") if kind is not None else "no answer"
