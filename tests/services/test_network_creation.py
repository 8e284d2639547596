"""A network as the list of actions shows it, made in the practice vault and read back."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.flows.action import Action, ActionKind
from app.flows.draft import NetworkChoice, NewSubnet
from app.flows.planning import actions_for
from app.flows.planning_network import subnets_of
from app.rules import load_rules
from app.services.read_back import Standing, read_back
from tests.support.practice import Practice, contoso_draft, open_practice

CHOICE = NetworkChoice(
    name="vnet-dr",
    subnet="snet-core",
    address_space="10.90.0.0/16, 10.91.0.0/24",
    subnet_prefix="10.90.1.0/24",
    create=True,
    more_subnets=(NewSubnet("snet-web", "10.90.2.0/26"), NewSubnet("GatewaySubnet", "10.91.0.0/27")),
    dns_servers=("10.90.1.10", "", "10.90.1.11"),
    tags=(("owner", "IT"), ("", ""), ("cost centre", "4711")),
)


async def planned(practice: Practice, choice: NetworkChoice) -> Action:
    estate = await practice.estate()
    draft = contoso_draft(estate)
    draft = replace(draft, target=replace(draft.target, network=choice))
    (action,) = (
        each for each in actions_for(draft, estate, load_rules()) if each.kind is ActionKind.CREATE_VIRTUAL_NETWORK
    )
    return replace(action, needs=())


def changed(action: Action, path: Sequence[str | int], value: object) -> Action:
    """The same action with another value in its body."""
    body: Any = copy.deepcopy(action.body)
    place = body
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return replace(action, body=body)


PROPERTIES = ["properties"]
DIFFERENCES: list[tuple[list[str | int], object, str]] = [
    ([*PROPERTIES, "addressSpace", "addressPrefixes", 0], "10.9.0.0/16", "the address range 10.9.0.0/16 is missing; "),
    ([*PROPERTIES, "subnets", 2, "name"], "snet-more", "there is no subnet snet-more"),
    (
        [*PROPERTIES, "subnets", 1, "properties", "addressPrefix"],
        "10.90.2.0/24",
        "subnet snet-web is 10.90.2.0/26, wanted 10.90.2.0/24",
    ),
    (
        [*PROPERTIES, "dhcpOptions", "dnsServers"],
        ["10.90.1.12"],
        "DNS servers are 10.90.1.10, 10.90.1.11, wanted 10.90.1.12",
    ),
    (["tags", "owner"], "me", "the tag owner is IT, wanted me"),
    (["tags", "site"], "HQ", "the tag site is missing"),
]


async def test_what_the_list_of_actions_shows_is_what_the_network_has() -> None:
    async with open_practice() as practice:
        action = await planned(practice, CHOICE)
        assert action.after == (
            "10.90.0.0/16, 10.91.0.0/24, snet-core 10.90.1.0/24, snet-web 10.90.2.0/26, GatewaySubnet 10.91.0.0/27, "
            "DNS 10.90.1.10 and 10.90.1.11, tags owner = IT, cost centre = 4711"
        )
        runner = practice.use.runner
        assert (await runner.carry_out(await runner.plan("Network", (action,)))).is_done

        made = await practice.gateways.resources.get_virtual_network(action.target)
        assert (made.location, made.address_prefixes) == ("westeurope", ("10.90.0.0/16", "10.91.0.0/24"))
        wanted = [(subnet.name, subnet.prefix) for subnet in subnets_of(CHOICE)]
        assert [(subnet.name, subnet.prefix) for subnet in made.subnets] == wanted
        assert made.dns_servers == ("10.90.1.10", "10.90.1.11")
        assert made.tags == (("cost centre", "4711"), ("owner", "IT"))

        assert (await read_back(action, practice.gateways)).standing is Standing.AS_WANTED
        for path, value, difference in DIFFERENCES:
            reading = await read_back(changed(action, path, value), practice.gateways)
            assert reading.standing is Standing.DIFFERENT, path
            assert reading.difference.startswith(difference)


async def test_servers_wanted_where_there_are_none_are_told() -> None:
    async with open_practice() as practice:
        plain = await planned(practice, replace(CHOICE, dns_servers=(), tags=()))
        assert plain.body is not None
        assert "tags" not in plain.body
        assert "dhcpOptions" not in plain.body["properties"]
        runner = practice.use.runner
        assert (await runner.carry_out(await runner.plan("Network", (plain,)))).is_done
        wanted = changed(plain, ["properties", "dhcpOptions"], {"dnsServers": ["10.90.1.10"]})
        reading = await read_back(wanted, practice.gateways)
        assert reading.difference == "DNS servers are Azure’s own, wanted 10.90.1.10"


async def test_networks_of_the_practice_estate_tell_delegations_and_servers() -> None:
    async with open_practice() as practice:
        networks = {network.name: network for network in (await practice.estate()).networks}
        assert networks["vnet-contoso-dr"].dns_servers == ("10.40.1.10", "10.40.1.11")
        apps = {subnet.name: subnet for subnet in networks["vnet-contoso-apps"].subnets}
        assert apps["functions"].delegations == ("Microsoft.Web/serverFarms",)
