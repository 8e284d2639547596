"""Where the things that a draft means are in Azure, or will be once the run has made them."""

from __future__ import annotations

from app.domain.arm_id import ArmId, container_id, policy_id, storage_account_id, vault_id, virtual_network_id
from app.domain.estate import Estate
from app.domain.fabric import Fabric
from app.flows.draft import ReplicaKind, SetUpDraft, StorageChoice, VaultChoice


def vault_id_of(choice: VaultChoice) -> ArmId:
    return vault_id(choice.subscription, choice.resource_group, choice.name)


def location_of(draft: SetUpDraft, estate: Estate) -> str:
    """The region that vault, storage and network share: the vault's own as soon as there is one."""
    vault = estate.vault_at(vault_id_of(draft.vault))
    return vault.location if vault else draft.vault.location


def storage_id(draft: SetUpDraft) -> ArmId | None:
    """The account for replicated data, there already or still to be created; None where that goes to managed disks."""
    is_wanted = draft.target.replica is ReplicaKind.STORAGE_ACCOUNT
    return _account_id(draft, draft.target.storage) if is_wanted else None


def logs_id(draft: SetUpDraft) -> ArmId | None:
    """The account for change logs that the draft means, whether it needs one or not."""
    return _account_id(draft, draft.target.logs)


def _account_id(draft: SetUpDraft, choice: StorageChoice) -> ArmId | None:
    if choice.create and choice.name:
        return storage_account_id(draft.target.subscription, draft.target.resource_group, choice.name)
    return ArmId(choice.account_id) if choice.account_id else None


def network_id(draft: SetUpDraft) -> ArmId | None:
    target = draft.target
    if target.network.create and target.network.name:
        return virtual_network_id(target.subscription, target.resource_group, target.network.name)
    return ArmId(target.network.network_id) if target.network.network_id else None


def network_name(draft: SetUpDraft) -> str:
    network = network_id(draft)
    return network.name if network else ""


def machines_to_choose_from(draft: SetUpDraft, estate: Estate) -> int:
    """How many machines the site has, protected ones included."""
    site = estate.site(draft.site.name)
    return len(estate.protectable_at(site)) if site else 0


def site_of(draft: SetUpDraft, estate: Estate) -> Fabric | None:
    return estate.site(draft.site.name) if estate.is_of(vault_id_of(draft.vault)) else None


def container_of(site: Fabric, estate: Estate) -> ArmId | None:
    container = estate.container(site)
    if container is not None:
        return container.id
    return container_id(site.id, f"cloud_{site.internal_id}") if site.internal_id else None


def existing_policy_id(draft: SetUpDraft, estate: Estate) -> ArmId | None:
    if not estate.is_of(vault_id_of(draft.vault)):
        return None
    policy = estate.policy(draft.policy.name)
    return policy.id if policy else None


def policy_id_of(draft: SetUpDraft, estate: Estate) -> ArmId:
    return existing_policy_id(draft, estate) or policy_id(vault_id_of(draft.vault), draft.policy.name)


def read_key(draft: SetUpDraft) -> tuple[str, ...]:
    """What an estate was read for; another key needs another reading."""
    vault, target = draft.vault, draft.target
    name = "" if vault.create else vault.name
    group = "" if target.create_resource_group else target.resource_group
    location = "" if vault.create else vault.location
    parts = (vault.subscription, vault.resource_group if name else "", name, location, target.subscription, group)
    return tuple(part.lower() for part in parts)
