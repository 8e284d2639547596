"""The action that makes the network for after a failover, whole: ranges, subnets, servers for names, tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.address_ranges import split_ranges
from app.domain.estate import Estate
from app.domain.rules import Rules
from app.domain.vault_rules import given_tags, tags_text
from app.flows.action import Action, ActionGroup, ActionKind
from app.flows.draft import NetworkChoice, NewSubnet, SetUpDraft
from app.flows.places import location_of, network_id
from app.flows.planning_vault import planned
from app.flows.step import counted

_SUBNETS_NAMED = 3
"""So many are told by name and range in the list of actions; of more, how many there are."""


def network_actions(draft: SetUpDraft, estate: Estate, rules: Rules, needs: tuple[str, ...]) -> list[Action]:
    """What the network takes; nothing where it is there already or an existing one was chosen."""
    choice, network = draft.target.network, network_id(draft)
    if not choice.create or network is None or estate.network(network.text) is not None:
        return []
    return [
        planned(
            ActionKind.CREATE_VIRTUAL_NETWORK,
            network,
            network_body(choice, location_of(draft, estate)),
            rules,
            label=f"Create network {choice.name}",
            subject=choice.name,
            after=network_words(choice),
            group=ActionGroup.RESOURCE_GROUP,
            needs=needs,
        )
    ]


def subnets_of(choice: NetworkChoice) -> tuple[NewSubnet, ...]:
    """All subnets of a new network, the default one first."""
    return (NewSubnet(choice.subnet, choice.subnet_prefix), *choice.more_subnets)


def given_servers(choice: NetworkChoice) -> tuple[str, ...]:
    """The servers for names that were filled in."""
    return tuple(server.strip() for server in choice.dns_servers if server.strip())


def network_body(choice: NetworkChoice, location: str) -> Mapping[str, Any]:
    """Exactly what is sent."""
    properties: dict[str, Any] = {
        "addressSpace": {"addressPrefixes": list(split_ranges(choice.address_space))},
        "subnets": [
            {"name": subnet.name, "properties": {"addressPrefix": subnet.prefix}} for subnet in subnets_of(choice)
        ],
    }
    servers = given_servers(choice)
    if servers:
        properties["dhcpOptions"] = {"dnsServers": list(servers)}
    body: dict[str, Any] = {"location": location, "properties": properties}
    tags = given_tags(choice.tags)
    if tags:
        body["tags"] = dict(tags)
    return body


def network_words(choice: NetworkChoice) -> str:
    """The same in one line, for the list of actions."""
    subnets, servers = subnets_of(choice), given_servers(choice)
    named = [f"{subnet.name} {subnet.prefix}" for subnet in subnets[:_SUBNETS_NAMED]]
    if len(subnets) > _SUBNETS_NAMED:
        named.append(counted(len(subnets) - _SUBNETS_NAMED, "more subnet"))
    told = [
        ", ".join(split_ranges(choice.address_space)),
        *named,
        f"DNS {' and '.join(servers)}" if servers else "",
        tags_text(choice.tags),
    ]
    return ", ".join(filter(None, told))
