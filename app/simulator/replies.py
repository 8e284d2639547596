"""Answers and refusals in the shapes of the service: ARM's, Site Recovery's, and lists that are made while read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from app.simulator.messages import Response
from app.simulator.wire import Json

if TYPE_CHECKING:
    from app.simulator.router import Call

ITEMS_PER_CHUNK = 20

LIST_BEGINS = b'{"value":['

_JSON = "application/json; charset=utf-8"


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def json_response(status: int, body: Json | list[Json], headers: dict[str, str] | None = None) -> Response:
    return Response(status, {"Content-Type": _JSON, **(headers or {})}, msgspec.json.encode(body))


def list_response(entries: Iterable[Json], *, next_link: str | None = None) -> Response:
    """`{"value": [...], "nextLink": ...}`, its entries made as the body is read."""
    return written_list(_chunks(iter(entries), list_ends(next_link)))


def written_list(chunks: Iterator[bytes]) -> Response:
    """A list whose body is written already, from `LIST_BEGINS` to `list_ends`."""
    return Response(200, {"Content-Type": _JSON}, chunks)


def list_ends(next_link: str | None) -> bytes:
    return b'],"nextLink":' + msgspec.json.encode(next_link) + b"}"


def plain_list(entries: Iterable[Json]) -> Response:
    """`{"value": [...]}` with no nextLink key, as ARM's own lists come."""
    return json_response(200, {"value": list(entries)})


def long_plain_list(entries: Iterable[Json]) -> Response:
    """The same, its entries made as the body is read: of thousands, all at once would hold the loop."""
    return written_list(_chunks(iter(entries), b"]}"))


def _chunks(entries: Iterator[Json], end: bytes) -> Iterator[bytes]:
    separator = LIST_BEGINS
    while batch := list(islice(entries, ITEMS_PER_CHUNK)):
        yield separator + msgspec.json.encode(batch)[1:-1]
        separator = b","
    start = separator if separator is LIST_BEGINS else b""
    yield start + end


def arm_error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Refusal:
    """The envelope of Azure Resource Manager: a code and a message."""
    return Refusal(json_response(status, {"error": {"code": code, "message": message}}, headers))


def site_recovery_error(
    call: Call, status: int, code: str, detail_code: str, message: str, causes: str, action: str
) -> Refusal:
    """The envelope of Site Recovery: the same, with details that name causes and a remedy."""
    detail = {
        "code": detail_code,
        "message": message,
        "possibleCauses": causes,
        "recommendedAction": action,
        "clientRequestId": call.client_request_id,
        "activityId": call.correlation_id,
    }
    return Refusal(json_response(status, {"error": {"code": code, "message": message, "details": [detail]}}))


def missing(call: Call, name: str) -> Refusal:
    """Site Recovery's 404 for something inside a vault."""
    return site_recovery_error(
        call,
        404,
        "NotFound",
        "ArmResourceDoesNotExist",
        f"There is nothing named '{name}' here.",
        "The name is misspelt, or what it stood for was removed.",
        "Check the name and try again.",
    )


def bad_request(call: Call, detail_code: str, message: str, action: str) -> Refusal:
    return site_recovery_error(
        call, 400, "BadRequest", detail_code, message, "The request's content is not valid.", action
    )


def resource_missing(resource_type: str, name: str, group: str) -> Refusal:
    """ARM's 404 for a resource."""
    return arm_error(
        404, "ResourceNotFound", f"No resource '{resource_type}/{name}' exists under resource group '{group}'."
    )


def group_missing(name: str) -> Refusal:
    return arm_error(404, "ResourceGroupNotFound", f"No resource group is named '{name}'.")
