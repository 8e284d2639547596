"""Every rule of the support limits, with a thing on each side of it, in each profile.

A rule is named by its section in the document of limits. What no profile judges stands in
`tests.support.limit_documents` with the reason; together they have to name every rule there is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.address_ranges import check_subnet
from app.domain.azure import AzureMachine, Subnet
from app.domain.network_rules import judge_network, judge_subnet
from app.domain.policy_rules import (
    PolicyFigures,
    PolicyGround,
    PolicyOrigin,
    ServedMachine,
    check_existing,
    check_figures,
)
from app.domain.profiles import PROFILES
from app.domain.protection import OsType
from app.domain.replica_judging import judge_account_disk, managed_disks_problem
from app.domain.resource_limits import check_server_count, check_vault_count
from app.domain.rules import NameKind
from app.domain.storage_rules import StorageUse
from app.flows.checks import check_target, check_vault
from app.flows.checks_replication import check_enable
from app.flows.draft import ReplicaKind, StorageChoice
from app.flows.landing_values import Way
from app.rules import load_rules
from tests.support import estates
from tests.support.limit_cases import (
    CARE,
    FINE,
    NO,
    Case,
    Judge,
    account,
    always,
    named,
    of_issues,
    of_problem,
    of_verdict,
    policy,
    sized,
)
from tests.support.limit_documents import NO_LIMIT_THEN, NOT_JUDGED, WHERE
from tests.support.limit_landing import card, cards, lands
from tests.support.recordings import needs_recordings, wire_folder

OLD_ONLY = (NO, FINE, FINE)
NEW_ONLY = (FINE, NO, NO)


def there(name: str) -> AzureMachine:
    """A machine in the target group."""
    return AzureMachine(estates.storage().id, name, estates.LOCATION, "", "", "")


def enabled(*azure_names: str) -> Judge:
    """Machines that are chosen under these names in Azure, where OLD-01 runs already."""
    items = [estates.machine(f"M{number}") for number, _ in enumerate(azure_names)]
    estate = estates.contoso(protectable_items=tuple(items))
    estate = replace(estate, machines=(there("OLD-01"),))
    choices = [estates.choice(item, azure_name=name) for item, name in zip(items, azure_names, strict=True)]
    draft = replace(estates.ready_draft(), machines=tuple(choices))
    return of_issues(lambda rules: check_enable(draft, replace(estates.context(estate), rules=rules)))


def region(name: str) -> Judge:
    """A vault, and with it machines after a failover, in a region of that display name."""
    draft = estates.ready_draft()
    draft = replace(draft, vault=replace(draft.vault, location=name, create=False))
    return of_issues(lambda rules: check_vault(draft, replace(estates.context(), rules=rules)))


def target(*, logs: bool, **changes: object) -> Judge:
    """A set-up's target with this account for data, and perhaps a standard one for change logs."""
    account = estates.storage(**changes)  # type: ignore[arg-type]
    beside = estates.storage("contosohqlogs")
    estate = estates.contoso(storage_accounts=(account, beside))
    draft = estates.ready_draft(estate)
    place = replace(draft.target, storage=StorageChoice(account_id=account.id.text, name=account.name))
    if logs:
        place = replace(place, logs=StorageChoice(account_id=beside.id.text, name=beside.name))
    draft = replace(draft, target=place)
    return of_issues(lambda rules: check_target(draft, replace(estates.context(estate), rules=rules)))


def subnet(machines: int, used: int) -> Judge:
    """A subnet of 16 addresses."""
    place = Subnet("snet", "10.60.0.0/28", used)
    return of_verdict(lambda rules: judge_subnet(place, machines, rules))


def serving(
    every_s: int = 300,
    app_h: int = 4,
    origin: PolicyOrigin = PolicyOrigin.NEW,
    *,
    premium: bool = False,
    dynamic: bool | None = None,
    mib_s: float = 0,
    beside: int = 0,
) -> Judge:
    """A policy that serves one machine, and some beside it of which nothing is known."""
    machines = (ServedMachine("SQL-01", premium, dynamic, mib_s * 1024 * 1024), *[ServedMachine("WEB-01")] * beside)
    figures = PolicyFigures(every_s, 24, app_h)
    return of_issues(lambda rules: check_figures(figures, rules, PolicyGround(origin, machines)))


def existing(encryption: str) -> Judge:
    old = replace(estates.policy(), encryption=encryption)
    return of_issues(lambda rules: check_existing(old, rules))


