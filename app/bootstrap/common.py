"""What every door wires alike: the libraries, rules, gateways over some clients, the services with their journal."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from app.config import SettingsFile
from app.domain.profiles import DEFAULT_PROFILE
from app.domain.rules import Rules
from app.errors import NotSupported
from app.paths import user_paths
from app.ports.clock import Clock
from app.runtime.journal import JournalTooNew
from app.runtime.loading import load
from app.runtime.renewal import Renewal
from app.services.gateways import Gateways
from app.services.network import Network
from app.services.provider_download import ProviderDownload
from app.services.use_cases import UseCases, open_use_cases

if TYPE_CHECKING:
    from app.adapters.azure.clients import Clients
    from app.adapters.network.ways import Ways
    from app.services.limits import Limits


PIECES = (
    "msgspec",
    "app.services.limits",
    "aiohttp",
    "azure.core",
    "azure.core.pipeline.policies",
    "azure.core.polling",
    "azure.mgmt.core.policies",
    "azure.mgmt.resource.resources.models",
    "azure.mgmt.resource.resources.aio",
    "azure.mgmt.recoveryservices.models",
    "azure.mgmt.recoveryservices.aio",
    "azure.mgmt.recoveryservicessiterecovery.models",
    "azure.mgmt.recoveryservicessiterecovery.operations",
    "azure.mgmt.recoveryservicessiterecovery.aio",
    "azure.storage.blob",
    "azure.storage.blob.aio",
    "app.adapters.azure.clients",
    "app.adapters.azure.site_recovery_gateway",
    "app.adapters.azure.resources_gateway",
    "app.adapters.azure.quotas_gateway",
    "app.adapters.azure.registration_gateway",
    "app.adapters.azure.rights_gateway",
    "app.adapters.azure.operations_gateway",
    "app.adapters.azure.practice_gateway",
    "app.adapters.azure.catalogue_gateway",
    "app.adapters.azure.blob_probe",
    "app.adapters.azure.file_source",
    "app.adapters.azure.clock",
)


def ways_of(network: Network) -> Ways:
    from app.adapters.network.ways import Ways

    assert isinstance(network.line, Ways), "made by open_network"
    return network.line


async def open_limits(profile: str = "") -> Limits:
    """The limits as chosen and kept; make them once, and hand them to everything that is opened here.

    `profile` stands in for the choice, and is not kept.
    """
    await load(("msgspec", "app.services.limits"))
    from app.rule_files import RuleFiles
    from app.services.limits import Limits

    paths = user_paths()
    settings = None if profile else SettingsFile(paths.settings_file)
    limits = Limits(settings, RuleFiles(paths.rules_folder), profile or DEFAULT_PROFILE)
    await limits.load()
    return limits


async def open_services(
    gateways: Gateways, clock: Clock, limits: Limits, folder: Path | None, renewal: Renewal
) -> UseCases:
    from app.adapters.file_rights import file_rights

    try:
        return await open_use_cases(gateways, clock, limits, folder, file_rights(), renewal=renewal)
    except JournalTooNew as error:
        raise NotSupported(
            "JournalTooNew",
            "A later version of the program has worked with this connection",
            "Install that version here, or work with the connection there.",
        ) from error
    except sqlite3.DatabaseError as error:
        raise NotSupported(
            "JournalDamaged",
            "The journal of this connection is damaged",
            f"It was left as it is. Move it out of {folder} to begin a new one; what it knew cannot be resumed then.",
            details=str(error),
        ) from error


def gateways_over(clients: Clients, clock: Clock, subscription: str) -> Gateways:
    from app.adapters.azure.blob_probe import AzureBlobProbe
    from app.adapters.azure.clock import HeardClock
    from app.adapters.azure.operations_gateway import AzureOperationsGateway
    from app.adapters.azure.practice_gateway import SimulatorPracticeGateway
    from app.adapters.azure.quotas_gateway import AzureQuotasGateway
    from app.adapters.azure.registration_gateway import AzureRegistrationCertificates
    from app.adapters.azure.resources_gateway import (
        AzureResourcesGateway,
        AzureSubscriptionsGateway,
        AzureVaultsGateway,
    )
    from app.adapters.azure.rights_gateway import AzureRightsGateway
    from app.adapters.azure.site_recovery_gateway import AzureSiteRecoveryGateway

    follow = clock.follow if isinstance(clock, HeardClock) else lambda state: None
    return Gateways(
        subscriptions=AzureSubscriptionsGateway(clients, subscription),
        resources=AzureResourcesGateway(clients),
        vaults=AzureVaultsGateway(clients),
        quotas=AzureQuotasGateway(clients),
        rights=AzureRightsGateway(clients),
        site_recovery=AzureSiteRecoveryGateway(clients),
        operations=AzureOperationsGateway(clients),
        blobs=AzureBlobProbe(clients.endpoint.credential, clients.transport),
        certificates=AzureRegistrationCertificates(clients),
        practice=SimulatorPracticeGateway(clients, subscription, follow),
    )


def download_over(clients: Clients, gateways: Gateways, rules: Rules, folder: Path | None) -> ProviderDownload:
    """`folder` is the connection's own; None where nothing of it is kept."""
    from app.adapters.azure.file_source import TransportFileSource
    from app.adapters.azure.practice_gateway import practice_installer
    from app.adapters.signature import AuthenticodeCheck

    is_practice = gateways.practice is not None
    installer = practice_installer(clients.endpoint.arm) if is_practice else rules.installer
    return ProviderDownload(TransportFileSource(clients.transport), AuthenticodeCheck(), installer, folder)
