"""Hosts that the set-up names against those that Azure knows: where they are, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.arm_id import ArmId, fabric_id
from app.domain.fabric import Fabric, FabricHost, RecoveryServicesProvider
from app.domain.host_set_up import HostKind, HostSetUp
from app.flows.hosts import expected_hosts, host_warnings, is_same_host
from app.flows.step import Context
from tests.support.estates import NOW, VAULT_ID, context, contoso

CLUSTER = HostSetUp(HostKind.CLUSTER, "HQ-CLUSTER", ("HV-A", "HV-B"))


def provider(name: str, fabric: ArmId, version: str = "5.24.0902.11") -> RecoveryServicesProvider:
    host_id = fabric.child("replicationRecoveryServicesProviders", f"id-{name}".lower())
    return RecoveryServicesProvider(host_id, host_id.name, name, version, "Latest", True, NOW)


def ground(*hosts: tuple[str, str, str], elsewhere: str = "") -> tuple[Fabric, Context]:
    """A site with hosts as (name, Provider, agent), and one host in another site."""
    here, there = fabric_id(VAULT_ID, "HQ"), fabric_id(VAULT_ID, "Branch")
    site = Fabric(
        here, "HQ", "HQ", "HyperVSite", hosts=tuple(FabricHost(name, name, agent) for name, _, agent in hosts)
    )
    branch = Fabric(there, "Branch", "Branch", "HyperVSite")
    providers = [provider(name, here, version) for name, version, _ in hosts]
    if elsewhere:
        providers.append(provider(elsewhere, there))
    estate = replace(contoso(), fabrics=(site, branch), providers=tuple(providers))
    return site, replace(context(estate), now=NOW)


def texts(choice: HostSetUp, *hosts: tuple[str, str, str], elsewhere: str = "") -> list[str]:
    site, where = ground(*hosts, elsewhere=elsewhere)
    return [warning.text for warning in host_warnings(choice, site, where)]


NEW = ("5.24.0902.11", "2.0.9938.0")


def test_a_short_name_and_a_full_one_mean_the_same_host() -> None:
    assert is_same_host("HV-A", "hv-a.contoso.com")
    assert is_same_host("hv-a.contoso.com", "HV-A.CONTOSO.COM")
    assert not is_same_host("hv-a.contoso.com", "hv-a.fabrikam.com")
    assert not is_same_host("HV-A", "HV-AB")


def test_expected_hosts_are_found_here_elsewhere_or_nowhere() -> None:
    site, where = ground(("HV-A", *NEW), elsewhere="HV-B")
    here, other, none = expected_hosts(replace(CLUSTER, names=("hv-a", "HV-B", "HV-C")), site, where.estate)
    assert (here.is_here, here.agent) == (True, "2.0.9938.0")
    assert (other.is_here, other.elsewhere and other.elsewhere.name) == (False, "Branch")
    assert none.host is None


def test_a_complete_cluster_of_one_version_is_told_nothing() -> None:
    assert texts(CLUSTER, ("HV-A", *NEW), ("HV-B", *NEW)) == []


def test_a_node_that_is_missing_is_told_as_soon_as_another_is_there() -> None:
    assert texts(CLUSTER) == []
    (text,) = texts(CLUSTER, ("HV-A", *NEW))
    assert text.startswith("Of the cluster, HV-B is not registered.")


def test_a_standalone_host_is_told_late_only_after_its_time() -> None:
    asked = replace(CLUSTER, kind=HostKind.STANDALONE, names=("HV-X",))
    just = replace(asked, asked_at=(NOW - timedelta(minutes=29)).isoformat())
    late = replace(asked, asked_at=(NOW - timedelta(minutes=31)).isoformat())
    assert texts(just, ("HV-A", *NEW)) == []
    assert texts(late, ("HV-A", *NEW))[0].startswith("HV-X did not appear within 30 minutes.")


def test_a_host_of_another_site_is_told_with_the_way_back() -> None:
    assert "registered in the site Branch, not in HQ" in texts(CLUSTER, ("HV-A", *NEW), elsewhere="HV-B")[0]


def test_versions_that_differ_name_the_hosts_that_are_behind() -> None:
    told = texts(CLUSTER, ("HV-A", *NEW), ("HV-B", "5.24.0814.2", "2.0.9938.0"))
    assert told == [
        "HV-B runs an older Provider than other hosts here (5.24.0902.11). Bring all hosts to the same version."
    ]


def test_versions_out_of_support_are_told_for_provider_and_agent() -> None:
    told = " ".join(texts(CLUSTER, ("HV-A", "5.1.2700.1", "2.0.9938.0"), ("HV-B", "5.24.0902.11", "2.0.9263.0")))
    assert "HV-A runs Provider 5.1.2700.1, which is out of date" in told
    assert "HV-B runs agent 2.0.9263.0, which is out of date" in told


def test_a_host_that_is_out_of_date_is_not_told_again_as_older_than_others() -> None:
    told = texts(CLUSTER, ("HV-A", *NEW), ("HV-B", "5.1.2700.1", NEW[1]))
    assert len(told) == 1
    assert told[0].startswith("HV-B runs Provider 5.1.2700.1, which is out of date.")
