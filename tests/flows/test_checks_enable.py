"""What the check of the chosen machines says, at which field, and what it lets pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.azure import AzureMachine
from app.domain.estate import Estate
from app.domain.issue import Severity
from app.domain.protection import OsType, Presence
from app.flows.draft import (
    MachineChoice,
    NetworkChoice,
    SetUpDraft,
)
from app.flows.flow import Flow
from tests.support.checks import errors, issues
from tests.support.estates import (
    choice,
    context,
    contoso,
    disk,
    machine,
    protectable,
    protected,
    ready_draft,
    storage,
)


def enabled(*machines: MachineChoice, estate: Estate | None = None) -> list[tuple[str, str]]:
    return errors("enable", estate, machines=machines)


def test_at_least_one_machine() -> None:
    assert enabled() == [("machines", "Choose at least one machine.")]


def test_every_chosen_machine_says_what_it_lacks_at_its_own_field() -> None:
    item = machine("APP-01", data_gib=(100,))
    estate = contoso(protectable_items=(item,))
    other = disk("other", 1).vhd_id
    cases: list[tuple[dict[str, object], str, str]] = [
        ({"os_type": ""}, "os_type", "choose Windows or Linux."),
        ({"os_type": "BeOS"}, "os_type", "choose Windows or Linux."),
        ({"os_disk_id": ""}, "os_disk_id", "choose the disk that holds the system."),
        ({"os_disk_id": other}, "os_disk_id", "choose the disk that holds the system."),
        ({"disk_ids": (item.disks[1].vhd_id,)}, "disk_ids", "the OS disk can’t be left out."),
        (
            {"disk_ids": (item.disks[0].vhd_id, other)},
            "disk_ids",
            "a chosen disk is not attached any more. Choose its disks again.",
        ),
        (
            {"azure_name": ""},
            "azure_name",
            "Type a name for the machine in Azure. Use 1 to 63 letters, digits and hyphens.",
        ),
        (
            {"azure_name": "🙂"},
            "azure_name",
            "“🙂” can’t be used. Use 1 to 63 letters, digits and hyphens.",
        ),
        (
            {"azure_name": "x" * 300},
            "azure_name",
            "This name has 300 characters. Use 1 to 63 letters, digits and hyphens.",
        ),
        ({"subnet": "snet-gone"}, "subnet", "the network has no subnet snet-gone. Choose one of the list."),
        (
            {"size": "Standard_M8"},
            "size",
            "Standard_M8 is not offered in the target region. Choose another size, or leave it to Azure.",
        ),
    ]
    for changes, field, text in cases:
        found = enabled(choice(item, **changes), estate=estate)
        assert found == [(f"machines.{item.name}.{field}", f"APP-01: {text}")]


def test_a_data_disk_may_be_left_out() -> None:
    item = machine("APP-01", data_gib=(40_000,))
    estate = contoso(protectable_items=(item,))
    assert [field for field, _ in enabled(choice(item), estate=estate)] == [f"machines.{item.name}.disk_ids"]
    assert enabled(choice(item, disk_ids=(item.disks[0].vhd_id,)), estate=estate) == []


@pytest.mark.parametrize(("data", "fine"), [(16, True), (17, False)])
def test_disks_beyond_the_limit_must_be_left_out(data: int, fine: bool) -> None:
    item = machine("APP-01", data_gib=(10.0,) * data)
    found = enabled(choice(item), estate=contoso(protectable_items=(item,)))
    assert (found == []) is fine


def test_a_machine_that_cannot_be_protected_stops() -> None:
    item = replace(machine("CLU-SQL-A"), has_shared_vhd=Presence.PRESENT)
    found = enabled(choice(item), estate=contoso(protectable_items=(item,)))
    assert [field for field, _ in found] == [f"machines.{item.name}"]
    payroll = protectable(contoso(), "APP-PAYROLL")
    assert [field for field, _ in enabled(choice(payroll))] == [f"machines.{payroll.name}.os_disk_id"]


def test_a_name_with_a_space_passes_with_another_azure_name() -> None:
    item = protectable(contoso(), "WEB 05")
    assert [field for field, _ in enabled(choice(item))] == [f"machines.{item.name}.azure_name"]
    assert enabled(choice(item, azure_name="WEB-05")) == []


def test_an_unknown_system_passes_once_chosen() -> None:
    item = machine("HIST-01", os_type=OsType.UNKNOWN)
    estate = contoso(protectable_items=(item,))
    assert [field for field, _ in enabled(choice(item), estate=estate)] == [f"machines.{item.name}.os_type"]
    assert enabled(choice(item, os_type="Linux"), estate=estate) == []


def test_azure_names_are_unique_among_the_chosen_and_in_the_group() -> None:
    web, dc = protectable(contoso(), "WEB-01"), protectable(contoso(), "DC01")
    twice = enabled(choice(web, azure_name="one"), choice(dc, azure_name="ONE"))
    assert [field for field, _ in twice] == [f"machines.{web.name}.azure_name", f"machines.{dc.name}.azure_name"]
    taken = AzureMachine(storage().id, "web-01", "westeurope", "", "", "")
    ((_, text),) = enabled(choice(web), estate=contoso(machines=(taken,)))
    assert text == "WEB-01: A machine WEB-01 is in rg-contoso-dr already. Type another name."


def test_a_machine_that_no_host_reports_any_more_stops() -> None:
    gone = machine("GONE")
    ((field, text),) = enabled(choice(gone))
    assert field == f"machines.{gone.name}"
    assert text == "No host reports GONE any more. Take it out of the choice, or refresh its host."


def test_a_machine_that_replicates_already_is_asked_nothing_more() -> None:
    web = protectable(contoso(), "WEB-01")
    estate = contoso(protected_items=(protected(web),), machines=())
    assert enabled(choice(web, azure_name="", os_disk_id=""), estate=estate) == []


def test_a_large_disk_warns_but_does_not_stop() -> None:
    item = machine("UEFI-01", generation=2, os_gib=3000)
    found = issues("enable", contoso(protectable_items=(item,)), machines=(choice(item),))
    assert [issue.severity for issue in found] == [Severity.WARNING]


def test_the_subnet_of_a_network_still_to_be_created_is_known() -> None:
    draft = ready_draft()
    new = NetworkChoice("", "vnet-new", "snet-new", "10.70.0.0/16", "10.70.0.0/24", create=True)
    web = protectable(contoso(), "WEB-01")
    fine: SetUpDraft = replace(
        draft, target=replace(draft.target, network=new), machines=(choice(web, subnet="snet-new"),)
    )
    assert Flow(fine, context()).issues("enable") == ()
