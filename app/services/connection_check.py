"""Tries the addresses that the program needs, side by side, and tells of each what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.clouds import cloud_named
from app.domain.addresses import host_of
from app.domain.cloud import Cloud
from app.domain.connection_check import CheckedAddress, Paths, User, addresses_of
from app.domain.line_trouble import Trouble
from app.domain.prerequisites import PrerequisiteRules
from app.errors import AppError, InvalidInput, Unreachable
from app.ports.line import LineFacts, LineProber
from app.runtime.progress import Progress, Report, silent
from app.services.network import Network

AT_ONCE = 6
_CHECK_PAC = "Check the PAC file’s address in the network settings, or ask the network team."
METADATA = "/metadata/endpoints?api-version=2022-09-01"


class Outcome(StrEnum):
    WAITING = "waiting"
    FINE = "fine"
    CARE = "care"
    """It answers, but something will go wrong."""
    TROUBLE = "trouble"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Finding:
    """One address, and what happened there; `facts` is None before it was tried."""

    address: CheckedAddress
    facts: LineFacts | None = None

    @property
    def outcome(self) -> Outcome:
        if not self.address.url:
            return Outcome.NOT_TRIED
        if self.facts is None:
            return Outcome.WAITING
        if self.facts.trouble is None:
            return Outcome.CARE if self.facts.pac else Outcome.FINE
        return Outcome.CARE if self.facts.trouble.kind is Trouble.CLOCK_WRONG and self.facts.status else Outcome.TROUBLE

    @property
    def sentence(self) -> str:
        """What happened."""
        if self.facts is None:
            return self.address.not_tried
        if self.facts.trouble is not None:
            return self.facts.trouble.sentence
        if self.facts.pac:
            return f"It answers, tried without the PAC file: {self.facts.pac}."
        return "It answers."

    @property
    def remedy(self) -> str:
        if self.facts is None:
            return ""
        if self.facts.trouble is not None:
            return self.facts.trouble.remedy
        return (
            "Check the PAC file’s address in the network settings, or ask the network team." if self.facts.pac else ""
        )


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All findings of one run, in the order of the addresses. `at` is when it ended; None before."""

    cloud: Cloud | None
    findings: tuple[Finding, ...]
    at: datetime | None = None

    def count(self, outcome: Outcome) -> int:
        return sum(finding.outcome is outcome for finding in self.findings)


Show = Callable[[CheckResult], object]
"""Told how far it is, each time an address has been tried."""

AskCloud = Callable[[str], Awaitable[Cloud]]


class ConnectionCheck:
    """One check at a time.

    Args:
        ask_cloud: asks a cloud at an address of its own what it is.
        network: the settings that the check follows, as every call does.
        now: the time of this computer.
        computer: its name, for whoever reads what was found.
    """

    def __init__(
        self,
        prober: LineProber,
        ask_cloud: AskCloud,
        rules: PrerequisiteRules,
        paths: Paths,
        network: Network,
        *,
        now: Callable[[], datetime],
        computer: str = "",
    ) -> None:
        self._prober = prober
        self._ask_cloud = ask_cloud
        self.rules = rules
        self.network = network
        self._paths = paths
        self._now = now
        self.computer = computer

    def planned(self, cloud: str, blob_endpoints: Sequence[str] = ()) -> CheckResult:
        """What would be tried, as far as that is known without asking anybody."""
        known = cloud_named(cloud)
        if known is None:
            return CheckResult(None, (Finding(_metadata(cloud)),))
        return CheckResult(known, _findings(addresses_of(known, self.rules, self._paths, blob_endpoints)))

    async def run(
        self,
        cloud: str,
        blob_endpoints: Sequence[str] = (),
        *,
        show: Show = lambda result: None,
        report: Report = silent,
    ) -> CheckResult:
        """Try everything of a known cloud, or of the one at an address.

        Raises:
            InvalidInput: no cloud answers at the address.
        """
        self._prober.forget()
        result = self.planned(cloud, blob_endpoints)
        show(result)
        if result.cloud is None:
            result = await self._of_custom(cloud, blob_endpoints, result, show, report)
            if result.cloud is None:
                return replace(result, at=self._now())
        return await self._try_all(result, show, report)

    async def _of_custom(
        self, address: str, blob_endpoints: Sequence[str], result: CheckResult, show: Show, report: Report
    ) -> CheckResult:
        """What the cloud says of itself decides what else is tried."""
        report(Progress("Asking the cloud where everything is", 0, 1))
        asked = result.findings[0].address
        facts = await self._prober.try_address(asked.url)
        first = Finding(asked, facts)
        result = CheckResult(None, (first,))
        show(result)
        if first.outcome is Outcome.TROUBLE:
            return result
        try:
            cloud = await self._ask_cloud(address)
        except Unreachable:
            return result
        except AppError as error:
            raise InvalidInput(error.code, error.title, error.advice, details=error.details) from error
        others = addresses_of(cloud, self.rules, self._paths, blob_endpoints)
        return CheckResult(cloud, (first, *_findings(others)))

    async def _try_all(self, result: CheckResult, show: Show, report: Report) -> CheckResult:
        findings = list(result.findings)
        wanted = [number for number, each in enumerate(findings) if each.outcome is Outcome.WAITING]
        gate, done = asyncio.Semaphore(AT_ONCE), 0

        def told() -> None:
            report(Progress("Trying the addresses", done, len(wanted)))
            show(replace(result, findings=tuple(findings)))

        async def attempt(number: int) -> None:
            nonlocal done
            async with gate:
                facts = await self._prober.try_address(findings[number].address.url)
            findings[number] = replace(findings[number], facts=facts)
            done += 1
            told()

        told()
        async with asyncio.TaskGroup() as group:
            for number in wanted:
                group.create_task(attempt(number))
        return replace(result, findings=tuple(findings), at=self._now())


def _metadata(address: str) -> CheckedAddress:
    base = address.strip().rstrip("/")
    return CheckedAddress(
        "metadata",
        "What the cloud says of itself",
        "It names the places to sign in, to manage and to store.",
        host_of(base),
        User.COMPUTER,
        base + METADATA,
    )


def _findings(addresses: Sequence[CheckedAddress]) -> tuple[Finding, ...]:
    return tuple(Finding(address) for address in addresses)
