"""Sends a write through an SDK operation and keeps of the answer what is needed to follow it.

The SDK's pollers are not used: the runner follows all work through the jobs list, and must have the ids on disk before
it waits for anything.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
from azure.core.polling import AsyncPollingMethod

from app.adapters.azure.wire_values import Text, text
from app.domain.arm_id import ArmId
from app.ports.operation import Accepted

_JOBS = "/replicationjobs/"
_STATUSES = "/replicationoperationstatus/"


class FirstAnswer(AsyncPollingMethod[None]):
    """A polling method that never polls: it takes the first answer and is done."""

    def __init__(self) -> None:
        self.response: Any = None

    def initialize(self, client: Any, initial_response: Any, deserialization_callback: Any) -> None:
        self.response = initial_response.http_response

    async def run(self) -> None:
        """The first answer is all that is wanted."""

    def status(self) -> str:
        return "Accepted"

    def finished(self) -> bool:
        return True

    def resource(self) -> None:
        return None


class Provisioning(msgspec.Struct, rename="camel", gc=False):
    provisioning_state: Text = None


class WrittenResource(msgspec.Struct, gc=False):
    properties: Provisioning | None = None


_WRITTEN = msgspec.json.Decoder(WrittenResource)
_GOOD_ENDS = frozenset({"", "succeeded"})


async def send_write(
    operation: Callable[..., Awaitable[Any]], *arguments: Any, target: ArmId, client_request_id: str, **options: Any
) -> Accepted:
    """Call an SDK's `begin_...` with `arguments` and return as soon as Azure has answered."""
    answer = FirstAnswer()
    await operation(*arguments, polling=answer, request_id=client_request_id, **options)
    response = answer.response
    return accepted(
        response.status_code, response.headers, response.body(), str(response.request.url), target, client_request_id
    )


def accepted(
    status: int, headers: Mapping[str, str], body: bytes, url: str, target: ArmId, client_request_id: str
) -> Accepted:
    """What to follow after a write, from its answer alone.

    202 names the operation in its headers. 200 and 201 hold the resource, which may still be in the making; without an
    operation to follow, the resource itself is looked at.
    """
    status_url = headers.get("Azure-AsyncOperation") or ""
    result_url = headers.get("Location") or ""
    is_done = False
    if status != 202 and not status_url:
        is_done = _provisioning_state(body) in _GOOD_ENDS
        status_url = "" if is_done else url
    return Accepted(
        client_request_id=client_request_id,
        target_id=target.text,
        status_url=status_url,
        result_url=result_url,
        job_id=_job_id(headers.get("x-ms-request-id") or "", status_url, target),
        is_done=is_done,
    )


def _provisioning_state(body: bytes) -> str:
    if not body:
        return ""
    try:
        written = _WRITTEN.decode(body)
    except msgspec.DecodeError:
        return ""
    return text(written.properties.provisioning_state).lower() if written.properties else ""


def _job_id(request_id: str, status_url: str, target: ArmId) -> str:
    """The ASR job's id: what the service says it is, else made of the GUID that ends the status URL."""
    if _JOBS in request_id.lower():
        return request_id
    path = urlsplit(status_url).path.rstrip("/")
    if _STATUSES in path.lower() or _JOBS in path.lower():
        return target.up_to("vaults").child("replicationJobs", path.rsplit("/", 1)[-1]).text
    return ""
