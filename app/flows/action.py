"""An action: one write to Azure, as data.

A draft becomes a list of actions; the review shows them, the journal keeps them, the runner sends them. Because an
action holds everything it needs (target, verb, body) it can be carried out after a crash from the journal alone.
Bodies never hold secrets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.arm_id import ArmId


class ActionKind(StrEnum):
    REGISTER_PROVIDER = "register_provider"
    CREATE_RESOURCE_GROUP = "create_resource_group"
    CREATE_VAULT = "create_vault"
    CREATE_STORAGE_ACCOUNT = "create_storage_account"
    CREATE_VIRTUAL_NETWORK = "create_virtual_network"
    CREATE_SITE = "create_site"
    CREATE_POLICY = "create_policy"
    ASSOCIATE_POLICY = "associate_policy"
    ENABLE_PROTECTION = "enable_protection"
    TEST_FAILOVER = "test_failover"
    CLEAN_UP_TEST_FAILOVER = "clean_up_test_failover"
    PLANNED_FAILOVER = "planned_failover"
    UNPLANNED_FAILOVER = "unplanned_failover"
    COMMIT_FAILOVER = "commit_failover"
    REFRESH_HOST = "refresh_host"
    REMOVE_HOST = "remove_host"
    PURGE_HOST = "purge_host"
    DISSOCIATE_POLICY = "dissociate_policy"
    CHANGE_POLICY = "change_policy"
    DELETE_POLICY = "delete_policy"
    REMOVE_SITE = "remove_site"
    CREATE_REGISTRATION_KEY = "create_registration_key"


RESOURCE_KINDS = frozenset(
    {
        ActionKind.REGISTER_PROVIDER,
        ActionKind.CREATE_RESOURCE_GROUP,
        ActionKind.CREATE_VAULT,
        ActionKind.CREATE_STORAGE_ACCOUNT,
        ActionKind.CREATE_VIRTUAL_NETWORK,
    }
)
"""Plain ARM resources, and registrations: their writes make no ASR job, and are looked for at the target itself."""


REMOVAL_KINDS = frozenset(
    {
        ActionKind.REMOVE_HOST,
        ActionKind.PURGE_HOST,
        ActionKind.DISSOCIATE_POLICY,
        ActionKind.DELETE_POLICY,
        ActionKind.REMOVE_SITE,
    }
)
"""Confirmed when their target is gone."""

SITE_KINDS = REMOVAL_KINDS | {ActionKind.REFRESH_HOST, ActionKind.CHANGE_POLICY}
"""Writes on what stands in a site or a vault, where those of a failover act on a machine."""

PURGE = "purge"
"""The verb of a DELETE, which asks no host."""

PATCH = "patch"
"""The verb of a PATCH, whose body is in the resource's own form for updates."""


class ActionGroup(StrEnum):
    """The heads under which the review lists actions, in running order."""

    SUBSCRIPTION = "subscription"
    RESOURCE_GROUP = "resource_group"
    VAULT = "vault"
    MACHINES = "machines"


@dataclass(frozen=True, slots=True)
class Action:
    """One write.

    Attributes:
        verb: empty for a PUT of `target`, and for registering a provider; otherwise the last segment of a POST below a
            vault, such as `testFailover`, or `PURGE`, or `PATCH`.
        body: for plain ARM resources the whole resource; for Site Recovery the `properties`. None sends no body.
        label: what it does, for the list ("Create storage account"); `before` and `after` say what changes.
        usual_s: usual duration in vault seconds; None when nobody knows.
        needs: ids of actions that must be confirmed first.
        occasion: tells apart equal POSTs that are meant twice (two drills of one machine); empty for PUTs.
        expects: what was shown as there now. Where Azure has something else by then, nothing is sent: somebody else
            was quicker. None expects nothing.
    """

    kind: ActionKind
    target: ArmId
    body: Mapping[str, Any] | None
    label: str
    subject: str
    after: str
    before: str = ""
    verb: str = ""
    group: ActionGroup = ActionGroup.VAULT
    usual_s: float | None = None
    needs: tuple[str, ...] = ()
    occasion: str = ""
    expects: Mapping[str, Any] | None = None
    id: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", self._derived_id())

    def _derived_id(self) -> str:
        meant = [self.kind.value, self.target.key, self.verb, _with_ids_alike(self.body), self.occasion]
        if self.expects is not None:
            meant.append(self.expects)
        intent = json.dumps(meant, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(intent.encode()).hexdigest()[:20]

    @property
    def body_hash(self) -> str:
        return hashlib.sha256(json.dumps(self.body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def is_post(self) -> bool:
        return bool(self.verb)


def _with_ids_alike(value: Any) -> Any:
    """The same with resource ids in one case: Azure gives them back in another than the one in which they were made."""
    if isinstance(value, str):
        return value.lower() if value[:_BEGINNING].lower() == "/subscriptions/" else value
    if isinstance(value, Mapping):
        return {name: _with_ids_alike(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_ids_alike(inner) for inner in value]
    return value


_BEGINNING = len("/subscriptions/")
