"""Reads what the caller may do wherever a set-up or a vault needs it, and says how each step and operation stands.

What cannot be read is no failure: it is told, and what depends on it stands as unknown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from app.domain.arm_id import RECOVERY_SERVICES, ArmId
from app.domain.rights import (
    Caller,
    Denial,
    Finding,
    Lock,
    Place,
    PurposeKind,
    RightsSubject,
    ScopeRights,
    Standing,
    When,
)
from app.domain.rights_judging import judge
from app.domain.rules import RightsRules
from app.errors import AppError, NotFound, SignInRequired, Throttled, Unreachable
from app.runtime.progress import Progress, Report, silent
from app.runtime.together import together
from app.services.gateways import Gateways

T = TypeVar("T")

_AT_A_TIME = 6
_STOPS = (SignInRequired, Unreachable, Throttled)
"""Without an answer at all there is nothing to tell but that."""


@dataclass(frozen=True, slots=True)
class RightsReport:
    """How everything stands.

    Attributes:
        locks: those that hold at some scope of the subject, each once.
        unread: what could not be read, in sentences; what stands as unknown because of it says so itself.
    """

    subject: RightsSubject
    caller: Caller
    findings: tuple[Finding, ...]
    locks: tuple[Lock, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[Finding, ...]:
        """Those that one does not get along without."""
        return tuple(finding for finding in self.findings if not finding.purpose.optional)

    @property
    def is_ready(self) -> bool:
        return all(finding.standing is Standing.READY for finding in self.wanted)

    def of(self, purpose_id: str) -> Finding | None:
        return next((finding for finding in self.findings if finding.purpose.id == purpose_id), None)


class RightsCheck:
    """One per connection. Reads only."""

    def __init__(self, gateways: Gateways, rules: RightsRules) -> None:
        self._gateways = gateways
        self._rules = rules

    async def read(self, subject: RightsSubject, *, report: Report = silent) -> RightsReport:
        """Read permissions, deny assignments and locks at all scopes of `subject`, and judge.

        A scope that does not exist yet is read at what is there above it, since rights are inherited from there.

        Raises:
            AppError: nobody is signed in, Azure cannot be reached, or asks to wait.
        """
        scopes = subject.all_scopes
        reading = _Reading(self._gateways, report)
        try:
            caller, registered = await read_caller(self._gateways), await self._registration(subject)
            rights = await together([reading.rights(scope) for scope in scopes])
            locks, locks_unread = await reading.locks([each.at for each in rights])
        finally:
            await reading.aclose()
        if registered is False:
            subject = replace(subject, facts=subject.facts | {When.UNREGISTERED})
        read = dict(zip(scopes, rights, strict=True))
        rules = self._rules  # the first judgement takes a tenth of a second, to have the patterns ready
        findings = await asyncio.to_thread(judge, rules.purposes, rules.roles, subject, read, locks, caller)
        unread = [*locks_unread, *(each.denials_unread for each in rights), *(each.unread for each in rights)]
        if registered is None:
            unread.append(f"Whether the subscription may use {RECOVERY_SERVICES} could not be read.")
        return RightsReport(subject, caller, findings, locks, tuple(dict.fromkeys(filter(None, unread))))

    async def _registration(self, subject: RightsSubject) -> bool | None:
        """True, False, or None where it cannot be read. Asked only where a set-up needs it."""
        subscriptions = subject.scopes.get(Place.SUBSCRIPTION, ())
        if PurposeKind.STEP not in subject.kinds or not subscriptions:
            return True
        try:
            return await self._gateways.rights.is_registered(subscriptions[0].subscription, RECOVERY_SERVICES)
        except _STOPS:
            raise
        except AppError:
            return None


class _Reading:
    """One reading: each thing is asked for once, and a few at a time."""

    def __init__(self, gateways: Gateways, report: Report) -> None:
        self._gateway = gateways.rights
        self._report = report
        self._gate = asyncio.Semaphore(_AT_A_TIME)
        self._asked: dict[tuple[str, ArmId], asyncio.Task[Any]] = {}
        self._done = 0

    async def rights(self, scope: ArmId) -> ScopeRights:
        at = scope
        while True:
            try:
                permissions = await self._once("permissions", at, self._gateway.list_permissions)
            except NotFound:
                above = parent_of(at)
                if above is None:
                    return ScopeRights(scope, at, unread=_could_not("what you may do", at))
                at = above
            except _STOPS:
                raise
            except AppError:
                return ScopeRights(scope, at, unread=_could_not("what you may do", at))
            else:
                denials, unread = await self._denials(at)
                return ScopeRights(scope, at, permissions, denials, denials_unread=unread)

    async def _denials(self, at: ArmId) -> tuple[tuple[Denial, ...], str]:
        try:
            return await self._once("denials", at, self._gateway.list_denials), ""
        except _STOPS:
            raise
        except AppError:
            return (), _could_not("deny assignments", at)

    async def locks(self, scopes: list[ArmId]) -> tuple[tuple[Lock, ...], list[str]]:
        """The locks at all of these, each once, and where they could not be read."""
        found: dict[tuple[ArmId, str], Lock] = {}
        unread: list[str] = []

        async def read(at: ArmId) -> None:
            try:
                locks = await self._once("locks", at, self._gateway.list_locks)
            except _STOPS:
                raise
            except AppError:
                unread.append(_could_not("locks", at))
            else:
                found.update({(lock.scope, lock.name): lock for lock in locks})

        await together([read(scope) for scope in dict.fromkeys(scopes)])
        return tuple(found.values()), sorted(unread)

    async def aclose(self) -> None:
        """End what is still under way because something else failed or nobody waits any more."""
        tasks = list(self._asked.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _once(self, kind: str, at: ArmId, read: Callable[[ArmId], Coroutine[Any, Any, T]]) -> T:
        task = self._asked.get((kind, at))
        if task is None:
            task = self._asked[kind, at] = asyncio.get_running_loop().create_task(self._read(at, read))
        return await asyncio.shield(task)

    async def _read(self, at: ArmId, read: Callable[[ArmId], Coroutine[Any, Any, T]]) -> T:
        async with self._gate:
            result = await read(at)
        self._done += 1
        self._report(Progress("Reading rights", self._done))
        return result


async def read_caller(gateways: Gateways) -> Caller:
    """Who is signed in; the practice vault tells it where nobody signs in."""
    caller = await gateways.rights.get_caller()
    practice = gateways.practice
    if caller.object_id or practice is None:
        return caller
    return (await practice.read()).caller


def parent_of(scope: ArmId) -> ArmId | None:
    """What rights at `scope` are inherited from: a resource's group, a group's subscription."""
    parts = scope.text.strip("/").split("/")
    if len(parts) <= 2:
        return None
    return ArmId("/" + "/".join(parts[:4] if len(parts) > 4 else parts[:2]))


def _could_not(what: str, at: ArmId) -> str:
    return f"Could not read {what} at {at.name}."
