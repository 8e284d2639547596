"""Files from the web by the same transport as everything else: its proxies, its trust, its practice vault."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

from azure.core.pipeline.transport import AsyncHttpTransport
from azure.core.rest import HttpRequest

from app.adapters.azure.clients import AS_WEB
from app.adapters.azure.errors import azure_errors
from app.adapters.azure.line import LineFault
from app.adapters.azure.pipeline import USER_AGENT, is_loopback_http
from app.adapters.network.answers import judge_answer
from app.domain.addresses import host_of
from app.domain.line_trouble import LineTrouble, Trouble
from app.errors import AppError, NotFound, NotSupported, ServiceFault, Throttled
from app.ports.download import PartAnswer

MOST_REDIRECTS = 8
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
_DOING = "download the installer"
_WAYS_OUT = "Open the link in a browser to see where it leads."


class TransportFileSource:
    """Implements app.ports.download.FileSource."""

    def __init__(self, transport: AsyncHttpTransport[Any, Any]) -> None:
        self._transport = transport

    @asynccontextmanager
    async def open(self, link: str, *, start: int = 0, validator: str = "") -> AsyncIterator[PartAnswer]:
        # identity: what counts is the file's own bytes, and a range of packed ones is none of them
        headers = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT}
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": validator}
        url = link
        for _ in range(MOST_REDIRECTS + 1):
            _check_address(url)
            with azure_errors(_DOING):
                response = await self._transport.send(HttpRequest("GET", url, headers=headers), stream=True, **AS_WEB)
            try:
                status = int(response.status_code)
                if status in _REDIRECTS:
                    url = _led_to(url, response.headers.get("Location") or "")
                    continue
                _judge(url, status, response.headers)
                yield _answer(url, status, response)
                return
            finally:
                await _close(response)
        raise NotSupported("TooManyRedirects", f"Could not {_DOING}: the link leads on and on", _WAYS_OUT)


def _led_to(url: str, place: str) -> str:
    try:
        return urljoin(url, place)
    except ValueError:
        return ""  # refused as an address


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_good = bool(parts.hostname) and (parts.scheme == "https" or is_loopback_http(url))
    except ValueError:
        is_good = False
    if not is_good:
        raise NotSupported(
            "UnsafeRedirect", f"Could not {_DOING}: the link leads to an address without encryption", _WAYS_OUT
        )


def _judge(url: str, status: int, headers: Mapping[str, str]) -> None:
    """
    Raises:
        AppError: it is no answer to go on with.
    """
    trouble = judge_answer(url, status, headers)
    if trouble is None and _is_page(headers):
        trouble = LineTrouble(Trouble.WEB_PAGE, host_of(url), status=status)
    if trouble is not None:
        with azure_errors(_DOING):
            raise LineFault(trouble)
    if status in (200, 206, 416):
        if headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
            raise ServiceFault("Packed", f"Could not {_DOING}: it came packed", "Try again later.")
        return
    raise _refusal(url, status)


def _refusal(url: str, status: int) -> AppError:
    host, details = host_of(url), f"HTTP {status}"
    if status in (404, 410):
        return NotFound(
            "LinkIsDead",
            f"{host} has no such file any more.",
            "Download the installer from the vault in the Azure portal: Site Recovery, Prepare infrastructure.",
            details=details,
        )
    if status == 429:
        return Throttled("429", f"Could not {_DOING}: too many requests", "Try again in a minute.", details=details)
    return ServiceFault(str(status), f"Could not {_DOING}: {host} refuses it ({status})", _WAYS_OUT, details=details)


def _is_page(headers: Mapping[str, str]) -> bool:
    kind = (headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    return kind in ("text/html", "application/xhtml+xml")


def _answer(url: str, status: int, response: Any) -> PartAnswer:
    headers = response.headers
    length = _whole(headers.get("Content-Length"))
    first, last, total = (0, None if length is None else length - 1, length) if status == 200 else (None, None, None)
    if status == 206 and (found := _RANGE.fullmatch((headers.get("Content-Range") or "").strip())):
        first, last, total = (int(number) for number in found.groups())
        if last < first or (length is not None and length != last - first + 1):
            first = None  # head and body contradict each other: it fits nowhere
    return PartAnswer(status, _validator(headers), first, last, total, _chunks(url, response))


def _validator(headers: Mapping[str, str]) -> str:
    """A strong ETag, else the time of the last change; a weak ETag may not be used to put parts together."""
    etag = (headers.get("ETag") or "").strip()
    return etag if etag.startswith('"') else (headers.get("Last-Modified") or "").strip()


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


async def _chunks(url: str, response: Any) -> AsyncIterator[bytes]:
    with azure_errors(_DOING):
        async for chunk in response.iter_raw():
            yield chunk


async def _close(response: Any) -> None:
    """Give up what nobody reads; what was read to its end goes back to the others."""
    inner = getattr(response, "internal_response", None)
    if inner is not None and inner is not response:
        inner.close()
