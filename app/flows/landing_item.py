"""A machine that replicates already, as what the preview of landings looks at."""

from __future__ import annotations

from app.domain.arm_id import ArmId
from app.domain.estate import Estate
from app.domain.protected_item import ReplicationProtectedItem
from app.flows.draft import NetworkChoice, SetUpDraft, TargetChoice, VaultChoice


def draft_of(item: ReplicationProtectedItem, estate: Estate) -> SetUpDraft:
    """A set-up that chooses no machine and has the target of this one: the estate holds it as the only one."""
    vault, group = estate.vault, ArmId(item.target_resource_group_id)
    network = ArmId(item.target_network_id)
    choice = VaultChoice()
    if vault is not None:
        choice = VaultChoice(vault.id.subscription, vault.resource_group, vault.name, vault.location)
    target = TargetChoice(
        subscription=group.subscription or choice.subscription,
        resource_group=group.resource_group or choice.resource_group,
        network=NetworkChoice(network_id=network.text, name=network.name) if network.text else NetworkChoice(),
    )
    return SetUpDraft(name=item.friendly_name, vault=choice, target=target)
