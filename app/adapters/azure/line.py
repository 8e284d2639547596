"""Where the transports and the line meet: what went wrong on the way, as exceptions that the SDK handles rightly.

The SDK tries again after its own errors of the line. Only what may pass is raised as one: a password must not be tried
three times, nor a certificate be looked at three times.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from azure.core.exceptions import ServiceRequestError, ServiceResponseError

from app.adapters.network.faults import is_at_proxy, kind_of, proxy_status
from app.adapters.network.proxy_answers import AT_PROXY, proxy_asks, proxy_refuses
from app.adapters.network.walk import Walk
from app.adapters.network.ways import Way, Ways
from app.domain.addresses import host_of
from app.domain.line_trouble import LineTrouble, Trouble
from app.errors import Remedy, Unreachable

_NEEDS_A_LOOK = frozenset({Trouble.UNTRUSTED, Trouble.TLS_FAILED})
_MEANS_THE_PROXY = frozenset({Trouble.NAME_NOT_FOUND, Trouble.REFUSED})
"""Through a proxy, it is the proxy alone that the computer itself looks up and knocks at."""


class LineFault(OSError):
    """Trouble that does not pass by trying again. To whoever knows no better it is any trouble of the line."""

    def __init__(self, trouble: LineTrouble) -> None:
        super().__init__(trouble.sentence)
        self.trouble = trouble


class PassingRequestFault(ServiceRequestError):
    """Trouble before the request left."""

    def __init__(self, trouble: LineTrouble, error: Exception) -> None:
        super().__init__(error, error=error)
        self.trouble = trouble


class PassingResponseFault(ServiceResponseError):
    """Trouble after the request may have arrived."""

    def __init__(self, trouble: LineTrouble, error: Exception) -> None:
        super().__init__(error, error=error)
        self.trouble = trouble


def fault_of(trouble: LineTrouble, error: Exception) -> Exception:
    """What a transport raises for its error."""
    if not trouble.is_passing:
        return LineFault(trouble)
    is_late = isinstance(error, ServiceResponseError)
    return PassingResponseFault(trouble, error) if is_late else PassingRequestFault(trouble, error)


def needs_a_look(error: Exception) -> bool:
    """Whether finding out what happened takes going the way once more, in a thread."""
    status = proxy_status(error)
    return status == 0 and kind_of(error) in _NEEDS_A_LOOK


def quick_trouble(error: Exception, url: str, way: Way, ways: Ways, offered: tuple[str, ...] = ()) -> LineTrouble:
    """What happened, from the exception alone."""
    host, said = host_of(url), str(error)
    status = proxy_status(error)
    if status == 407:
        return proxy_asks(ways.login, way, host, offered)
    if status:
        return proxy_refuses(way, host, status)
    kind = kind_of(error) or Trouble.NO_ANSWER
    if way.proxy and (kind in _MEANS_THE_PROXY or is_at_proxy(error)):
        kind = AT_PROXY.get(kind, Trouble.PROXY_REFUSED)
    return LineTrouble(kind, host, way.place, said=said)


def looked_at(error: Exception, url: str, way: Way, ways: Ways, ca: Path | None) -> LineTrouble:
    """What happened, by going the way again up to where it ended. Blocks."""
    facts = Walk(url, ways, own_ca=ca, asks=False).go()
    return facts.trouble if facts.trouble is not None else quick_trouble(error, url, way, ways)


def trouble_in(error: BaseException) -> LineTrouble | None:
    """The trouble that an exception, or one that it was raised from, tells."""
    for each in _chain(error):
        trouble = getattr(each, "trouble", None)
        if isinstance(trouble, LineTrouble):
            return trouble
    return None


def unreachable(doing: str, trouble: LineTrouble, *, code: str = "") -> Unreachable:
    """`doing` completes "Could not ..."."""
    details = "\n".join(part for part in (trouble.said, f"by {trouble.proxy}" if trouble.proxy else "") if part)
    return Unreachable(
        code or trouble.kind.value,
        f"Could not {doing}: {trouble.cause}",
        trouble.remedy,
        retryable=trouble.is_passing,
        remedies=(Remedy.RETRY, Remedy.CHECK_CONNECTION),
        details=details,
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in seen:
        seen.append(at)
        yield at
        at = at.__cause__ or at.__context__