def network(**changes: object) -> Judge:
    return of_verdict(lambda rules: judge_network(estates.network(**changes), estates.LOCATION, rules))  # type: ignore[arg-type]


def ranged(prefix: str) -> Judge:
    return of_problem(lambda rules: check_subnet(prefix, ("10.60.0.0/16",), (), rules))


def writes(mib_s: float, kib: int) -> Judge:
    """A machine that writes so much, in writes of that size."""
    return lambda rules: NO if mib_s > rules.capacity.churn.most(kib * 1024) else FINE


def replicated_to(kind: ReplicaKind) -> Judge:
    """Whether a set-up may choose it."""
    return of_problem(lambda rules: managed_disks_problem(rules) if kind is ReplicaKind.MANAGED_DISK else None)


def in_account(gib: int) -> Judge:
    """A disk whose data goes to a storage account."""
    return of_verdict(lambda rules: judge_account_disk(estates.disk("data", gib), rules))


VM = NameKind.MACHINE
PRIMARY_OUT = (card(selection="NotSelected"), card(nic="nic1"))
WINDOWS = {"os_type": OsType.WINDOWS}
OLD = {"origin": PolicyOrigin.EXISTING}
PREMIUM = {"tier": "Premium", "redundancy": "LRS"}

CASES = (
    # 6. Storage
    Case("6 kind", "general-purpose v2", account(kind="StorageV2"), always(FINE)),
    Case("6 kind", "general-purpose v1", account(kind="Storage", access_tier=""), always(FINE)),
    Case("6 kind", "blobs only", account(kind="BlobStorage"), always(NO)),
    Case("6 kind", "block blobs", account(kind="BlockBlobStorage", tier="Premium", redundancy="LRS"), always(NO)),
    Case("6 kind", "files only", account(kind="FileStorage", tier="Premium", redundancy="LRS"), always(NO)),
    Case("6 redundancy", "LRS", account(redundancy="LRS"), always(FINE)),
    Case("6 redundancy", "GRS", account(redundancy="GRS"), always(FINE)),
    Case("6 redundancy", "RA-GRS", account(redundancy="RAGRS"), OLD_ONLY),
    Case("6 redundancy", "ZRS", account(redundancy="ZRS"), always(NO)),
    Case("6 redundancy", "GZRS", account(redundancy="GZRS"), always(NO)),
    Case("6 redundancy", "RA-GZRS", account(redundancy="RAGZRS"), always(NO)),
    Case("6 access tier", "hot", account(access_tier="Hot"), always(FINE)),
    Case("6 access tier", "cool", account(access_tier="Cool"), always(NO)),
    Case("6 access tier", "cold", account(access_tier="Cold"), always(NO)),
    Case("6 premium", "standard for data", account(), always(FINE)),
    Case("6 premium", "premium for data", account(**PREMIUM), OLD_ONLY),
    Case("6 premium", "standard for logs", account(use=StorageUse.LOGS), always(FINE)),
    Case("6 premium", "premium for logs", account(use=StorageUse.LOGS, **PREMIUM), always(NO)),
    Case("log storage", "premium data with a standard account for logs", target(logs=True, **PREMIUM), OLD_ONLY),
    Case("log storage", "premium data without one", target(logs=False, **PREMIUM), always(NO)),
    Case("log storage", "standard data without one", target(logs=False), always(FINE)),
    Case("6 managed disks", "storage account", replicated_to(ReplicaKind.STORAGE_ACCOUNT), always(FINE)),
    Case("6 managed disks", "managed disks", replicated_to(ReplicaKind.MANAGED_DISK), OLD_ONLY),
    Case("6 disks in an account", "disk of 1,023 GiB", in_account(1023), always(FINE)),
    Case("6 disks in an account", "disk of 1,024 GiB", in_account(1024), OLD_ONLY),
    Case("6 disks in an account", "disk of 4,095 GiB", in_account(4095), OLD_ONLY),
    Case("6 disks in an account", "disk of 4,096 GiB", in_account(4096), always(NO)),
    Case("6 firewall", "open", account(firewall_denies=False), always(FINE)),
    Case("6 firewall", "chosen networks only", account(firewall_denies=True), (NO, CARE, CARE)),
    Case("6 region", "account in the vault's region", account(location="westeurope"), always(FINE)),
    Case("6 region", "account elsewhere", account(location="northeurope"), always(NO)),
    Case("6 region", "network in the vault's region", network(location="westeurope"), always(FINE)),
    Case("6 region", "network elsewhere", network(location="northeurope"), always(NO)),
    Case("6 refused regions", "West Europe", region("West Europe"), always(FINE)),
    Case("6 refused regions", "South Central India", region("South Central India"), NEW_ONLY),
    Case("6 refused regions", "North East US 5", region("North East US 5"), NEW_ONLY),
    Case("6 premium every 30 s", "standard, 30 s", account(30), always(FINE)),
    Case("6 premium every 30 s", "premium, 30 s", account(30, **PREMIUM), always(NO)),
    Case("6 churn", "5 MiB/s in small writes", writes(5, 8), always(FINE)),
    Case("6 churn", "5.1 MiB/s in small writes", writes(5.1, 8), (NO, NO, FINE)),
    Case("6 churn", "20 MiB/s in large writes", writes(20, 16), always(FINE)),
    Case("6 churn", "20.1 MiB/s in large writes", writes(20.1, 16), (NO, NO, FINE)),
    Case("6 churn", "54 MiB/s", writes(54, 64), (NO, NO, FINE)),
    Case("6 churn", "54.1 MiB/s", writes(54.1, 64), always(NO)),
    # 7. The name of the machine in Azure
    Case("7 length", "1 character", named(VM, "a"), always(FINE)),
    Case("7 length", "63 characters", named(VM, "a" * 63), always(FINE)),
    Case("7 length", "64 characters", named(VM, "a" * 64), always(NO)),
    Case("7 length", "none", named(VM, ""), always(NO)),
    Case("7 characters", "letters, digits, hyphens", named(VM, "Web-05"), always(FINE)),
    Case("7 characters", "underscore", named(VM, "web_05"), always(NO)),
    Case("7 characters", "letter with an accent", named(VM, "wéb05"), always(NO)),
    Case("7 characters", "brackets, as break the planner", named(VM, "web[05]"), always(NO)),
    Case("7 first and last", "digit first and last", named(VM, "5-web-5"), always(FINE)),
    Case("7 first and last", "hyphen first", named(VM, "-web05"), always(NO)),
    Case("7 first and last", "hyphen last", named(VM, "web05-"), always(NO)),
    Case("7 space", "without", named(VM, "WEB05"), always(FINE)),
    Case("7 space", "with", named(VM, "WEB 05"), always(NO)),
    Case("7 unique", "a name of its own", enabled("NEW-01"), always(FINE)),
    Case("7 unique", "one that is there in other case", enabled("old-01"), always(NO)),
    Case("7 unique", "twice", enabled("NEW-01", "new-01"), always(NO)),
    Case("7 reserved words", "account without any", named(NameKind.STORAGE_ACCOUNT, "contosodr01"), always(FINE)),
    Case("7 reserved words", "whole word", named(NameKind.STORAGE_ACCOUNT, "exchange"), always(NO)),
    Case("7 reserved words", "whole word in a longer one", named(NameKind.STORAGE_ACCOUNT, "exchange1"), always(FINE)),
    Case("7 reserved words", "part", named(NameKind.STORAGE_ACCOUNT, "mywindowsdisks"), always(NO)),
    Case("7 reserved words", "beginning", named(NameKind.STORAGE_ACCOUNT, "logindata"), always(NO)),
    Case("7 reserved words", "beginning further in", named(NameKind.STORAGE_ACCOUNT, "mylogindata"), always(FINE)),
    Case("7 host name of a guest", "as long as Windows shows", lands(name="W" * 15, **WINDOWS), always(FINE)),
    Case("7 host name of a guest", "longer than Windows shows", lands(name="W" * 16, **WINDOWS), always(CARE)),
    Case("7 host name of a guest", "digits alone", lands(name="12345", **WINDOWS), always(CARE)),
    # 8. Network cards, addresses, size
    Case("8.7 kept addresses", "11 machines in 16 addresses", subnet(11, 0), always(FINE)),
    Case("8.7 kept addresses", "12 machines in 16 addresses", subnet(12, 0), always(CARE)),
    Case("8.7 kept addresses", "1 machine beside 10 cards", subnet(1, 10), always(FINE)),
    Case("8.7 kept addresses", "1 machine beside 11 cards", subnet(1, 11), always(NO)),
    Case("8.1 number of cards", "2 cards, a size that takes 2", lands(*cards(2)), always(FINE)),
    Case("8.1 number of cards", "3 cards, a size that takes 2", lands(*cards(3)), always(CARE)),
    Case("8.1 number of cards", "3 cards, a size that takes 4", lands(*cards(3), size="Standard_D8s_v5"), always(FINE)),
    Case("8.3 one primary card", "created", lands(*cards(2), primary_nic_id="nic0"), always(FINE)),
    Case("8.3 one primary card", "left out", lands(*PRIMARY_OUT, primary_nic_id="nic0"), always(CARE)),
    Case("8.3 one primary card", "all left out", lands(card(selection="NotSelected")), always(CARE)),
    Case("8.4 no address given", "none, failed over", lands(), always(FINE)),
    Case("8.5 address taken", "free", lands(card(address="10.60.3.20")), always(FINE)),
    Case("8.5 address taken", "in use", lands(card(address="10.60.3.21")), always(NO)),
    Case("8.5 address taken", "in use, in a test", lands(card(address="10.60.3.21"), way=Way.TEST), always(CARE)),
    Case("8.6 subnet of a test", "one of the same name", lands(card("SNET-Web"), way=Way.TEST), always(FINE)),
    Case("8.6 subnet of a test", "none: first by alphabet", lands(card("snet-db"), way=Way.TEST), always(CARE)),
    Case("8.6 subnet of a test", "none in a real failover", lands(card("snet-db")), always(NO)),
    Case("8.7 kept addresses", "the fourth address, .3", lands(card(address="10.60.3.3")), always(NO)),
    Case("8.7 kept addresses", "the fifth, .4", lands(card(address="10.60.3.4")), always(FINE)),
    Case("8.7 kept addresses", "the last but one, .254", lands(card(address="10.60.3.254")), always(FINE)),
    Case("8.7 kept addresses", "the last, .255", lands(card(address="10.60.3.255")), always(NO)),
    Case("8.7 kept addresses", "outside the subnet", lands(card(address="10.60.1.4")), always(NO)),
    Case("8.7 address range", "subnet of /29", ranged("10.60.0.0/29"), always(FINE)),
    Case("8.7 address range", "subnet of /30", ranged("10.60.0.0/30"), always(NO)),
    Case("8.9 data disks", "as many as the size takes", sized("Standard_D2s_v5", data_disks=4), always(FINE)),
    Case("8.9 data disks", "one more", sized("Standard_D2s_v5", data_disks=5), always(NO)),
    Case("8.9 premium disks", "standard disks, any size", lands(size="Standard_D2_v5"), always(FINE)),
    Case("8.9 premium disks", "premium, in a size for them", lands(size="Standard_D2s_v5", premium=True), always(FINE)),
    Case("8.9 premium disks", "premium, in another", lands(size="Standard_D2_v5", premium=True), always(NO)),
    Case("8.9 generation 2", "in a size that starts it", sized("Standard_D4s_v3", generation=2), always(FINE)),
    Case("8.9 generation 2", "in one that does not", sized("Standard_D4_v3", generation=2), always(NO)),
    # 9. Numbers
    Case("9 vaults per subscription", "499", of_problem(lambda r: check_vault_count(499, r)), always(FINE)),
    Case("9 vaults per subscription", "500", of_problem(lambda r: check_vault_count(500, r)), always(NO)),
    Case("9 servers/appliances per vault", "249", of_problem(lambda r: check_server_count(249, r)), always(FINE)),
    Case("9 servers/appliances per vault", "250", of_problem(lambda r: check_server_count(250, r)), always(NO)),
    Case("9 recovery point retention", "24 h", policy(keep_h=24), always(FINE)),
    Case("9 recovery point retention", "25 h", policy(keep_h=25), always(NO)),
    Case("9 app-consistent interval", "12 h", policy(app_h=12), always(FINE)),
    Case("9 app-consistent interval", "13 h", policy(app_h=13), always(NO)),
    Case("9 app-consistent interval", "off", policy(app_h=0), always(FINE)),
    # Replication policy
    Case("policy 1 copy frequency", "30 s", policy(30), always(FINE)),
    Case("policy 1 copy frequency", "5 min", policy(300), always(FINE)),
    Case("policy 1 copy frequency", "15 min", policy(900), NEW_ONLY),
    Case("policy 1 copy frequency", "10 min", policy(600), always(NO)),
    Case("policy 1 copy frequency", "15 min, there already", serving(every_s=900, **OLD), (FINE, CARE, CARE)),
    Case("policy 1 copy frequency", "10 min, there already", serving(every_s=600, **OLD), always(NO)),
    Case("policy 2 premium every 30 s", "premium, 5 min", serving(premium=True), always(FINE)),
    Case("policy 2 premium every 30 s", "premium machine, 30 s", serving(every_s=30, premium=True), always(NO)),
    Case("policy 2 premium every 30 s", "one of two, 30 s", serving(every_s=30, premium=True, beside=1), always(CARE)),
    Case("policy 2 premium every 30 s", "standard machine, 30 s", serving(every_s=30), always(FINE)),
    Case("policy 3 retention", "0 h, app-consistent off", policy(keep_h=0, app_h=0), always(FINE)),
    Case("policy 3 retention", "1 h, app-consistent off", policy(keep_h=1, app_h=0), always(FINE)),
    Case("policy 3 retention", "2 h, app-consistent 1 h", policy(keep_h=2, app_h=1), always(FINE)),
    Case("policy 3 retention", "-1 h", policy(keep_h=-1, app_h=1), always(NO)),
    Case("policy 4 app-consistent", "1 h below retention", policy(keep_h=5, app_h=4), always(FINE)),
    Case("policy 4 app-consistent", "equal to retention", policy(keep_h=4, app_h=4), always(NO)),
    Case("policy 4 app-consistent", "above retention", policy(keep_h=3, app_h=4), always(NO)),
    Case("policy 4 app-consistent", "with a retention of 0", policy(keep_h=0, app_h=1), always(NO)),
    Case("policy 5 dynamic disks", "basic disks", serving(dynamic=False), always(FINE)),
    Case("policy 5 dynamic disks", "dynamic disks, points on", serving(dynamic=True), always(NO)),
    Case("policy 5 dynamic disks", "dynamic disks, points off", serving(app_h=0, dynamic=True), always(FINE)),
    Case("policy 6 start", "at once", policy(), always(FINE)),
    Case("policy 6 start", "in 24 h", policy(start_in=timedelta(hours=24)), always(FINE)),
    Case("policy 6 start", "in 24 h and a minute", policy(start_in=timedelta(hours=24, minutes=1)), always(NO)),
    Case("policy 6 start", "a minute ago", policy(start_in=timedelta(minutes=-1)), always(NO)),
    Case("policy 7 hourly points", "hourly, a quiet machine", serving(app_h=1, mib_s=1.9), always(FINE)),
    Case("policy 7 hourly points", "hourly, a busy machine", serving(app_h=1, mib_s=2.0), always(CARE)),
    Case("policy 7 hourly points", "every 2 h, a busy machine", serving(app_h=2, mib_s=2.0), always(FINE)),
    Case("policy encryption", "none", existing(""), always(FINE)),
    Case("policy encryption", "of the retired feature", existing("Enable"), always(NO)),
)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.thing}")
def test_each_thing_is_judged_as_its_time_said(case: Case, profile: str) -> None:
    expected = dict(zip(PROFILES, case.expected, strict=True))[profile]
    assert case.judge(load_rules(profile)) == expected


