"""The services of one connection, built on its gateways, with the journal and the lock that belong to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.ports.clock import Clock
from app.ports.registration import FileRights
from app.runtime.connection_lock import ConnectionLock
from app.runtime.journal import Journal
from app.runtime.renewal import Renewal
from app.runtime.write_access import WriteAccess
from app.services.capacity_probe import CapacityProbe
from app.services.failover import Failover
from app.services.gateways import Gateways
from app.services.inventory import Inventory
from app.services.job_watch import JobWatch
from app.services.key_facts import KeyFacts
from app.services.network_check import NetworkCheck
from app.services.operations import Operations
from app.services.patience import Patience, sign_in_renewal
from app.services.practice_control import PracticeControl
from app.services.region_quotas import RegionQuotas
from app.services.registration_keys import RegistrationKeys
from app.services.rights_check import RightsCheck
from app.services.runner import Runner
from app.services.storage_check import StorageCheck

if TYPE_CHECKING:
    from app.services.limits import Limits  # brings libraries that the first frame does without

JOURNAL_FILE = "journal.sqlite"
LOCK_FILE = "lock.sqlite"


@dataclass(frozen=True, slots=True)
class UseCases:
    """`practice` is None on a connection to Azure."""

    inventory: Inventory
    runner: Runner
    jobs: Operations
    failover: Failover
    capacity_probe: CapacityProbe
    quotas: RegionQuotas
    rights: RightsCheck
    storage: StorageCheck
    networks: NetworkCheck
    keys: RegistrationKeys
    practice: PracticeControl | None
    access: WriteAccess
    renewal: Renewal
    _journal: Journal
    _watch: JobWatch
    _lock: ConnectionLock | None

    async def aclose(self) -> None:
        """Stop following and running. What was sent goes on in Azure; the journal knows where."""
        await self.runner.aclose()
        await self._watch.aclose()
        await self._journal.aclose()
        if self._lock is not None:
            self._lock.release()


async def open_use_cases(
    gateways: Gateways,
    clock: Clock,
    limits: Limits,
    folder: Path | None,
    file_rights: FileRights,
    *,
    renewal: Renewal | None = None,
    enable_at_once: int = 4,
) -> UseCases:
    """`folder` is the connection's own; None keeps the journal in memory, for a practice vault that is forgotten too.

    `renewal` is that of the connection's sign-in; what has none cannot be signed in to again.

    Raises:
        JournalTooNew: a later version of the program has worked with this connection.
        sqlite3.DatabaseError: the journal is damaged.
    """
    lock = None if folder is None else await asyncio.to_thread(ConnectionLock.take, folder / LOCK_FILE)
    access = WriteAccess(is_held_elsewhere=folder is not None and lock is None)
    try:
        journal = await Journal.open(None if folder is None else folder / JOURNAL_FILE)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    rules = limits.rules
    patience = Patience(clock, renewal or sign_in_renewal())
    watch = JobWatch(gateways.site_recovery, clock, patience)
    runner = Runner(
        gateways, journal, clock, watch, patience, rules.error, enable_at_once=enable_at_once, access=access
    )
    facts = await KeyFacts.open(folder)
    quotas, rights = RegionQuotas(gateways), RightsCheck(gateways, rules.rights)
    return UseCases(
        inventory=Inventory(gateways, quotas),
        runner=runner,
        jobs=Operations(gateways.site_recovery, clock, watch),
        failover=Failover(gateways, runner, quotas, rights, clock, limits),
        capacity_probe=CapacityProbe(gateways.blobs),
        quotas=quotas,
        rights=rights,
        storage=StorageCheck(gateways, clock, rules.rights),
        networks=NetworkCheck(gateways, rules.rights),
        keys=RegistrationKeys(gateways, journal, clock, rules, access, facts, file_rights),
        practice=PracticeControl(gateways.practice) if gateways.practice is not None else None,
        access=access,
        renewal=patience.renewal,
        _journal=journal,
        _watch=watch,
        _lock=lock,
    )
