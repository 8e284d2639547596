"""What is known of storage accounts beside what Azure's list of them tells: locks, rights, and how much they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.arm_id import ArmId
from app.domain.storage_rules import NOTHING_KNOWN, StorageAccess


@dataclass(frozen=True)
class StorageFacts:
    """As far as it was read, by the keys of the accounts' ids.

    Attributes:
        access: locks and rights.
        used_bytes: what accounts hold; None of one whose figure could not be had.
        rights_unread: accounts whose own rights were not read, since there are too many for that.
    """

    access: Mapping[str, StorageAccess] = field(default_factory=dict)
    used_bytes: Mapping[str, int | None] = field(default_factory=dict)
    rights_unread: frozenset[str] = frozenset()

    def access_to(self, account: ArmId) -> StorageAccess:
        return self.access.get(account.key, NOTHING_KNOWN)
