"""Where the machines of a failover would be connected: the network of a test, and the subnets of a real one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.domain.arm_id import same
from app.domain.azure import Subnet, VirtualNetwork
from app.domain.issue import Suitability
from app.domain.network_rules import free_addresses, subnet_refusal
from app.domain.protected_item import ReplicationProtectedItem
from app.flows.failover import FailoverChoices, FailoverOperation
from app.flows.failover_facts import Check, FailoverFacts, Topic

_NOT_MADE = "NotSelected"
"""The selection of a network card that the machine in Azure does not get."""


def lasting_subnets(operation: FailoverOperation, item: ReplicationProtectedItem, facts: FailoverFacts) -> list[Check]:
    """Whether the subnets set for the machine take it; nothing where its network was not read."""
    network = facts.network(item.target_network_id)
    if network is None:
        return []
    name = item.friendly_name
    by_name = {subnet.name.lower(): subnet for subnet in network.subnets}
    wanted = [nic.target_subnet for nic in item.nics if nic.target_subnet and nic.selection != _NOT_MADE]
    for asked in dict.fromkeys(wanted):
        subnet = by_name.get(asked.lower())
        refusal = subnet_refusal(subnet, facts.rules) if subnet is not None else None
        if subnet is not None and refusal is None:
            continue
        why = refusal.reason if refusal is not None else f"{network.name} has no subnet {asked} any more."
        return [
            Check(
                Suitability.WARNING if operation.is_emergency else Suitability.BLOCKED,
                Topic.SUBNET,
                f"{name} can’t be connected in {network.name}. {why}",
                remedy="Give its network card another subnet in the portal, under Compute and network.",
                machine=name,
            )
        ]
    told = ", ".join(dict.fromkeys(wanted))
    return [Check(Suitability.OK, Topic.SUBNET, "Subnet is there", told, machine=name)] if wanted else []


def test_network(
    items: Sequence[ReplicationProtectedItem], choices: FailoverChoices, facts: FailoverFacts
) -> list[Check]:
    apart = "Choose a network that is cut off from the running machines."
    if not choices.network_id:
        text = "No network is chosen: the test machine cannot be reached."
        return [Check(Suitability.WARNING, Topic.NETWORK, text, remedy=apart)]
    network = facts.network(choices.network_id)
    if network is None:
        text = "The chosen network does not exist any more."
        return [Check(Suitability.BLOCKED, Topic.NETWORK, text, remedy="Choose another network.")]
    if any(same(item.target_network_id, choices.network_id) for item in items):
        text = f"{network.name} is for real failovers: a test machine in it may answer in place of a running one."
        found = [Check(Suitability.WARNING, Topic.NETWORK, text, remedy=apart)]
    else:
        found = [Check(Suitability.OK, Topic.NETWORK, "Test network is apart from real failovers", network.name)]
    return found + _addresses(items, network, facts)


def _addresses(items: Sequence[ReplicationProtectedItem], network: VirtualNetwork, facts: FailoverFacts) -> list[Check]:
    """Whether each subnet has an address left for every machine that goes there."""
    needed = Counter(subnet for subnet in (expected_subnet(item, network) for item in items) if subnet is not None)
    found = []
    for subnet, machines in needed.items():
        if subnet_refusal(subnet, facts.rules) is not None:
            continue
        free = free_addresses(subnet, facts.rules)
        if free is None or free >= machines:
            detail = "" if free is None else f"{free} in {subnet.name}"
            found.append(Check(Suitability.OK, Topic.ADDRESSES, "Enough addresses are free", detail))
        else:
            text = f"{subnet.name} has {free} free addresses; {machines} are needed."
            found.append(
                Check(Suitability.BLOCKED, Topic.ADDRESSES, text, remedy="Free addresses or choose another network.")
            )
    return found


def test_subnet(item: ReplicationProtectedItem, choices: FailoverChoices, facts: FailoverFacts) -> list[Check]:
    network = facts.network(choices.network_id)
    if network is None:
        return []
    name = item.friendly_name
    subnet = expected_subnet(item, network)
    if subnet is None:
        text = f"{network.name} has no subnet."
        remedy = "Add a subnet or choose another network."
        return [Check(Suitability.BLOCKED, Topic.SUBNET, text, remedy=remedy, machine=name)]
    refusal = subnet_refusal(subnet, facts.rules)
    if refusal is not None:
        text = f"{name} would go into {subnet.name} of {network.name}. {refusal.reason}"
        remedy = "Choose another network, or give this one a subnet of the name that the machine asks for."
        return [Check(Suitability.BLOCKED, Topic.SUBNET, text, remedy=remedy, machine=name)]
    wanted = next((nic.target_subnet for nic in item.nics if nic.target_subnet), "")
    if wanted and subnet.name.lower() != wanted.lower():
        return [
            Check(
                Suitability.WARNING,
                Topic.SUBNET,
                f"{network.name} has no subnet {wanted}; {name} goes into {subnet.name}.",
                remedy="Give the test network subnets of the same names to test addresses too.",
                machine=name,
            )
        ]
    return [Check(Suitability.OK, Topic.SUBNET, "Subnet is there", subnet.name, machine=name)]


def expected_subnet(item: ReplicationProtectedItem, network: VirtualNetwork) -> Subnet | None:
    """Where Azure puts the test machine: the subnet of the same name, else the alphabetically first."""
    wanted = {nic.target_subnet.lower() for nic in item.nics if nic.target_subnet}
    same_name = next((subnet for subnet in network.subnets if subnet.name.lower() in wanted), None)
    return same_name or min(network.subnets, key=lambda subnet: subnet.name.lower(), default=None)
