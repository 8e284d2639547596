"""What is known of virtual networks beside what Azure's list of them tells: locks and rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.arm_id import ArmId
from app.domain.network_rules import NOTHING_KNOWN, NetworkAccess


@dataclass(frozen=True)
class NetworkFacts:
    """As far as it was read, by the keys of the networks' ids.

    Attributes:
        access: locks and rights.
        rights_unread: those of which only the locks are known, since there were too many to read each.
    """

    access: Mapping[str, NetworkAccess] = field(default_factory=dict)
    rights_unread: frozenset[str] = frozenset()

    def access_to(self, network: ArmId) -> NetworkAccess:
        return self.access.get(network.key, NOTHING_KNOWN)
