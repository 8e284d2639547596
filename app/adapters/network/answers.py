"""Whether an answer is the service's own, or came from something in between. Judged by its head alone."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.domain.addresses import host_of
from app.domain.line_trouble import LineTrouble, Trouble

_BLOCKS = frozenset({200, 403, 451})
"""With these a filter shows its page. Azure itself shows web pages with 5xx alone, when its own front has a fault."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTAL = 511


def judge_answer(url: str, status: int, headers: Mapping[str, str], proxy: str = "") -> LineTrouble | None:
    """None where nothing speaks against it. Of an address that answers with JSON or XML, never with a web page."""
    host = host_of(url)
    said = f"HTTP {status} from {url.partition('?')[0]}"
    if status == _PORTAL or (status in _REDIRECTS and _leads_away(url, headers.get("Location") or "")):
        return LineTrouble(Trouble.PORTAL, host, proxy, status=status, said=said)
    is_page = (headers.get("Content-Type") or "").partition(";")[0].strip().lower() == "text/html"
    if status == 451 or (is_page and status in _BLOCKS):
        return LineTrouble(Trouble.BLOCKED, host, proxy, status=status, said=said)
    return None


def judge_page(status: int, host: str = "") -> LineTrouble:
    """The same for a web page whose head is known no more."""
    if status == _PORTAL:
        return LineTrouble(Trouble.PORTAL, host or "Azure", status=status)
    kind = Trouble.BLOCKED if status in _BLOCKS else Trouble.WEB_PAGE
    return LineTrouble(kind, host or "Azure", status=status)


def _leads_away(url: str, location: str) -> bool:
    there = urlsplit(location)
    return bool(there.hostname) and there.hostname != urlsplit(url).hostname