@pytest.mark.parametrize("profile", PROFILES)
def test_every_rule_has_something_on_each_side(profile: str) -> None:
    """In each profile, but where it has no such limit."""
    place = PROFILES.index(profile)
    verdicts: dict[str, set[str]] = {}
    for case in CASES:
        verdicts.setdefault(case.rule, set()).add(case.expected[place])
    one_sided = {rule for rule, found in verdicts.items() if FINE not in found or len(found) == 1}
    assert one_sided == {rule for rule, profiles in NO_LIMIT_THEN.items() if profile in profiles}


@needs_recordings
def test_every_rule_of_the_documents_is_judged_or_named() -> None:
    """Sections 6 to 9 of the limits, and the constraints of a policy."""
    facts = wire_folder().parent / "facts"
    text = (facts / "support-matrix.md").read_text(encoding="utf-8")
    rows = [("6", name) for name in _rows(_section(text, "6"))] + [("9", name) for name in _rows(_section(text, "9"))]
    rows += [("8", number) for number in re.findall(r"^(\d)\. ", _section(text, "8"), re.MULTILINE)]
    policies = (facts / "replication-policy.md").read_text(encoding="utf-8")
    constraints = _section(policies, "Constraints")
    rows += [("policy", number) for number in re.findall(r"^(\d)\. ", constraints, re.MULTILINE)]
    assert {row for row in rows if row not in WHERE} == set()
    named = {case.rule for case in CASES} | set(NOT_JUDGED)
    assert {rule for rules in WHERE.values() for rule in rules} <= named


def _section(text: str, head: str) -> str:
    return re.split(r"^## ", text.partition(f"\n## {head}")[2], maxsplit=1, flags=re.MULTILINE)[0]


def _rows(section: str) -> list[str]:
    lines = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("|")]
    return [name for name in lines[2:] if name]
