"""What was read for the checks of a failover operation, and what a check is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.arm_id import same
from app.domain.azure import AzureMachine, VirtualNetwork
from app.domain.fabric import RecoveryServicesProvider
from app.domain.issue import Suitability
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.quota import RegionQuota
from app.domain.rights import Finding
from app.domain.rules import Rules
from app.flows.failover import FailoverPoints


class Topic(StrEnum):
    """What a check is about. Passed checks of many machines on one topic are told in one line."""

    OFFERED = "offered"
    HEALTH = "health"
    POINT = "point"
    LOSS = "loss"
    DRILL = "drill"
    HOST = "host"
    NAME = "name"
    NETWORK = "network"
    SUBNET = "subnet"
    ADDRESSES = "addresses"
    MACHINE = "machine"
    QUOTA = "quota"
    RIGHTS = "rights"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Check:
    """One line under *Before*.

    Attributes:
        text: names the machine where something is wrong with it.
        detail: a figure or a name beside the text.
        machine: whom it concerns; empty for all.
    """

    status: Suitability
    topic: Topic
    text: str
    detail: str = ""
    remedy: str = ""
    machine: str = ""


@dataclass(frozen=True, slots=True)
class FailoverFacts:
    """What was read for the checks of one opening of the sheet.

    Attributes:
        networks: those of the region in which the machines would run.
        azure_machines: the machine that a failover made, by the key of its item's id; for a commit.
        quotas: of the region, one for each subscription in which machines would run; empty where none is made.
        rights: how the caller's rights to the operation stand; None where that could not be read in time.
        unread: what Azure did not tell, in words: in an emergency, which does not wait for it, or of advice alone.
    """

    now: datetime
    points: FailoverPoints
    rules: Rules
    networks: tuple[VirtualNetwork, ...] = ()
    hosts: tuple[RecoveryServicesProvider, ...] = ()
    azure_machines: Mapping[str, AzureMachine | None] = field(default_factory=dict)
    quotas: tuple[RegionQuota, ...] = ()
    rights: Finding | None = None
    unread: tuple[str, ...] = ()

    def network(self, network_id: str) -> VirtualNetwork | None:
        return next((network for network in self.networks if same(network.id.text, network_id)), None)

    def host_of(self, item: ReplicationProtectedItem) -> RecoveryServicesProvider | None:
        return next((host for host in self.hosts if same(host.id.text, item.provider_id)), None)
