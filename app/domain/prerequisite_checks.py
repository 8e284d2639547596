"""Whether what Azure has meets the prerequisites: from what was read to one finding for each line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from types import MappingProxyType

from app.domain.azure import ResourceProvider, StorageAccount, Subscription, VirtualNetwork
from app.domain.issue import Suitability, Verdict, least_suitable
from app.domain.network_rules import free_addresses, judge_network
from app.domain.prerequisites import Check
from app.domain.regions import location_key, same_location
from app.domain.rights import Permission
from app.domain.rules import Rules
from app.domain.storage_rules import PREMIUM, judge_storage
from app.domain.vault import Vault

TARGET_PROVIDERS = ("Microsoft.Storage", "Microsoft.Network", "Microsoft.Compute")
PROVIDERS = ("Microsoft.RecoveryServices", *TARGET_PROVIDERS)
_VAULT = "Microsoft.RecoveryServices/vaults"
_ITEM = f"{_VAULT}/replicationFabrics/replicationProtectionContainers/replicationProtectedItems"
VAULT_RIGHTS = {
    f"{_VAULT}/replicationFabrics/write": "make Hyper-V sites",
    f"{_VAULT}/replicationPolicies/write": "make policies",
    f"{_ITEM}/write": "enable replication",
    f"{_ITEM}/plannedFailover/action": "fail over",
}
_MODERATE_COPY_S = 300
_NO_VAULT = "The vault’s region decides."
_MAKE_ONE = "Create the vault in the set-up, then look again."
_Judged = tuple[tuple[StorageAccount, Verdict], ...]


class Outcome(StrEnum):
    OK = "ok"
    CARE = "care"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """It could not be read, or there is nothing to compare with yet."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one line comes to.

    Attributes:
        word: one to three words, for the chip.
        text: one sentence about what was found.
        remedy: what to do about it; empty when nothing need be done.
    """

    outcome: Outcome
    word: str
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class AzureSide:
    """What was read.

    Attributes:
        unread: why a part could not be read, by the name of its field.
    """

    subscription: Subscription | None = None
    providers: tuple[ResourceProvider, ...] = ()
    vault: Vault | None = None
    storage: tuple[StorageAccount, ...] = ()
    networks: tuple[VirtualNetwork, ...] = ()
    permissions: tuple[Permission, ...] = ()
    unread: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def judge_azure_side(side: AzureSide, rules: Rules) -> Mapping[Check, Finding]:
    """A finding for every check."""
    near = _judged_near(side, rules)
    judges: Mapping[Check, tuple[str, Callable[[AzureSide, Rules], Finding]]] = {
        Check.SUBSCRIPTION: ("subscription", _subscription),
        Check.PROVIDERS: ("providers", _providers),
        Check.VAULT: ("vault", _vault),
        Check.REGION: ("vault", _region),
        Check.STORAGE: ("storage", partial(_storage, near)),
        Check.SECOND_COPY: ("storage", partial(_second_copy, near)),
        Check.NETWORK: ("networks", _network),
        Check.RIGHTS: ("permissions", _rights),
    }
    findings = {}
    for check, (part, judge) in judges.items():
        why = side.unread.get(part)
        findings[check] = Finding(Outcome.UNKNOWN, "Not read", why) if why else judge(side, rules)
    return findings


def _subscription(side: AzureSide, rules: Rules) -> Finding:
    found = side.subscription
    if found is None:
        text = "Your account does not see the subscription."
        return Finding(Outcome.MISSING, "Not found", text, "Ask its owner for the Reader role, then look again.")
    if found.state.lower() != "enabled":
        remedy = "An account administrator can put that right in the portal, under Subscriptions."
        return Finding(Outcome.MISSING, found.state or "Unknown state", f"{found.name} is not enabled.", remedy)
    return Finding(Outcome.OK, "Enabled", f"{found.name} is enabled.")


def _providers(side: AzureSide, rules: Rules) -> Finding:
    states = {provider.namespace.lower(): provider.state for provider in side.providers}
    missing = [name for name in PROVIDERS if states.get(name.lower(), "").lower() != "registered"]
    if not missing:
        return Finding(Outcome.OK, "Registered", f"All {len(PROVIDERS)} are registered.")
    if all(states.get(name.lower(), "").lower() == "registering" for name in missing):
        text = f"{_listed(missing)}: Azure is registering."
        return Finding(Outcome.CARE, "Registering", text, "Look again in a few minutes.")
    commands = "; ".join(f"az provider register --namespace {name}" for name in missing)
    remedy = f"In the portal: Subscriptions, Resource providers, Register. Or: {commands}"
    return Finding(Outcome.MISSING, "Not registered", f"Not registered: {_listed(missing)}.", remedy)


def _vault(side: AzureSide, rules: Rules) -> Finding:
    vault = side.vault
    if vault is None:
        text = "There is no Recovery Services vault yet."
        return Finding(Outcome.MISSING, "Missing", text, "Create it in the set-up.")
    if vault.provisioning_state != "Succeeded":
        text = f"Azure has not finished {vault.name}."
        return Finding(Outcome.CARE, "Not ready", text, "Look again in a minute.")
    return Finding(Outcome.OK, "There", f"{vault.name} in {rules.region_name(vault.location)}.")


def _region(side: AzureSide, rules: Rules) -> Finding:
    vault = side.vault
    if vault is None:
        return Finding(Outcome.UNKNOWN, "No vault yet", _NO_VAULT, _MAKE_ONE)
    name = rules.region_name(vault.location)
    if location_key(name) in {location_key(refused) for refused in rules.regions.refused_targets}:
        text = f"Hyper-V machines cannot fail over to {name}."
        return Finding(Outcome.MISSING, "Not supported", text, "Create a vault in another region.")
    if rules.region(vault.location) is None:
        text = f"{name} is newer than this program’s list of regions."
        return Finding(
            Outcome.CARE, "Unknown region", text, "See in the portal whether Site Recovery is offered there."
        )
    return Finding(Outcome.OK, "Supported", f"{name} takes Hyper-V machines.")


def _judged_near(side: AzureSide, rules: Rules) -> _Judged:
    """The accounts in the vault's region: no other can be used, and a subscription may have thousands of them."""
    if side.vault is None:
        return ()
    where = side.vault.location
    near = {place for place in {account.location for account in side.storage} if same_location(place, where)}
    return tuple(
        (account, judge_storage(account, where, _MODERATE_COPY_S, rules))
        for account in side.storage
        if account.location in near
    )


