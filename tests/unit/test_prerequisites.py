"""The lines of the prerequisites: complete, dated, and in step with the limits that the program judges by."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.address_list import address_text
from app.domain.arm_id import storage_account_id, vault_id, virtual_network_id
from app.domain.azure import ResourceProvider, StorageAccount, Subnet, Subscription, VirtualNetwork
from app.domain.prerequisite_checks import PROVIDERS, AzureSide, Outcome, judge_azure_side
from app.domain.prerequisites import Check, Cloud, Table
from app.domain.rights import Permission
from app.domain.vault import Vault
from app.neutral_text import neutral_text
from app.rules import load_rules
from app.services.checklist import Mark
from app.services.prerequisite_report import PrerequisiteReport, as_csv, as_html, as_markdown

RULES = load_rules()
LINES = {line.id: line for line in RULES.prerequisites.lines}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

ARTICLE = {
    "Azure account": ["azure.subscription"],
    "Azure storage": ["azure.storage", "azure.second_copy"],
    "Azure network": ["azure.network"],
    "not moved to other groups": ["azure.stays"],
    "Hyper-V": ["hosts.system", "hosts.updates", "hosts.role", "hosts.line"],
    "Provider and agent": ["hosts.provider", "hosts.addresses"],
    "Protected VMs": [
        "machines.name",
        "machines.os_disk",
        "machines.data_disk",
        "machines.disk_count",
        "machines.shared_disks",
        "machines.teaming",
        "machines.linux_address",
    ],
}
ADDRESSES_OF_2017 = {
    "*.accesscontrol.windows.net",
    "*.backup.windowsazure.com",
    "*.hypervrecoverymanager.windowsazure.com",
    "*store.core.windows.net",
    "*.blob.core.windows.net",
    "https://www.msftncsi.com/ncsi.txt",
    "time.windows.com",
    "time.nist.gov",
}


def test_every_line_of_the_articles_tables_has_its_line() -> None:
    assert [line for lines in ARTICLE.values() for line in lines if line not in LINES] == []


def test_ids_name_their_table_and_are_used_once() -> None:
    assert len(LINES) == len(RULES.prerequisites.lines)
    assert all(id_.startswith(f"{line.table}.") for id_, line in LINES.items())
    assert all(RULES.prerequisites.of(table) for table in Table)


def test_every_line_says_what_why_and_whence() -> None:
    for line in (*LINES.values(), *RULES.prerequisites.addresses):
        source = RULES.prerequisites.source_of(line)
        assert date.fromisoformat(source.as_of).year >= 2017
        assert line.why.endswith(".")
    assert all(line.need and line.today for line in LINES.values())
    used = {line.source for line in (*LINES.values(), *RULES.prerequisites.addresses)}
    assert set(RULES.prerequisites.sources) == used


def test_every_check_has_one_line_in_azure() -> None:
    checks = [line.check for line in LINES.values() if line.check is not None]
    assert sorted(checks) == sorted(Check)
    assert all(LINES[id_].table is Table.AZURE for id_, line in LINES.items() if line.check is not None)


def test_figures_are_those_that_machines_are_judged_by() -> None:
    now, then = RULES.machines, load_rules("seed-2017").machines
    disks = LINES["machines.os_disk"].today
    assert f"{now.os_disk_max_gib['1']:,} GiB" in disks
    assert f"{now.os_disk_max_gib['2']:,} GiB" in disks
    assert f"{now.os_disk_care_gib['2']:,} GiB" in disks
    assert f"{then.os_disk_max_gib['1']:,} GB" in LINES["machines.os_disk"].in_2017
    data = LINES["machines.data_disk"]
    assert f"{now.data_disk_max_gib:,} GiB" in data.today
    assert f"{now.large_disk_gib:,} GiB" in data.today
    assert now.large_disk_agent in data.today
    assert f"{then.data_disk_max_gib:,} GB" in data.in_2017
    assert f"{now.data_disks_max} data disks" in LINES["machines.disk_count"].today
    name = RULES.names.kinds["machine"]  # type: ignore[index]
    assert f"{name.minimum} to {name.maximum} {name.words.replace(',', ',', 1)[:7]}" in LINES["machines.name"].today


def test_refused_regions_and_redundancies_are_those_that_targets_are_judged_by() -> None:
    assert all(region in LINES["azure.region"].today for region in RULES.regions.refused_targets)
    words = {"LRS": "LRS", "GRS": "GRS", "RAGRS": "RA-GRS"}
    assert all(words[kind] in LINES["azure.storage"].today for kind in RULES.storage.redundancies)
    assert all(name in LINES["azure.providers"].today for name in PROVIDERS)


# Addresses


def test_all_addresses_of_the_article_are_there() -> None:
    named = {address for rule in RULES.prerequisites.addresses if not rule.is_range for address in rule.in_2017}
    assert named == ADDRESSES_OF_2017
    ranges = next(rule for rule in RULES.prerequisites.addresses if rule.is_range)
    assert any("West US" in text for text in ranges.in_2017)
    assert not any("West US" in text for cloud in Cloud for text in ranges.today(cloud))


@pytest.mark.parametrize("cloud", Cloud)
def test_text_for_the_network_team_names_every_address_of_its_cloud(cloud: Cloud) -> None:
    text = address_text(RULES.prerequisites, cloud)
    for rule in RULES.prerequisites.addresses:
        assert all(address in text for address in rule.today(cloud))
    foreign = "login.microsoftonline.us" if cloud is Cloud.COMMERCIAL else "login.microsoftonline.com"
    assert foreign not in text
    assert "accesscontrol" not in text
    assert max(map(len, text.splitlines())) <= 120


# What is found in Azure

GROUP = ("1d5b9a34-0000-4000-8000-000000000001", "rg-dr")
VAULT = Vault(vault_id(*GROUP, "asr-weu"), "asr-weu", "westeurope")
ACCOUNT = StorageAccount(
    storage_account_id(*GROUP, "stweu"), "stweu", "westeurope", "StorageV2", "Standard", "GRS", "Hot"
)
NETWORK = VirtualNetwork(
    virtual_network_id(*GROUP, "vnet-weu"), "vnet-weu", "westeurope", ("10.1.0.0/16",), (Subnet("s", "10.1.0.0/24"),)
)
GOOD = AzureSide(
    Subscription(GROUP[0], "Contoso"),
    tuple(ResourceProvider(name, "Registered") for name in PROVIDERS),
    VAULT,
    (ACCOUNT,),
    (NETWORK,),
    (Permission(("*/read",)), Permission(("Microsoft.RecoveryServices/Vaults/replication*",))),
)


def test_what_is_in_order_is_found_so() -> None:
    findings = judge_azure_side(GOOD, RULES)
    assert {check: finding.outcome for check, finding in findings.items()} == dict.fromkeys(Check, Outcome.OK)
    assert not [finding for finding in findings.values() if finding.remedy]


ELSEWHERE = replace(ACCOUNT, location="eastus")
CASES: dict[str, tuple[AzureSide, Check, Outcome, str]] = {
    "no subscription": (replace(GOOD, subscription=None), Check.SUBSCRIPTION, Outcome.MISSING, "does not see"),
    "disabled": (
        replace(GOOD, subscription=Subscription("1", "Contoso", "Disabled")),
        Check.SUBSCRIPTION,
        Outcome.MISSING,
        "Contoso is not enabled",
    ),
    "unregistered": (
        replace(GOOD, providers=(*GOOD.providers[:3], ResourceProvider(PROVIDERS[3], "NotRegistered"))),
        Check.PROVIDERS,
        Outcome.MISSING,
        "az provider register --namespace Microsoft.Compute",
    ),
    "registering": (
        replace(GOOD, providers=(ResourceProvider(PROVIDERS[0], "Registering"), *GOOD.providers[1:])),
        Check.PROVIDERS,
        Outcome.CARE,
        "few minutes",
    ),
    "no vault": (replace(GOOD, vault=None), Check.VAULT, Outcome.MISSING, "set-up"),
    "vault being made": (
        replace(GOOD, vault=replace(VAULT, provisioning_state="Creating")),
        Check.VAULT,
        Outcome.CARE,
        "not finished",
    ),
    "refused region": (
        replace(GOOD, vault=replace(VAULT, location="South Central India")),
        Check.REGION,
        Outcome.MISSING,
        "another region",
    ),
    "refused region by its other name": (
        replace(GOOD, vault=replace(VAULT, location="northeastus5")),
        Check.REGION,
        Outcome.MISSING,
        "another region",
    ),
    "unknown region": (
        replace(GOOD, vault=replace(VAULT, location="moonbase1")),
        Check.REGION,
        Outcome.CARE,
        "moonbase1",
    ),
    "no vault, no region": (replace(GOOD, vault=None), Check.STORAGE, Outcome.UNKNOWN, "vault’s region"),
    "no account": (replace(GOOD, storage=()), Check.STORAGE, Outcome.MISSING, "no storage account"),
    "account elsewhere": (
        replace(GOOD, storage=(ELSEWHERE, ELSEWHERE)),
        Check.STORAGE,
        Outcome.MISSING,
        "None of the 2 storage accounts is in West Europe",
    ),
    "account of the wrong kind": (
        replace(GOOD, storage=(ELSEWHERE, replace(ACCOUNT, kind="BlockBlobStorage"))),
        Check.STORAGE,
        Outcome.MISSING,
        "BlockBlobStorage",
    ),
    "account behind a firewall": (
        replace(GOOD, storage=(replace(ACCOUNT, firewall_denies=True),)),
        Check.STORAGE,
        Outcome.CARE,
        "firewall",
    ),
    "one region only": (
        replace(GOOD, storage=(replace(ACCOUNT, redundancy="LRS"),)),
        Check.SECOND_COPY,
        Outcome.CARE,
        "GRS",
    ),
    "premium account alone": (
        replace(GOOD, storage=(replace(ACCOUNT, tier="Premium", redundancy="LRS"),)),
        Check.STORAGE,
        Outcome.CARE,
        "need a standard account as well",
    ),
    "second copy of nothing": (replace(GOOD, storage=()), Check.SECOND_COPY, Outcome.UNKNOWN, "line above"),
    "no network": (replace(GOOD, networks=()), Check.NETWORK, Outcome.MISSING, "no virtual network"),
    "network elsewhere": (
        replace(GOOD, networks=(replace(NETWORK, location="East US"),)),
        Check.NETWORK,
        Outcome.MISSING,
        "None of the 1 networks",
    ),
    "network without a subnet": (
        replace(GOOD, networks=(replace(NETWORK, subnets=()),)),
        Check.NETWORK,
        Outcome.MISSING,
        "no subnet",
    ),
    "full network": (
        replace(GOOD, networks=(replace(NETWORK, subnets=(Subnet("s", "10.1.0.0/29", 3),)),)),
        Check.NETWORK,
        Outcome.CARE,
        "free address",
    ),
    "no rights": (
        replace(GOOD, permissions=()),
        Check.RIGHTS,
        Outcome.MISSING,
        "you may not make Hyper-V sites, make policies, enable replication, fail over",
    ),
    "an operator's rights": (
        replace(
            GOOD, permissions=(Permission(("Microsoft.RecoveryServices/*",), ("Microsoft.RecoveryServices/*/write",)),)
        ),
        Check.RIGHTS,
        Outcome.MISSING,
        "you may not make Hyper-V sites, make policies, enable replication. Ask",
    ),
    "rights of nothing": (replace(GOOD, vault=None), Check.RIGHTS, Outcome.UNKNOWN, "set-up"),
    "unread": (
        replace(GOOD, networks=(), unread={"networks": "Azure did not answer."}),
        Check.NETWORK,
        Outcome.UNKNOWN,
        "Azure did not answer.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_not_in_order_says_so_and_what_to_do(name: str) -> None:
    side, check, outcome, words = CASES[name]
    finding = judge_azure_side(side, RULES)[check]
    assert finding.outcome is outcome
    assert words in f"{finding.text} {finding.remedy}"
    assert finding.word
    if outcome in (Outcome.CARE, Outcome.MISSING):
        assert finding.remedy


# Files

HOSTILE = "=cmd|' /C calc'!A0\n<script>alert(1)</script> | `x` \u202eback"
REPORT = PrerequisiteReport(
    "asr-weu",
    NOW,
    RULES.prerequisites,
    {
        "hosts.system": Mark(True, "anna", NOW),
        "hosts.role": Mark(False, "anna", NOW, HOSTILE),
        "hosts.dotnet": Mark(True, "=HYPERLINK(1)", NOW, "-1+1+cmd|x"),
    },
    judge_azure_side(GOOD, RULES),
)


def test_spreadsheet_has_a_row_for_each_line_and_begins_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(REPORT), newline="")))
    assert len(rows) == len(LINES) + len(RULES.prerequisites.addresses)
    by_need = {row["Needed"]: row for row in rows}
    role = by_need[LINES["hosts.role"].need]
    assert role["Note"].startswith("'=cmd")
    assert "\n" not in role["Note"]
    assert by_need[LINES["hosts.dotnet"].need]["Note"] == "'-1+1+cmd|x"
    assert by_need[LINES["hosts.system"].need]["State"] == "Done"
    assert "anna" in by_need[LINES["hosts.system"].need]["Seen"]
    assert by_need[LINES["azure.vault"].need]["Seen"] == "asr-weu in West Europe."
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_page_runs_nothing_and_fetches_nothing() -> None:
    page = as_html(REPORT)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page
    assert "src=" not in page
    assert "href=" not in page
    assert page.count("<tr>") == len(LINES) + len(RULES.prerequisites.addresses) + len(Table) + 1


def test_text_for_a_wiki_keeps_its_columns() -> None:
    text = as_markdown(REPORT)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == len(LINES) + 2 * len(Table) + len(RULES.prerequisites.addresses) + 2
    assert {row.replace("\\|", "").count("|") for row in rows} == {9, 5}
    assert "\\<script\\>" in text


@pytest.mark.parametrize("write", [as_csv, as_html, as_markdown])
def test_every_file_has_the_addresses_of_its_cloud(write: Callable[[PrerequisiteReport], str]) -> None:
    assert "login.microsoftonline.com" in write(REPORT)
    text = write(replace(REPORT, cloud=Cloud.GOVERNMENT))
    assert "login.microsoftonline.us" in text
    assert "accesscontrol.windows.net" in text
    assert "login.microsoftonline.com" not in text


def test_head_counts_what_is_in_order() -> None:
    azure = len(RULES.prerequisites.of(Table.AZURE))
    assert f"In Azure: 8 of {azure} in order" in REPORT.head
    assert "Hyper-V hosts: 2 of" in REPORT.head


@pytest.mark.parametrize("text", ["=1", "+1", "@x", "-a", "-1+1", "＝1", "-2+3+cmd|' /C calc'!A0", " =1"])
def test_formulas_are_made_text(text: str) -> None:
    assert neutral_text(text) == f"'{text.strip()}"


@pytest.mark.parametrize("text", ["-5", "-5.2 h", "-14 min", "-1,024 MiB", "a=b", "–", "-3%"])
def test_figures_stay_as_they_are(text: str) -> None:
    assert neutral_text(text) == text
