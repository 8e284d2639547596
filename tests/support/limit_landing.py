"""Machines that replicate already, judged by where they would land, for the table of support limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from app.domain.address_answer import AddressAnswer
from app.domain.arm_id import resource_group_id
from app.domain.azure import Subnet
from app.domain.protected_item import TargetNic
from app.domain.rules import Rules
from app.flows.draft import SiteChoice
from app.flows.landing import Lander
from app.flows.landing_machines import subjects_of
from app.flows.landing_preview import whole_preview
from app.flows.landing_values import Place, Way
from tests.support import estates
from tests.support.limit_cases import Judge

_GROUP = resource_group_id(estates.SUBSCRIPTION, estates.GROUP)
NETWORK = estates.network(subnets=(Subnet("a-first", "10.60.1.0/24"), Subnet("snet-web", "10.60.3.0/24")))
TAKEN = {"10.60.3.20": AddressAnswer(True), "10.60.3.21": AddressAnswer(False)}
"""What Azure says of two addresses."""


def card(
    subnet: str = "snet-web", address: str = "", selection: str = "SelectedByUser", nic: str = "nic0"
) -> TargetNic:
    return TargetNic(nic, "switch", "", subnet, address, selection)


def cards(count: int, **changes: str) -> tuple[TargetNic, ...]:
    return tuple(card(nic=f"nic{number}", **changes) for number in range(count))


def lands(
    *nics: TargetNic,
    way: Way = Way.FAILOVER,
    answers: Mapping[str, AddressAnswer] = TAKEN,
    name: str = "WEB-01",
    size: str = "Standard_D2s_v5",
    premium: bool = False,
    **changes: Any,
) -> Judge:
    """A machine with these network cards, failed over into a network of two subnets, or tried there."""
    given = {
        "nics": nics or (card(),),
        "target_name": name,
        "target_size": size,
        "target_network_id": NETWORK.id.text,
        "target_resource_group_id": _GROUP.text,
        "storage_account_id": estates.storage().id.text,
    }
    item = msgspec.structs.replace(estates.protected(estates.machine("WEB-01")), **(given | changes))
    account = estates.storage(tier="Premium" if premium else "Standard")
    estate = estates.contoso(
        protected_items=(item,), networks=(NETWORK,), storage_accounts=(account,), compute_sizes=()
    )
    draft = replace(estates.ready_draft(estate), machines=(), site=SiteChoice())

    def verdict(rules: Rules) -> str:
        subjects = subjects_of(draft, replace(estates.context(estate), rules=rules))
        (landing,) = whole_preview(Lander(subjects, Place(way, NETWORK, answers))).landings
        return landing.status.value

    return verdict