def _storage(near: _Judged, side: AzureSide, rules: Rules) -> Finding:
    vault = side.vault
    if vault is None:
        return Finding(Outcome.UNKNOWN, "No vault yet", _NO_VAULT, _MAKE_ONE)
    region = rules.region_name(vault.location)
    good = [account for account, verdict in near if verdict.status is Suitability.OK]
    usable = [account.name for account in good if account.tier != PREMIUM]
    if usable:
        return Finding(Outcome.OK, "There", f"{_listed(usable)} in {region}.")
    doubtful = [(account.name, verdict) for account, verdict in near if verdict.is_usable]
    if doubtful:
        name, verdict = doubtful[0]
        return Finding(Outcome.CARE, verdict.word, f"{name}: {verdict.reason}", verdict.remedy)
    remedy = "Create one in the set-up, step Target: general purpose, GRS or LRS."
    if not side.storage:
        return Finding(Outcome.MISSING, "No account", "The subscription has no storage account.", remedy)
    if not near:
        text = f"None of the {len(side.storage)} storage accounts is in {region}, where the vault is."
        return Finding(Outcome.MISSING, "Other region", text, remedy)
    account, verdict = near[0]
    return Finding(Outcome.MISSING, verdict.word, f"{account.name}: {verdict.reason}", remedy)


def _second_copy(near: _Judged, side: AzureSide, rules: Rules) -> Finding:
    vault = side.vault
    if vault is None:
        return Finding(Outcome.UNKNOWN, "No vault yet", _NO_VAULT, _MAKE_ONE)
    usable = [account for account, verdict in near if verdict.status is Suitability.OK]
    advised = [account for account in usable if account.redundancy in rules.storage.advised_redundancies]
    if advised:
        kinds = _listed([f"{account.name} ({account.redundancy})" for account in advised])
        return Finding(Outcome.OK, "There", f"{kinds}.")
    if not usable:
        text = "No storage account is suitable yet."
        return Finding(Outcome.UNKNOWN, "No account yet", text, "See the line above.")
    remedy = "Create an account with GRS in the set-up, or accept that the replicas go with the region."
    text = f"The suitable accounts keep their copies in one region: {_listed([account.name for account in usable])}."
    return Finding(Outcome.CARE, "One region only", text, remedy)


def _network(side: AzureSide, rules: Rules) -> Finding:
    vault = side.vault
    if vault is None:
        return Finding(Outcome.UNKNOWN, "No vault yet", _NO_VAULT, _MAKE_ONE)
    region = rules.region_name(vault.location)
    remedy = "Create one in the set-up, step Target."
    if not side.networks:
        return Finding(Outcome.MISSING, "No network", "The subscription has no virtual network.", remedy)
    near = [network for network in side.networks if same_location(network.location, vault.location)]
    if not near:
        text = f"None of the {len(side.networks)} networks is in {region}, where the vault is."
        return Finding(Outcome.MISSING, "Other region", text, remedy)
    suitable = [network for network in near if judge_network(network, vault.location, rules).is_usable]
    if not suitable:
        verdict = least_suitable(
            (judge_network(network, vault.location, rules) for network in near), Verdict(Suitability.OK, "")
        )
        return Finding(Outcome.MISSING, verdict.word, f"{near[0].name}: {verdict.reason}", verdict.remedy)
    with_room = [network for network in suitable if any(free_addresses(subnet, rules) for subnet in network.subnets)]
    if not with_room:
        text = f"No subnet of {_listed([network.name for network in suitable])} has a free address."
        return Finding(Outcome.CARE, "No room", text, "Add a subnet, or choose a larger network.")
    return Finding(Outcome.OK, "There", f"{_listed([network.name for network in with_room])} in {region}.")


def _rights(side: AzureSide, rules: Rules) -> Finding:
    vault = side.vault
    if vault is None:
        return Finding(Outcome.UNKNOWN, "No vault yet", "Rights are looked at on the vault.", _MAKE_ONE)
    refused = [
        words
        for action, words in VAULT_RIGHTS.items()
        if not any(permission.covers(action) for permission in side.permissions)
    ]
    if not refused:
        return Finding(Outcome.OK, "There", f"You may set up replication and fail over in {vault.name}.")
    text = f"In {vault.name} you may not {_listed(refused, most=len(refused))}."
    return Finding(
        Outcome.MISSING, "Missing", text, "Ask an owner of the vault for the role Site Recovery Contributor."
    )


def _listed(names: Iterable[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    every = list(names)
    words = ", ".join(every[:most])
    return f"{words} and {len(every) - most} more" if len(every) > most else words
