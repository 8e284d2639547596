"""Replicating machines with the cards they are set to have, and the preview of where they would land."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from app.domain.address_answer import AddressAnswer
from app.domain.arm_id import resource_group_id
from app.domain.azure import Subnet, VirtualNetwork
from app.domain.host_report import HostReports
from app.domain.issue import Suitability
from app.domain.protected_item import ReplicationProtectedItem, TargetNic
from app.flows.draft import SetUpDraft
from app.flows.landing import Lander
from app.flows.landing_machines import subjects_of
from app.flows.landing_preview import whole_preview
from app.flows.landing_values import Kind, Landing, Place, Preview, Way
from tests.support import estates

OK, WARNING, BLOCKED = Suitability.OK, Suitability.WARNING, Suitability.BLOCKED
TEST_NETWORK = estates.network(
    "vnet-drill",
    subnets=(Subnet("z-last", "10.61.1.0/24"), Subnet("Snet-Web", "10.61.3.0/24"), Subnet("a-first", "10.61.0.0/24")),
)
GROUP_KEY = resource_group_id(estates.SUBSCRIPTION, estates.GROUP)


def card(subnet: str = "snet-web", address: str = "", selection: str = "SelectedByUser", **more: str) -> TargetNic:
    return TargetNic(more.pop("id", "nic"), "switch", more.pop("source", ""), subnet, address, selection, **more)


def item(*cards: TargetNic, name: str = "WEB-01", **changes: object) -> ReplicationProtectedItem:
    found = estates.protected(estates.machine(name))
    given = {
        "nics": cards or (card(),),
        "target_name": name,
        "target_size": "Standard_D2s_v5",
        "target_network_id": estates.network().id.text,
        "target_resource_group_id": GROUP_KEY.text,
        "storage_account_id": estates.storage().id.text,
    }
    return msgspec.structs.replace(found, **(given | changes))


def look(
    *items: ReplicationProtectedItem,
    network: VirtualNetwork | None = None,
    way: Way = Way.FAILOVER,
    answers: Mapping[str, AddressAnswer] | None = None,
    draft: SetUpDraft | None = None,
    reports: HostReports | None = None,
    **changes: object,
) -> Preview:
    """The preview of these machines alone, unless a draft says otherwise."""
    network = network or estates.network()
    estate = estates.contoso(**{"protected_items": items, "networks": (network, estates.network()), **changes})
    draft = draft or replace(estates.ready_draft(estate), machines=(), site=estates.SetUpDraft().site)
    context = estates.context(estate)
    context = replace(context, reports=reports) if reports is not None else context
    return whole_preview(Lander(subjects_of(draft, context), Place(way, network, answers or {})))


def only(preview: Preview) -> Landing:
    (landing,) = preview.landings
    return landing


def said(landing: Landing) -> dict[Kind, Suitability]:
    return {remark.kind: remark.status for remark in landing.remarks}


def reason(landing: Landing, kind: Kind) -> str:
    return next(remark.verdict.reason for remark in landing.remarks if remark.kind is kind)
