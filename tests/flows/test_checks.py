"""What each step's check says, at which field, and what it lets pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.azure import Subnet
from app.domain.issue import Severity
from app.domain.protection import ReplicationPolicy
from app.flows.draft import (
    CapacityChoice,
    NetworkChoice,
    PlannerAnswer,
    PolicyChoice,
    SiteChoice,
    StorageChoice,
    VaultChoice,
)
from app.flows.estimate import candidates, estimate
from app.flows.flow import Flow
from tests.support.checks import errors, issues
from tests.support.estates import (
    GROUP,
    SUBSCRIPTION,
    choice,
    context,
    contoso,
    host,
    network,
    policy,
    protectable,
    ready_draft,
    storage,
)


def new_vault(**changes: object) -> VaultChoice:
    vault = VaultChoice(SUBSCRIPTION, GROUP, "asr-new", "westeurope", create=True)
    return replace(vault, **changes)  # type: ignore[arg-type]


def test_a_new_vault_with_fine_answers_passes() -> None:
    assert issues("vault", vault=new_vault()) == ()
    assert issues("vault", vault=new_vault(resource_group="rg-new", create_resource_group=True)) == ()


@pytest.mark.parametrize(
    ("vault", "field", "text"),
    [
        (VaultChoice(), "vault.subscription", "Choose the subscription of the vault."),
        (VaultChoice(SUBSCRIPTION), "vault.name", "Choose a vault, or create one."),
        (
            VaultChoice("gone", GROUP, "asr-contoso-weu"),
            "vault.subscription",
            "This account can’t use that subscription any more. Choose another one.",
        ),
        (
            VaultChoice(SUBSCRIPTION, GROUP, "asr-old", "westeurope"),
            "vault.name",
            "There is no vault asr-old in rg-contoso-dr any more. Choose another, or create one.",
        ),
        (new_vault(name="7"), "vault.name", "Use 2 to 50 letters, digits and hyphens."),
        (
            new_vault(name="v" * 300),
            "vault.name",
            "This name has 300 characters. Use 2 to 50 letters, digits and hyphens.",
        ),
        (new_vault(name="🙂🙂"), "vault.name", "“🙂” can’t be used. Use 2 to 50 letters, digits and hyphens."),
        (new_vault(resource_group=""), "vault.resource_group", "Choose a resource group, or create one."),
        (
            new_vault(resource_group="rg-gone"),
            "vault.resource_group",
            "There is no resource group rg-gone in this subscription. Choose another, or create it.",
        ),
        (
            new_vault(resource_group="rg.", create_resource_group=True),
            "vault.resource_group",
            "End with anything but a period.",
        ),
        (new_vault(location=""), "vault.location", "Choose the region in which machines will fail over."),
        (
            new_vault(location="moonbase"),
            "vault.location",
            "moonbase is not a region of this subscription. Choose one of the list.",
        ),
        (
            new_vault(name="asr-contoso-weu", location="northeurope"),
            "vault.name",
            "A vault of this name exists in West Europe. Choose it from the list, or type another name.",
        ),
    ],
)
def test_vault_answers_that_stop(vault: VaultChoice, field: str, text: str) -> None:
    assert errors("vault", vault=vault) == [(field, text)]


def test_a_region_to_which_hyper_v_cannot_fail_over_is_refused() -> None:
    estate = contoso(vaults=(), locations=())
    found = errors("vault", replace(estate, read_subscription=""), vault=new_vault(location="South Central India"))
    assert found == [
        ("vault.location", "Hyper-V machines can’t fail over to South Central India. Choose a vault in another region.")
    ]


def test_a_new_vault_that_is_there_already_is_only_remarked() -> None:
    (remark,) = issues("vault", vault=new_vault(name="asr-contoso-weu"))
    assert remark.severity is Severity.INFO


@pytest.mark.parametrize(
    ("site", "text"),
    [
        (SiteChoice(), "Choose a Hyper-V site, or create one."),
        (SiteChoice("Gone"), "There is no Hyper-V site Gone in this vault any more. Choose another, or create one."),
        (
            SiteChoice("", create=True),
            "Type a name for the Hyper-V site. Use 1 to 63 letters, digits, hyphens and underscores.",
        ),
        (
            SiteChoice("HQ 🙂", create=True),
            "A space can’t be used. Use 1 to 63 letters, digits, hyphens and underscores.",
        ),
        (
            SiteChoice("H" * 300, create=True),
            "This name has 300 characters. Use 1 to 63 letters, digits, hyphens and underscores.",
        ),
    ],
)
def test_site_answers_that_stop(site: SiteChoice, text: str) -> None:
    assert errors("source", site=site) == [("site.name", text)]


def test_a_site_without_hosts_waits_for_one() -> None:
    found = errors("source", contoso(providers=()))
    assert found == [
        (
            "site.hosts",
            "No host is registered in Contoso-HQ. Install the Site Recovery Provider on a Hyper-V host and register it "
            "with this site.",
        )
    ]
    assert [field for field, _ in errors("source", site=SiteChoice("New-Site", create=True))] == ["site.hosts"]


@pytest.mark.parametrize(("silent_for", "count"), [(timedelta(minutes=15), 0), (timedelta(minutes=15, seconds=1), 1)])
def test_a_host_is_silent_after_fifteen_minutes(silent_for: timedelta, count: int) -> None:
    estate = contoso(providers=(host("HV-HQ-01"), host("HV-HQ-03", silent_for=silent_for)))
    found = issues("source", estate)
    assert len(found) == count
    assert all(issue.severity is Severity.WARNING for issue in found)


@pytest.mark.parametrize(
    ("silent_for", "words"),
    [
        (timedelta(minutes=16), "has been silent for 16 minutes."),
        (timedelta(hours=5), "has been silent for 5 hours."),
        (timedelta(days=3), "has been silent for 3 days."),
    ],
)
def test_all_hosts_silent_stops_and_says_for_how_long(silent_for: timedelta, words: str) -> None:
    ((field, text),) = errors("source", contoso(providers=(host("HV-HQ-01", silent_for=silent_for),)))
    assert field == "site.hosts"
    assert f"HV-HQ-01 {words}" in text


def test_a_host_does_not_fall_silent_because_nobody_looks() -> None:
    """What was read half an hour ago tells nothing of the half hour since."""
    looked = context(contoso(providers=(host("HV-HQ-01"),)))
    later = replace(looked, now=looked.now + timedelta(minutes=30), read_at=looked.now)
    assert Flow(ready_draft(), later).issues("source") == Flow(ready_draft(), looked).issues("source")


def test_a_host_that_azure_calls_disconnected_is_silent() -> None:
    disconnected = replace(host("HV-HQ-01", connected=False), last_heartbeat=None)
    ((_, text),) = errors("source", contoso(providers=(disconnected,)))
    assert "HV-HQ-01 is not connected." in text


def test_an_outdated_provider_warns() -> None:
    (issue,) = issues("source", contoso(providers=(replace(host("HV-BR-01"), version_state="UpdateRequired"),)))
    assert issue.severity is Severity.WARNING
    assert issue.text.startswith("HV-BR-01 runs Provider 5.24.0902.11, which is out of date. Run the newest installer")


def target(**changes: object) -> dict[str, object]:
    return {"target": replace(ready_draft().target, **changes)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        (
            target(subscription=""),
            "target.subscription",
            "Choose the subscription in which machines will run after a failover.",
        ),
        (target(resource_group=""), "target.resource_group", "Choose a resource group, or create one."),
        (
            target(storage=StorageChoice()),
            "target.storage.account_id",
            "Choose a storage account for the replicated data, or create one.",
        ),
        (
            target(storage=StorageChoice(storage("contosoneu").id.text)),
            "target.storage.account_id",
            "The account is in North Europe, the vault in West Europe. They must share a region. "
            "Choose another account, or create one.",
        ),
        (
            target(storage=StorageChoice(name="Contoso", create=True)),
            "target.storage.name",
            "“C” can’t be used. Use 3 to 24 lower-case letters and digits.",
        ),
        (
            target(storage=StorageChoice(name="contoso", redundancy="ZRS", create=True)),
            "target.storage.redundancy",
            "Choose GRS, RAGRS or LRS.",
        ),
        (
            target(network=NetworkChoice()),
            "target.network.network_id",
            "Choose a network for the machines after a failover, or create one.",
        ),
        (
            target(network=NetworkChoice(network("vnet-neu").id.text, subnet="snet-core")),
            "target.network.network_id",
            "The network is in North Europe, the vault in West Europe. They must share a region. "
            "Choose another network, or create one.",
        ),
        (target(network=NetworkChoice(network().id.text)), "target.network.subnet", "Choose a subnet of vnet-dr-weu."),
        (
            target(network=NetworkChoice(network().id.text, subnet="snet-gone")),
            "target.network.subnet",
            "vnet-dr-weu has no subnet snet-gone. Choose one of the list.",
        ),
        (
            target(network=NetworkChoice("", "vnet-new", "snet", "10.70.0.0/16", "10.71.0.0/24", create=True)),
            "target.network.subnet_prefix",
            "10.71.0.0/24 lies outside the network, which has 10.70.0.0/16.",
        ),
    ],
)
def test_target_answers_that_stop(changes: dict[str, object], field: str, text: str) -> None:
    assert errors("target", **changes) == [(field, text)]


def test_a_region_without_a_second_one_offers_no_geo_redundancy() -> None:
    vault = new_vault(location="italynorth")
    changes = target(storage=StorageChoice(name="contosoit", create=True), network=ready_draft().target.network)
    texts = [text for field, text in errors("target", vault=vault, **changes) if field == "target.storage.redundancy"]
    assert texts == ["Italy North has no second region. Choose locally redundant storage (LRS)."]
    changes = target(storage=StorageChoice(name="contosoit", redundancy="LRS", create=True))
    assert not [field for field, _ in errors("target", vault=vault, **changes) if field.startswith("target.storage")]


def test_a_new_account_or_network_that_is_there_already_is_judged_as_it_is() -> None:
    there = target(
        storage=StorageChoice(name="contosoneu", create=True),
        network=NetworkChoice("", "vnet-dr-weu", "snet-gone", "10.60.0.0/16", "10.60.9.0/24", create=True),
    )
    assert [field for field, _ in errors("target", **there)] == ["target.storage.name", "target.network.subnet"]


def test_the_region_is_the_vaults_own_whatever_the_draft_says() -> None:
    draft = ready_draft()
    assert errors("target", vault=replace(draft.vault, location="")) == []


def test_a_subnet_too_small_for_the_chosen_machines_warns() -> None:
    estate = contoso(networks=(network(subnets=(Subnet("snet-core", "10.60.0.0/29", 1),)),))
    (issue,) = issues("target", estate)
    assert issue.severity is Severity.WARNING
    assert issue.text.startswith("2 addresses are free in snet-core; 3 machines are chosen.")


def test_a_policy_of_the_same_name_and_figures_is_welcome() -> None:
    assert errors("settings", contoso(policies=(policy(),))) == []


def test_the_start_of_a_policy_that_is_there_has_passed_and_does_not_matter() -> None:
    late = replace(ready_draft().policy, start_at="2020-01-01T00:00:00+00:00")
    assert [field for field, _ in errors("settings", policy=late)] == ["policy.start_at"]
    assert errors("settings", contoso(policies=(policy(),)), policy=late) == []


def test_a_policy_of_the_same_name_with_other_figures_is_refused() -> None:
    ((field, text),) = errors("settings", contoso(policies=(policy(retention_h=2, app_h=1),)))
    assert field == "policy.name"
    assert text.startswith("A policy of this name exists with other figures.")


@pytest.mark.parametrize(
    ("policies", "name", "text"),
    [
        ((), "", "Choose a replication policy, or create one."),
        ((), "HQ", "There is no policy HQ in this vault any more. Choose another, or create one."),
        (
            (replace(policy("HQ"), kind="InMageAzureV2"),),
            "HQ",
            "HQ is not a policy for Hyper-V to Azure. Choose another, or create one.",
        ),
    ],
)
def test_an_existing_policy_must_be_there_and_ours(
    policies: tuple[ReplicationPolicy, ...], name: str, text: str
) -> None:
    choice = PolicyChoice(name, create=False)
    assert errors("settings", contoso(policies=policies), policy=choice) == [("policy.name", text)]


def test_the_planner_question_must_be_answered_and_later_is_an_answer() -> None:
    assert [field for field, _ in errors("capacity", capacity=CapacityChoice())] == ["capacity.planner"]
    assert errors("capacity", capacity=CapacityChoice(PlannerAnswer.LATER)) == []


@pytest.mark.parametrize(
    ("field", "value", "fine"),
    [
        ("bandwidth_mbps", 0.0, False),
        ("bandwidth_mbps", 0.1, True),
        ("bandwidth_mbps", -5.0, False),
        ("bandwidth_mbps", 100_000.0, True),
        ("bandwidth_mbps", 100_001.0, False),
        ("bandwidth_mbps", float("nan"), False),
        ("bandwidth_mbps", float("inf"), False),
        ("bandwidth_mbps", 0.0000001, False),
        ("daily_change_percent", 0.0, True),
        ("daily_change_percent", 100.0, True),
        ("daily_change_percent", 100.1, False),
        ("growth_percent", -0.1, False),
        ("growth_percent", 1000.0, True),
        ("first_copy_hours", 0.5, False),
        ("first_copy_hours", 1.0, True),
        ("first_copy_hours", 2001.0, False),
    ],
)
def test_capacity_figures_have_bounds(field: str, value: float, fine: bool) -> None:
    capacity = replace(CapacityChoice(PlannerAnswer.YES), **{field: value})
    assert [name for name, _ in errors("capacity", capacity=capacity)] == ([] if fine else [f"capacity.{field}"])


def test_a_line_too_narrow_for_the_changes_warns() -> None:
    (issue,) = issues("capacity", capacity=CapacityChoice(PlannerAnswer.YES, bandwidth_mbps=1))
    assert issue.severity is Severity.WARNING
    assert issue.text.startswith("The line gives 1 Mbps; the changes alone need 6.")


def test_the_estimate_is_for_the_chosen_disks_or_else_for_all_that_could_be() -> None:
    draft = ready_draft()
    sql = protectable(contoso(), "SQL-PROD-01")
    one = replace(draft, machines=(choice(sql, disk_ids=(sql.disks[0].vhd_id, sql.disks[1].vhd_id)),))
    assert estimate(one, context()).stored_gib == 627
    none = replace(draft, machines=())
    assert [item.friendly_name for item in candidates(none, context())] == [
        "WEB-01",
        "SQL-PROD-01",
        "DC01",
        "LNX-GIT",
        "WEB 05",
    ]
    assert estimate(none, context()).machines == 5
    assert estimate(replace(none, site=SiteChoice()), context()) is None
