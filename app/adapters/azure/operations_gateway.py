"""One look at an ARM operation that makes no ASR job."""

from __future__ import annotations

import msgspec
from azure.core.rest import HttpRequest

from app.adapters.azure.clients import Clients
from app.adapters.azure.errors import app_error, azure_errors
from app.adapters.azure.reader import is_same_service
from app.adapters.azure.wire_values import Text, text
from app.domain.arm_id import ArmId
from app.errors import ServiceFault
from app.ports.operation import Accepted, OperationStatus

_GOOD = frozenset({"succeeded", "completed"})
_BAD = frozenset({"failed", "canceled", "cancelled"})
"""Jobs are spelled with two l, ARM operations with one; what Site Recovery's status says is not known."""


class StatusError(msgspec.Struct, rename="camel", gc=False):
    code: Text = None
    message: Text = None


class StatusProperties(msgspec.Struct, rename="camel", gc=False):
    provisioning_state: Text = None


class StatusRecord(msgspec.Struct, rename="camel", gc=False):
    """An operation's status, or the resource in the making where the service names no operation."""

    status: Text = None
    error: StatusError | None = None
    properties: StatusProperties | None = None


class AzureOperationsGateway:
    """Implements app.ports.arm.OperationsGateway."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def get_status(self, accepted: Accepted) -> OperationStatus:
        if accepted.is_done:
            return OperationStatus(is_over=True, is_good_end=True)
        target = ArmId(accepted.target_id)
        doing = f"see how far {target.name} is"
        url = accepted.status_url or accepted.result_url
        if not url:
            raise ServiceFault("NoStatusUrl", f"Could not {doing}: the service named no place to look")
        if not is_same_service(self._clients.endpoint.arm, url):
            raise ServiceFault("ForeignStatusUrl", f"Could not {doing}: the service named a strange address")
        client = self._clients.resources(target.subscription)
        with azure_errors(doing):
            response = await client.send_request(HttpRequest("GET", url), stream=True)
            body = await response.read()
            if response.status_code >= 300:
                raise app_error(response.status_code, response.headers, body, doing)
            record = msgspec.json.decode(body, type=StatusRecord, strict=False) if body.strip() else StatusRecord()
        return _status(response.status_code, record, response.headers.get("Retry-After"))


def _status(code: int, record: StatusRecord, retry_after: str | None) -> OperationStatus:
    word = text(record.status) or text(record.properties.provisioning_state if record.properties else "")
    lowered = word.lower()
    # A result URL answers 202 while the work goes on, then 200 or 204, often without saying a state.
    is_good = lowered in _GOOD or (not lowered and code != 202)
    is_over = is_good or lowered in _BAD
    error = record.error or StatusError()
    return OperationStatus(
        is_over=is_over,
        is_good_end=is_good,
        code=text(error.code),
        message=text(error.message),
        retry_after_s=float(retry_after) if retry_after and retry_after.isdigit() else 0.0,
    )
