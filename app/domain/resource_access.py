"""What is known of locks and rights on resources that are there already."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Self

from app.domain.arm_id import ArmId
from app.domain.rights import Lock


@dataclass(frozen=True, slots=True)
class ResourceAccess:
    """What was read of locks and rights on one resource; nothing of it is known as long as it was not read.

    Attributes:
        locks: those that hold for it, set on itself or above.
        missing: actions that a set-up takes on it and the caller does not have.
        roles: names of roles that have them.
        denied_by: the deny assignment that withholds one of them; empty where there is none.
    """

    locks: tuple[Lock, ...] = ()
    missing: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    denied_by: str = ""


NOTHING_KNOWN = ResourceAccess()


@dataclass(frozen=True)
class AccessFacts:
    """As far as it was read, by the keys of the resources' ids.

    Attributes:
        access: locks and rights.
        rights_unread: those of which only the locks are known, since there were too many to read each.
    """

    access: Mapping[str, ResourceAccess] = field(default_factory=dict)
    rights_unread: frozenset[str] = frozenset()

    def access_to(self, resource: ArmId) -> ResourceAccess:
        return self.access.get(resource.key, NOTHING_KNOWN)

    def with_read(self, found: Mapping[str, ResourceAccess], unread: Set[str]) -> Self:
        """These facts and what was found now; `unread` are those of the found whose own rights were left unread."""
        left = unread | (self.rights_unread - found.keys())
        return replace(self, access={**self.access, **found}, rights_unread=frozenset(left))
