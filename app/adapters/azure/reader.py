"""Reads single resources and whole lists through an SDK client's own `send_request`.

Authentication, retries and logging are the SDK's. Its models are left out for reads: they cost 0.3 ms per item on the
only loop (3 s for 10,000 replicated items), and one unreadable item costs the whole page. Here a page is split into raw
items first, each is decoded on its own, and the loop gets its turn every 2 ms.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import SplitResult, quote, urlencode, urlsplit

import msgspec
from azure.core.exceptions import IncompleteReadError, ServiceResponseError
from azure.core.rest import AsyncHttpResponse, HttpRequest

from app.adapters.azure.errors import app_error, azure_errors, unreadable
from app.adapters.azure.kind import Kind
from app.adapters.azure.slices import Slices
from app.adapters.azure.wire_values import Text, text
from app.domain.arm_id import ArmId
from app.errors import BadRecord, ServiceFault
from app.ports.arm import OnBad
from app.runtime.progress import Progress, Report, silent

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_READS_OF_A_CUT_PAGE = 3


class SendsRequests(Protocol):
    """What every SDK client has."""

    def send_request(
        self, request: HttpRequest, *, stream: bool = False, **kwargs: Any
    ) -> Awaitable[AsyncHttpResponse]: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Page(msgspec.Struct, rename="camel"):
    value: list[msgspec.Raw] | None = None
    next_link: str | None = None


class ItemName(msgspec.Struct, gc=False):
    """As much of an unreadable item as tells which one it was."""

    name: Text = None


_PAGE = msgspec.json.Decoder(Page)
_NAME = msgspec.json.Decoder(ItemName)


def path_of(arm_id: ArmId | str, api_version: str, **query: str) -> str:
    """The path and query for a resource id; names may hold blanks and semicolons."""
    fields = urlencode({"api-version": api_version} | query, safe="$", quote_via=quote)
    return f"{quote(str(arm_id), safe='/()')}?{fields}"


class Reader:
    """Reads through one SDK client."""

    def __init__(self, client: SendsRequests) -> None:
        self._client = client

    async def get(self, url: str, kind: Kind[T], doing: str) -> T:
        answer = await self.fetch(url, doing)
        with azure_errors(doing):
            try:
                return kind.decode(answer.body)
            except ValueError as error:  # msgspec's errors are ValueErrors too
                raise unreadable(doing, error) from error

    async def list(
        self, url: str, kind: Kind[T], doing: str, *, report: Report = silent, on_bad: OnBad | None = None
    ) -> tuple[T, ...]:
        """All items of all pages. One that cannot be read is left out, logged and told.

        While the items of a page are read, the next one is under way: the service makes and sends it meanwhile.
        """
        items: list[T] = []
        slices = Slices()
        links = _Links(url, doing)
        coming: asyncio.Task[Answer] | None = self._ask(url, doing)
        try:
            while coming is not None:
                page, link = links.follow(await coming)
                coming = self._ask(link, doing) if link else None
                for raw in page.value or ():
                    try:
                        items.append(kind.decode(raw))
                    except ValueError as error:
                        _tell_bad(kind, raw, error, on_bad)
                    if slices.is_due:  # a coroutine for each item would cost a tenth of reading it
                        await slices.pause()
                report(Progress(doing[:1].upper() + doing[1:], done=len(items)))
        finally:
            if coming is not None:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
        return tuple(items)

    def _ask(self, url: str, doing: str) -> asyncio.Task[Answer]:
        return asyncio.get_running_loop().create_task(self.fetch(url, doing))

    async def fetch(self, url: str, doing: str) -> Answer:
        """GET `url` and read its body. A body cut on the way is outside the SDK's retries: it is asked for again."""
        for last in (False,) * (_READS_OF_A_CUT_PAGE - 1) + (True,):
            with azure_errors(doing):
                response = await self._client.send_request(HttpRequest("GET", url), stream=True)
                try:
                    return await _read(response, doing)
                except (IncompleteReadError, ServiceResponseError):
                    if last:
                        raise
                    _LOG.info("the answer was cut while reading; asking again to %s", doing)
        raise AssertionError("the last attempt returns or raises")


class _Links:
    """From page to page, to each once, and never to another service."""

    def __init__(self, first: str, doing: str) -> None:
        self._seen = {first}
        self._doing = doing
        self._base = ""

    def follow(self, answer: Answer) -> tuple[Page, str | None]:
        """The page that came, and where the next one is.

        Raises:
            ServiceFault: it cannot be read, or leads to a strange address.
        """
        with azure_errors(self._doing):
            page = _PAGE.decode(answer.body) if answer.body else Page()
        self._base = self._base or answer.url
        link = page.next_link
        if not link or link in self._seen:
            return page, None
        if not is_same_service(self._base, link):
            raise ServiceFault("ForeignNextLink", f"Could not {self._doing}: the list goes on at a strange address")
        self._seen.add(link)
        return page, link


async def _read(response: AsyncHttpResponse, doing: str) -> Answer:
    try:
        body = await response.read()
    finally:
        await response.close()
    if response.status_code >= 300:
        raise app_error(response.status_code, response.headers, body, doing)
    return Answer(response.status_code, response.headers, body, str(response.request.url))


def _tell_bad(kind: Kind[Any], raw: msgspec.Raw, error: ValueError, on_bad: OnBad | None) -> None:
    try:
        name = text(_NAME.decode(raw).name)
    except ValueError:
        name = ""
    _LOG.warning("left out one unreadable %s: %s", kind.name, error)
    if on_bad is not None:
        on_bad(BadRecord(kind.name, name, str(error)))


def is_same_service(base: str, link: str) -> bool:
    """Whether a link leads to the host that was asked, or to one below it, as regional addresses do.

    The token travels with the request, so a link to anywhere else is not followed.
    """
    asked, offered = urlsplit(base), urlsplit(link)
    if not offered.netloc:
        return True
    if (offered.scheme, _port(offered)) != (asked.scheme, _port(asked)):
        return False
    host, wanted = offered.hostname or "", asked.hostname or ""
    return host == wanted or host.endswith(f".{wanted}")


def _port(parts: SplitResult) -> int | None:
    return parts.port or {"https": 443, "http": 80}.get(parts.scheme)
