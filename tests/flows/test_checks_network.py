"""The network of the target: what speaks against one that is there, and each field of one to be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.arm_id import virtual_network_id
from app.domain.azure import AzureMachine, ComputeSize, MachineNic, Subnet
from app.domain.estate import Estate
from app.domain.host_report import HostReport, HostReports, MachineReport, NicReport
from app.domain.issue import Issue, Severity
from app.flows.checks_network import check_network
from app.flows.checks_replication import check_enable
from app.flows.draft import NetworkChoice, NewSubnet, SetUpDraft
from app.flows.network_need import Need, cards_of, need_in, need_of, with_taken
from app.flows.step import Context
from tests.support.estates import SUBSCRIPTION, context, contoso, machine_id, network, ready_draft

NEW = NetworkChoice(
    name="vnet-new", subnet="snet-core", address_space="10.70.0.0/16", subnet_prefix="10.70.1.0/24", create=True
)


def drafted(choice: NetworkChoice, **changes: object) -> SetUpDraft:
    draft = ready_draft()
    return replace(draft, target=replace(draft.target, network=choice), **changes)  # type: ignore[arg-type]


def new(**changes: object) -> SetUpDraft:
    return drafted(replace(NEW, **changes))  # type: ignore[arg-type]


def told(issues: list[Issue]) -> list[tuple[str, str]]:
    return [(issue.field, issue.text) for issue in issues]


def with_cards(**counts: int) -> HostReports:
    machines = tuple(
        MachineReport(machine_id(name.replace("_", "-")), name, nics=tuple(NicReport(str(n)) for n in range(count)))
        for name, count in counts.items()
    )
    return HostReports((HostReport(name="HV-01", taken_at=datetime(2026, 11, 1, tzinfo=UTC), machines=machines),))


def test_a_network_to_be_made_with_all_it_can_have_passes() -> None:
    draft = new(
        address_space="10.70.0.0/16, 10.71.0.0/24",
        more_subnets=(NewSubnet("snet-web", "10.70.2.0/24"), NewSubnet("GatewaySubnet", "10.71.0.0/27")),
        dns_servers=("10.70.1.10", ""),
        tags=(("owner", "IT"), ("", "")),
    )
    assert check_network(draft, context()) == []


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"name": ""}, "name", "Type a name for the virtual network."),
        ({"address_space": ""}, "address_space", "Type an address range."),
        ({"address_space": "10.70.0.0/16, x"}, "address_space", "x: The prefix is missing."),
        ({"subnet": "GatewaySubnet"}, "subnet", "Azure keeps this name for VPN and ExpressRoute gateways;"),
        ({"subnet_prefix": "10.70.0.0/15"}, "subnet_prefix", "10.70.0.0/15 lies outside the network"),
        (
            {"more_subnets": (NewSubnet("SNET-CORE", "10.70.2.0/24"),)},
            "more_subnets[0].name",
            "There is a subnet SNET-CORE already;",
        ),
        ({"more_subnets": (NewSubnet("", "10.70.2.0/24"),)}, "more_subnets[0].name", "Type a name for the subnet."),
        (
            {"more_subnets": (NewSubnet("a", "10.70.2.0/24"), NewSubnet("b", "10.70.2.128/25"))},
            "more_subnets[1].prefix",
            "10.70.2.128/25 overlaps the subnet 10.70.2.0/24.",
        ),
        ({"more_subnets": (NewSubnet("a", "10.70.1.0/26"),)}, "more_subnets[0].prefix", "10.70.1.0/26 overlaps"),
        ({"more_subnets": (NewSubnet("a", "10.70.2.0/30"),)}, "more_subnets[0].prefix", "Use a prefix from /8 to /29"),
        ({"dns_servers": ("", "dc01")}, "dns_servers[1]", "This is not an IPv4 address."),
        ({"tags": (("owner", "v" * 257),)}, "tags[0].value", "This value has 257 characters"),
        ({"tags": (("", "IT"),)}, "tags[0].name", "Type a name for this value"),
        ({"tags": tuple((f"t{n}", "x") for n in range(51))}, "tags[50].name", "A network has at most 50 tags."),
    ],
)
def test_each_field_says_what_is_wrong(changes: dict[str, object], field: str, text: str) -> None:
    (issue,) = (each for each in check_network(new(**changes), context()) if each.is_blocking)
    assert issue.field == field
    assert issue.text.startswith(text)


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        (
            {"address_space": "10.60.0.0/16", "subnet_prefix": "10.60.1.0/24"},
            "address_space",
            "vnet-dr-weu (10.60.0.0/16) and 1 other network overlap it: they can’t be peered",
        ),
        (
            {"address_space": "20.0.0.0/16", "subnet_prefix": "20.0.1.0/24"},
            "address_space",
            "20.0.0.0/16 is not a private",
        ),
    ],
)
def test_what_does_no_harm_to_azure_is_warned_of(changes: dict[str, object], field: str, text: str) -> None:
    (issue,) = check_network(new(**changes), context())
    assert (issue.field, issue.severity) == (field, Severity.WARNING)
    assert issue.text.startswith(text)


def test_a_subnet_too_small_names_the_prefix_that_would_be_enough() -> None:
    ready = context()
    crowd = tuple(replace(ready_draft().machines[0], machine_id=f"m{n}", subnet="snet-web") for n in range(12))
    draft = new(subnet_prefix="10.70.1.0/29", more_subnets=(NewSubnet("snet-web", "10.70.2.0/28"),))
    assert check_network(draft, ready) == []
    (issue,) = check_network(replace(draft, machines=crowd), ready)
    assert (issue.field, issue.severity) == ("more_subnets[0].prefix", Severity.WARNING)
    assert issue.text == ("11 addresses are free in snet-web; 12 machines are chosen. A range /27 would be enough.")


def test_a_name_that_is_there_already_is_told_as_such() -> None:
    (issue,) = check_network(new(name="vnet-dr-weu"), context())
    assert (issue.field, issue.severity) == ("name", Severity.INFO)
    assert issue.text == "rg-contoso-dr has a network vnet-dr-weu already; it will be used as it is."


def test_all_that_speaks_against_a_network_is_told() -> None:
    far = network("vnet-far", location="northeurope", provisioning_state="Updating", subnets=())
    draft = drafted(NetworkChoice(network_id=far.id.text, name=far.name, subnet="x"))
    (issue,) = check_network(draft, context(contoso(networks=(far,))))
    assert issue.field == "network_id"
    for part in ("must share a region", "not finished making", "no subnet", "Choose another network"):
        assert part in issue.text


@pytest.mark.parametrize(
    ("subnet", "severity", "text"),
    [
        (Subnet("GatewaySubnet", "10.60.0.0/24"), Severity.ERROR, "GatewaySubnet belongs to VPN"),
        (Subnet("web", "10.60.0.0/24", delegations=("Microsoft.Web/serverFarms",)), Severity.ERROR, "web was given to"),
        (Subnet("v6", "fd00::/64"), Severity.ERROR, "v6 has IPv6 addresses only."),
        (Subnet("full", "10.60.0.0/29", 3), Severity.ERROR, "No address is free in full."),
        (Subnet("small", "10.60.0.0/29", 1), Severity.WARNING, "2 addresses are free in small; 3 machines are chosen."),
    ],
)
def test_subnets_that_do_not_suit_say_why(subnet: Subnet, severity: Severity, text: str) -> None:
    there = network(subnets=(subnet, Subnet("room", "10.60.9.0/24")))
    draft = drafted(NetworkChoice(network_id=there.id.text, name=there.name, subnet=subnet.name))
    (issue,) = check_network(draft, context(contoso(networks=(there,))))
    assert (issue.field, issue.severity) == ("subnet", severity)
    assert issue.text.startswith(text)


# How many addresses are needed


def test_a_machine_needs_an_address_for_each_network_card_that_it_will_have() -> None:
    sizes = (ComputeSize("Standard_B1s", 1, 1024, 2, max_nics=2), ComputeSize("Standard_Odd", 1, 1024, 2))
    ready = replace(context(contoso(compute_sizes=sizes)), reports=with_cards(WEB_01=3, DC01=0))
    web = machine_id("WEB-01")
    assert cards_of(web, "", ready) == 3
    assert cards_of(web, "standard_b1s", ready) == 2
    assert cards_of(web, "Standard_Odd", ready) == 3
    assert cards_of(machine_id("DC01"), "", ready) == 1
    assert cards_of("nobody told of it", "", ready) == 1
    need = need_of(ready_draft(), ready)
    assert (need.machines, need.cards, need.words) == (3, 5, "3 chosen machines with 5 network cards")


@pytest.mark.parametrize(("free", "fitting"), [(0, 0), (2, 2), (3, 2), (5, 3), (99, 3)])
def test_machines_with_few_cards_fit_first(free: int, fitting: int) -> None:
    assert Need(((1, 2), (3, 1))).fitting(free) == fitting


def test_cards_are_held_against_the_free_addresses() -> None:
    there = network(subnets=(Subnet("snet-core", "10.60.0.0/29"),))
    ready = context(contoso(networks=(there,)))
    assert check_network(ready_draft(), ready) == []
    (issue,) = check_network(ready_draft(), replace(ready, reports=with_cards(WEB_01=2)))
    assert issue.text.startswith("3 addresses are free in snet-core; 3 machines are chosen, with 4 network cards.")


def test_machines_of_a_subnet_of_their_own_need_no_address_of_the_default_one() -> None:
    draft = ready_draft()
    web, sql, dc = draft.machines
    draft = replace(draft, machines=(replace(web, subnet="snet-web"), replace(sql, subnet="snet-web"), dc))
    ready = context()
    assert need_in("snet-core", draft, ready).machines == 1
    assert need_in("SNET-WEB", draft, ready).machines == 3
    there = network(subnets=(Subnet("snet-core", "10.60.0.0/29", 2), Subnet("snet-web", "10.60.3.0/29", 2)))
    (issue,) = check_network(draft, context(contoso(networks=(there,))))
    assert issue.text.startswith("1 address is free in snet-web; 2 machines are chosen.")


def test_machines_may_take_any_subnet_that_takes_machines() -> None:
    there = network(subnets=(Subnet("snet-core", "10.60.0.0/24"), Subnet("GatewaySubnet", "10.60.1.0/27")))
    draft = ready_draft()
    web, sql, _ = draft.machines
    placed = replace(draft, machines=(replace(web, subnet="gatewaysubnet"), replace(sql, subnet="SNET-CORE")))
    found = [issue for issue in check_enable(placed, context(contoso(networks=(there,)))) if "subnet" in issue.field]
    assert [(issue.field, issue.text) for issue in found] == [
        (
            f"machines.{web.machine_id}.subnet",
            "WEB-01: GatewaySubnet belongs to VPN and ExpressRoute gateways; machines have no place in it. "
            "Choose another subnet.",
        )
    ]
    made = new(more_subnets=(NewSubnet("snet-web", "10.70.2.0/24"),))
    placed = replace(made, machines=(replace(web, subnet="snet-web"), replace(sql, subnet="snet-gone")))
    found = [issue for issue in check_enable(placed, context()) if "subnet" in issue.field]
    assert [issue.text for issue in found] == [
        "SQL-PROD-01: the network has no subnet snet-gone. Choose one of the list."
    ]


def test_before_a_choice_all_that_the_site_could_protect_are_counted() -> None:
    need = need_of(replace(ready_draft(), machines=()), context())
    assert (need.machines, need.is_chosen, need.words) == (5, False, "5 machines of the site")


def test_addresses_of_machines_in_the_targets_group_are_known_to_be_taken() -> None:
    def nic(network_name: str, subnet: str, address: str) -> MachineNic:
        return MachineNic("nic", network_name, subnet, address)

    def taken(estate: Estate) -> list[tuple[str, ...]]:
        return [subnet.taken for subnet in with_taken(there, estate).subnets]

    there = network(subnets=(Subnet("snet-core", "10.60.0.0/24"), Subnet("snet-web", "10.60.1.0/24")))
    nics = (
        nic(there.name.upper(), "Snet-Core", "10.60.0.9"),
        nic("other", "snet-core", "10.60.0.8"),
        nic(there.name, "snet-web", ""),
    )
    machine = AzureMachine(there.id, "old", there.location, "", "running", "Succeeded", nics)
    assert taken(contoso(machines=(machine,), networks=(there,))) == [("10.60.0.9",), ()]
    namesake = replace(there, id=virtual_network_id(SUBSCRIPTION, "elsewhere", there.name))
    assert taken(contoso(machines=(machine,), networks=(there, namesake))) == [(), ()]


def test_a_site_of_a_thousand_machines_is_counted_once() -> None:
    ready: Context = context()
    draft = replace(ready_draft(), machines=())
    assert need_of(draft, ready) is need_of(draft, ready)
