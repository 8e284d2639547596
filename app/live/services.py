"""Everything that one open connection offers, as the window and the command line hold it."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.arm_id import ArmId
from app.domain.rules import Rules
from app.live.vault_feeds import PRACTICE, Intervals, VaultFeeds
from app.ports.clock import Clock
from app.ports.sign_in import SignIn, SignInWish
from app.runtime.renewal import Renewal
from app.runtime.write_access import WriteAccess
from app.services.capacity_probe import CapacityProbe
from app.services.failover import Failover
from app.services.gateways import Gateways
from app.services.inventory import Inventory
from app.services.limits import Limits
from app.services.network_check import NetworkCheck
from app.services.operations import Operations
from app.services.patience import sign_in_renewal
from app.services.policy_presets import PolicyPresets
from app.services.practice_control import PracticeControl
from app.services.provider_download import ProviderDownload
from app.services.readiness_reports import ReadinessReports
from app.services.region_quotas import RegionQuotas
from app.services.registration_keys import RegistrationKeys
from app.services.rights_check import RightsCheck
from app.services.runner import Runner
from app.services.storage_check import StorageCheck


@dataclass(frozen=True, slots=True)
class ConnectionSignIn:
    """How this connection was signed in to, and with what it can be signed in to again, or out of.

    Attributes:
        tenant: whose tokens open it, where whoever signed in is a guest there.
    """

    port: SignIn
    wish: SignInWish
    tenant: str = ""

    @property
    def renewal(self) -> Renewal:
        return self.port.renewal(self.wish, self.tenant)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that one connection offers. Nothing but the limits is shared with another connection.

    Attributes:
        key: names the connection.
        folder: where its drafts, its journal and its practice vault are kept.
        home_vault: the vault to begin with; None where there is none yet.
        limits: which rules are in force; the user may choose others at any time.
        reports: what hosts told of themselves in files of the readiness script.
        presets: the user's own presets of policies; all connections have the same.
        practice: None when the other end is no practice vault.
        access: whether it may be written through.
        sign_in: None where nobody signs in, as to the built-in practice vault.
        renewal: whether the sign-in has ended, and waiting until somebody has signed in again.
    """

    key: str
    folder: Path
    subscription: str
    home_vault: ArmId | None
    clock: Clock
    gateways: Gateways
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
    provider_download: ProviderDownload
    _ends: AsyncExitStack
    sign_in: ConnectionSignIn | None = None
    renewal: Renewal = field(default_factory=sign_in_renewal)
    reports: ReadinessReports = field(default_factory=lambda: ReadinessReports(None))
    limits: Limits = field(default_factory=Limits)
    presets: PolicyPresets = field(default_factory=lambda: PolicyPresets(None))

    @property
    def rules(self) -> Rules:
        """Those in force now. Whoever shows verdicts by them listens to `limits` for others."""
        return self.limits.rules

    def feeds(self, vault: ArmId, *, intervals: Intervals | None = None) -> VaultFeeds:
        """New feeds for one vault, quicker on a practice vault; whoever asked for them closes them."""
        usual = Intervals() if self.practice is None else PRACTICE
        return VaultFeeds(
            vault,
            self.gateways.site_recovery,
            self.clock,
            quotas=self.quotas,
            intervals=intervals or usual,
            renewal=self.renewal,
        )

    async def aclose(self) -> None:
        """Stop what runs, close the journal and the line, and let go of the connection."""
        await self._ends.aclose()
