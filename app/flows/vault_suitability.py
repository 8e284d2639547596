"""Whether Hyper-V hosts without VMM may use a vault; if not, why, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.azure import Subscription
from app.domain.regions import location_key
from app.domain.rules import Rules
from app.domain.vault import Vault
from app.domain.vault_contents import Scenario, VaultContents

_OWN_VAULT = "Choose a vault that is empty or has a Hyper-V site, or create one."
_SCENARIOS = {
    Scenario.VMM: (
        "Hyper-V with VMM",
        "It protects hosts that System Center Virtual Machine Manager runs; those are set up from VMM.",
        "Work with it in the Azure portal. For hosts without VMM, choose another vault or create one.",
    ),
    Scenario.VMWARE: (
        "VMware or physical",
        "It protects VMware or physical machines, through a configuration server or an appliance.",
        f"Work with it in the Azure portal. For Hyper-V: {_OWN_VAULT[:1].lower()}{_OWN_VAULT[1:]}",
    ),
    Scenario.AZURE: (
        "Azure to Azure",
        "It protects machines that run in Azure already, from one region to another.",
        f"Work with it in the Azure portal. For Hyper-V: {_OWN_VAULT[:1].lower()}{_OWN_VAULT[1:]}",
    ),
    Scenario.OTHER: (
        "Another scenario",
        "It protects machines in a way that this program does not know.",
        f"Work with it in the Azure portal. For Hyper-V: {_OWN_VAULT[:1].lower()}{_OWN_VAULT[1:]}",
    ),
}


@dataclass(frozen=True, slots=True)
class VaultRefusal:
    """`short` stands in a row, `reason` and `instead` where there is room."""

    short: str
    reason: str
    instead: str


def scenario_words(scenario: Scenario) -> str:
    """What people call it, in two or three words."""
    return "Hyper-V" if scenario is Scenario.HYPER_V else _SCENARIOS[scenario][0]


def vault_refusal(
    vault: Vault, subscription: Subscription, contents: VaultContents | None, rules: Rules
) -> VaultRefusal | None:
    """The least changeable reason first; None when nothing that is known speaks against it."""
    if contents is not None and not contents.is_for_hyper_v:
        return VaultRefusal(*_SCENARIOS[contents.scenarios[0]])
    refused = {location_key(name): name for name in rules.regions.refused_targets}
    region = refused.get(location_key(vault.location))
    if region is not None:
        reason = f"Hyper-V machines can’t fail over to {region}."
        return VaultRefusal("Region not possible", reason, "Choose a vault in another region, or create one there.")
    if subscription.is_read_only:
        reason = f"The subscription {subscription.name} is disabled: Azure lets it be read and nothing else."
        instead = "Ask whoever pays for the subscription to enable it again, or choose a vault in another one."
        return VaultRefusal("Subscription disabled", reason, instead)
    if vault.provisioning_state.lower() not in ("", "succeeded"):
        reason = f"Azure has not finished making this vault ({vault.provisioning_state})."
        return VaultRefusal("Not ready", reason, "Wait a minute, then refresh.")
    return None
