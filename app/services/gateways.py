"""The gateways of one connection, as the services take them."""

from __future__ import annotations

from dataclasses import dataclass

from app.ports.arm import (
    OperationsGateway,
    PracticeGateway,
    QuotasGateway,
    ResourcesGateway,
    RightsGateway,
    SiteRecoveryGateway,
    SubscriptionsGateway,
    VaultsGateway,
)
from app.ports.blobs import BlobProbe
from app.ports.registration import RegistrationCertificates


@dataclass(frozen=True, slots=True)
class Gateways:
    """`practice` is None on a connection to Azure."""

    subscriptions: SubscriptionsGateway
    resources: ResourcesGateway
    vaults: VaultsGateway
    quotas: QuotasGateway
    rights: RightsGateway
    site_recovery: SiteRecoveryGateway
    operations: OperationsGateway
    blobs: BlobProbe
    certificates: RegistrationCertificates
    practice: PracticeGateway | None = None
