"""The controls that only the practice vault has, on the same transport as everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from azure.core.rest import HttpRequest

from app.adapters.azure.clients import Clients
from app.adapters.azure.errors import app_error, azure_errors
from app.adapters.azure.practice_troubles import troubles_from
from app.adapters.azure.wire_values import Number, Text, moment, text, whole
from app.domain.arm_id import ArmId
from app.domain.installer import Installer
from app.domain.practice import HostCheck, HostCheckResult, HostRun, PracticeState, Troubles, WaitingHost
from app.domain.rights import Caller
from app.domain.source import Source
from app.errors import Conflict, InvalidInput, NotSupported, ServiceFault
from app.ports.secrets import Secret

Set = Callable[[PracticeState], None]
"""Told the practice vault's time and pace whenever it is read."""

PRODUCT = "practice-vault"
_FAULTS = "/simulator/faults"
_INSTALLER = "PracticeProviderSetup.txt"


def practice_installer(arm: str) -> Installer:
    """The stand-in that a practice vault at this address hands out."""
    return Installer(
        name=_INSTALLER,
        link=f"{arm.rstrip('/')}/simulator/files/{_INSTALLER}",
        begins_with="Practice installer",
        signer="",
        source=Source("Practice vault", "2026-01-01"),
        is_practice=True,
    )


class HostRecord(msgspec.Struct, rename="camel", gc=False):
    name: Text = None
    machines: Number = None
    cluster: Text = None


class CallerRecord(msgspec.Struct, rename="camel", gc=False):
    object_id: Text = None
    name: Text = None


class StateRecord(msgspec.Struct, rename="camel", gc=False):
    product: Text = None
    scenario: Text = None
    now: Text = None
    speed: float | str | None = None
    paused: bool = False
    waiting_hosts: list[HostRecord] | None = None
    caller: CallerRecord | None = None


class RegisteredRecord(msgspec.Struct, gc=False):
    host: Text = None


class CheckRecord(msgspec.Struct, gc=False):
    id: Text = None
    title: Text = None
    result: Text = None
    words: Text = None


class RunRecord(msgspec.Struct, gc=False):
    host: Text = None
    registered: bool = False
    checks: list[CheckRecord] = []


class SimulatorPracticeGateway:
    """Implements app.ports.arm.PracticeGateway."""

    def __init__(self, clients: Clients, subscription: str, on_state: Set) -> None:
        self._clients = clients
        self._subscription = subscription
        self._on_state = on_state

    async def read(self) -> PracticeState:
        return self._state(await self._ask("GET", "/simulator", None, "read the practice vault’s clock"))

    async def set_clock(self, *, speed: float | None = None, paused: bool | None = None) -> PracticeState:
        wanted = {name: value for name, value in (("speed", speed), ("paused", paused)) if value is not None}
        return self._state(await self._ask("PUT", "/simulator/clock", wanted, "set the practice vault’s clock"))

    async def register_host(self, fabric: ArmId, name: str | None = None) -> str:
        body = await self._ask_host({"fabricId": fabric.text} | ({"name": name} if name else {}))
        with azure_errors("register a Hyper-V host"):
            return text(msgspec.json.decode(body, type=RegisteredRecord, strict=False).host)

    async def run_script(self, fabric: ArmId, host: str, key: Secret, *, proxy: str = "") -> HostRun:
        wanted = {"fabricId": fabric.text, "name": host, "credentials": key.reveal(), "proxy": proxy}
        body = await self._ask_host(wanted)
        with azure_errors("run the script on a practice host"):
            run = msgspec.json.decode(body, type=RunRecord, strict=False)
            return HostRun(text(run.host), tuple(_check(check) for check in run.checks), run.registered)

    async def _ask_host(self, wanted: Mapping[str, str]) -> bytes:
        try:
            return await self._ask("POST", "/simulator/hosts", wanted, "register a Hyper-V host")
        except Conflict as error:
            raise Conflict(
                error.code or "NoHostWaits",
                "No Hyper-V host is waiting to register",
                "All hosts of this practice company have registered already.",
                details=error.details,
            ) from error

    async def read_readiness(self, host: str = "") -> bytes:
        query = f"?{urlencode({'host': host})}" if host else ""
        return await self._ask("GET", f"/simulator/readiness{query}", None, "get a readiness file")

    async def read_troubles(self) -> Troubles:
        return troubles_from(await self._ask("GET", _FAULTS, None, "read what can go wrong"))

    async def start_trouble(
        self, kind: str, chosen: Mapping[str, str | int], *, lasts_s: float | None = None, count: int | None = None
    ) -> Troubles:
        limits = {name: value for name, value in (("for", lasts_s), ("count", count)) if value is not None}
        try:
            body = await self._ask("PUT", f"{_FAULTS}/{kind}", {**chosen, **limits}, "start the trouble")
        except InvalidInput as error:
            # What stands in the way is the practice vault's own sentence, so it can be shown as it is.
            raise InvalidInput(error.code, "The trouble was not started", error.details.rpartition("\n")[2]) from error
        return troubles_from(body)

    async def end_trouble(self, kind: str | None = None) -> Troubles:
        path = _FAULTS if kind is None else f"{_FAULTS}/{kind}"
        return troubles_from(await self._ask("DELETE", path, None, "end the trouble"))

    async def _ask(self, method: str, path: str, body: Any, doing: str) -> bytes:
        client = self._clients.resources(self._subscription)
        with azure_errors(doing):
            response = await client.send_request(HttpRequest(method, path, json=body), stream=True)
            content = await response.read()
            if response.status_code >= 300:
                raise app_error(response.status_code, response.headers, content, doing)
            return content

    def _state(self, body: bytes) -> PracticeState:
        doing = "read the practice vault’s clock"
        with azure_errors(doing):
            record = msgspec.json.decode(body, type=StateRecord, strict=False)
        now = moment(record.now)
        if text(record.product) != PRODUCT:
            raise NotSupported("", f"Could not {doing}", "The other end is not a practice vault.")
        if now is None:
            raise ServiceFault("", f"Could not {doing}: it does not tell the time")
        state = PracticeState(
            scenario=text(record.scenario),
            now=now,
            speed=float(record.speed or 1.0),
            is_paused=record.paused,
            waiting_hosts=tuple(
                WaitingHost(text(host.name), whole(host.machines) or 0, text(host.cluster))
                for host in record.waiting_hosts or ()
            ),
            caller=_caller(record.caller),
        )
        self._on_state(state)
        return state


def _check(record: CheckRecord) -> HostCheck:
    return HostCheck(text(record.id), text(record.title), HostCheckResult(text(record.result)), text(record.words))


def _caller(record: CallerRecord | None) -> Caller:
    object_id = text(record.object_id).lower() if record else ""
    if record is None or not object_id:
        return Caller()
    return Caller(object_id, text(record.name), frozenset({object_id}), knows_groups=True)
