"""Replication policies: each side of each limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.issue import Issue, Severity
from app.domain.policy_rules import (
    PolicyFigures,
    PolicyGround,
    PolicyOrigin,
    ServedMachine,
    check_existing,
    check_figures,
    check_policy,
    copy_frequency_text,
    machine_warnings,
    named,
    offered_frequencies,
)
from app.domain.profiles import PROFILES
from app.rules import load_rules
from tests.support import estates

MIB = 1024 * 1024
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def issues(profile: str = "2026-05", names_in_use: tuple[str, ...] = (), **changes: object) -> tuple[Issue, ...]:
    fields: dict[str, object] = {
        "name": "HQ-5min",
        "copy_frequency_s": 300,
        "retention_h": 12,
        "app_consistent_frequency_h": 4,
        "start_at": "",
    }
    return check_policy(**{**fields, **changes}, now=NOW, rules=load_rules(profile), names_in_use=names_in_use)  # type: ignore[arg-type]


def blocked_fields(found: tuple[Issue, ...]) -> list[str]:
    return [issue.field for issue in found if issue.is_blocking]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("copy_frequency_s", 30),
        ("copy_frequency_s", 300),
        ("retention_h", 24),
        ("app_consistent_frequency_h", 0),
        ("app_consistent_frequency_h", 11),
        ("start_at", "2026-11-23T09:01:00+00:00"),
        ("start_at", "2026-11-24T09:00:00+00:00"),
        ("start_at", "2026-11-23T12:00:00+02:00"),
    ],
)
def test_inside_the_limits_nothing_is_said(field: str, value: object) -> None:
    assert issues(**{field: value}) == ()


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"copy_frequency_s": 900}, "copy_frequency_s", "Azure copies every 30 s or 5 min; 15 min is not offered."),
        ({"copy_frequency_s": 0}, "copy_frequency_s", "Azure copies every 30 s or 5 min; 0 min is not offered."),
        ({"retention_h": -1}, "retention_h", "Keep recovery points for 0 to 24 hours."),
        ({"retention_h": 25}, "retention_h", "Keep recovery points for 0 to 24 hours."),
        (
            {"app_consistent_frequency_h": 13, "retention_h": 24},
            "app_consistent_frequency_h",
            "Take one every 1 to 12 hours, or 0 for none.",
        ),
        (
            {"app_consistent_frequency_h": -1},
            "app_consistent_frequency_h",
            "Take one every 1 to 12 hours, or 0 for none.",
        ),
        (
            {"app_consistent_frequency_h": 12, "retention_h": 12},
            "app_consistent_frequency_h",
            "An app-consistent point every 12 hours never fits into 12 hours of retention. "
            "Use at most 11, or keep points longer.",
        ),
        (
            {"app_consistent_frequency_h": 1, "retention_h": 1},
            "app_consistent_frequency_h",
            "An app-consistent point every 1 hour never fits into 1 hour of retention. Use 0, or keep points longer.",
        ),
        (
            {"app_consistent_frequency_h": 1, "retention_h": 0},
            "app_consistent_frequency_h",
            "With a retention of 0 hours only the latest point is kept: set this to 0, or keep points longer.",
        ),
        (
            {"start_at": "2026-11-23T09:00:00+00:00"},
            "start_at",
            "This time has passed. Choose a later one, or leave it empty to start at once.",
        ),
        (
            {"start_at": "2026-11-24T09:00:01+00:00"},
            "start_at",
            "Choose a time within the next 24 hours, or leave it empty to start at once.",
        ),
        (
            {"start_at": "tonight"},
            "start_at",
            "Write a time such as 2026-11-23T22:00+01:00, or leave it empty to start at once.",
        ),
        (
            {"start_at": "2026-11-23T22:00"},
            "start_at",
            "Add the time zone, such as +01:00, or leave it empty to start at once.",
        ),
        (
            {"name": ""},
            "name",
            "Type a name for the replication policy. Use 1 to 63 letters, digits, hyphens and underscores.",
        ),
    ],
)
def test_outside_the_limits_the_field_says_what_would_be_right(
    changes: dict[str, object], field: str, text: str
) -> None:
    assert [(issue.field, issue.text) for issue in issues(**changes)] == [(field, text)]


def test_retention_of_zero_goes_with_no_application_consistent_points() -> None:
    assert issues(retention_h=0, app_consistent_frequency_h=0) == ()


def test_hourly_application_consistent_points_are_a_remark_only() -> None:
    (remark,) = issues(app_consistent_frequency_h=1)
    assert remark.severity is Severity.INFO


def test_a_name_in_use_is_refused_whatever_its_case() -> None:
    assert blocked_fields(issues(names_in_use=("hq-5min",))) == ["name"]


def test_the_article_allowed_fifteen_minutes() -> None:
    assert issues("seed-2017", copy_frequency_s=900) == ()


@pytest.mark.parametrize("profile", PROFILES)
def test_no_application_consistent_points_at_all_are_allowed_in_every_profile(profile: str) -> None:
    assert issues(profile, app_consistent_frequency_h=0) == ()


@pytest.mark.parametrize(("seconds", "text"), [(30, "30 s"), (60, "1 min"), (300, "5 min"), (90, "90 s")])
def test_frequencies_are_written_with_their_unit(seconds: int, text: str) -> None:
    assert copy_frequency_text(seconds) == text


# Figures on their ground


def ground(origin: PolicyOrigin = PolicyOrigin.NEW, *machines: ServedMachine, **more: object) -> PolicyGround:
    return PolicyGround(origin, machines, **more)  # type: ignore[arg-type]


def told(figures: PolicyFigures, on: PolicyGround, profile: str = "2026-05") -> list[tuple[str, Severity]]:
    return [(issue.field, issue.severity) for issue in check_figures(figures, load_rules(profile), on)]


QUARTER = PolicyFigures(900, 12, 4)
NONSENSE = PolicyFigures(24, 12, 4)
OFTEN = PolicyFigures(30, 12, 4)
USUAL = PolicyFigures(300, 12, 4)
HOURLY = PolicyFigures(300, 12, 1)
NONE = PolicyFigures(300, 12, 0)
EVERY = "copy_frequency_s"
APP = "app_consistent_frequency_h"
STANDARD, PREMIUM = ServedMachine("WEB-01"), ServedMachine("SQL-01", has_premium_storage=True)
DYNAMIC = ServedMachine("FILE-01", has_dynamic_disks=True)
BASIC = ServedMachine("FILE-02", has_dynamic_disks=False)
BUSY, IDLE = ServedMachine("SQL-02", write_bytes=2.0 * MIB), ServedMachine("SQL-03", write_bytes=2.0 * MIB - 1)


@pytest.mark.parametrize(
    ("figures", "on", "profile", "expected"),
    [
        # 15 min: only where an old policy has it, or in the article's time
        (QUARTER, ground(), "2026-05", [(EVERY, Severity.ERROR)]),
        (QUARTER, ground(), "2026-09", [(EVERY, Severity.ERROR)]),
        (QUARTER, ground(), "seed-2017", []),
        (QUARTER, ground(PolicyOrigin.EXISTING), "2026-05", [(EVERY, Severity.WARNING)]),
        (QUARTER, ground(PolicyOrigin.IMPORTED), "2026-05", [(EVERY, Severity.WARNING)]),
        (QUARTER, ground(PolicyOrigin.CHANGED, had_copy_frequency_s=900), "2026-05", [(EVERY, Severity.WARNING)]),
        (QUARTER, ground(PolicyOrigin.CHANGED, had_copy_frequency_s=300), "2026-05", [(EVERY, Severity.ERROR)]),
        # what Azure takes and helps nobody
        *((NONSENSE, ground(origin), "2026-05", [(EVERY, Severity.ERROR)]) for origin in PolicyOrigin),
        (NONSENSE, ground(PolicyOrigin.CHANGED, had_copy_frequency_s=24), "2026-05", [(EVERY, Severity.ERROR)]),
        # 30 s and premium storage
        (OFTEN, ground(), "2026-05", []),
        (OFTEN, ground(premium_account="stpremium"), "2026-05", [(EVERY, Severity.ERROR)]),
        (USUAL, ground(premium_account="stpremium"), "2026-05", []),
        (OFTEN, ground(PolicyOrigin.CHANGED, PREMIUM), "2026-05", [(EVERY, Severity.ERROR)]),
        (OFTEN, ground(PolicyOrigin.CHANGED, PREMIUM, STANDARD), "2026-05", [(EVERY, Severity.WARNING)]),
        (OFTEN, ground(PolicyOrigin.EXISTING, PREMIUM, STANDARD), "2026-09", [(EVERY, Severity.WARNING)]),
        (OFTEN, ground(PolicyOrigin.CHANGED, STANDARD), "2026-05", []),
        (USUAL, ground(PolicyOrigin.CHANGED, PREMIUM, STANDARD), "2026-05", []),
        # dynamic disks
        (USUAL, ground(PolicyOrigin.NEW, DYNAMIC), "2026-05", [(APP, Severity.ERROR)]),
        (USUAL, ground(PolicyOrigin.EXISTING, DYNAMIC, BASIC), "2026-05", [(APP, Severity.ERROR)]),
        (USUAL, ground(PolicyOrigin.NEW, BASIC, STANDARD), "2026-05", []),
        (NONE, ground(PolicyOrigin.NEW, DYNAMIC), "2026-05", []),
        # hourly points
        (HOURLY, ground(PolicyOrigin.NEW, BUSY), "2026-05", [(APP, Severity.WARNING)]),
        (HOURLY, ground(PolicyOrigin.NEW, IDLE), "2026-05", [(APP, Severity.INFO)]),
        (HOURLY, ground(PolicyOrigin.EXISTING, IDLE), "2026-05", []),
        (HOURLY, ground(PolicyOrigin.EXISTING, BUSY), "2026-05", [(APP, Severity.WARNING)]),
        (replace(HOURLY, app_consistent_frequency_h=2), ground(PolicyOrigin.NEW, BUSY), "2026-05", []),
    ],
)
def test_each_rule_on_both_of_its_sides(
    figures: PolicyFigures, on: PolicyGround, profile: str, expected: list[tuple[str, Severity]]
) -> None:
    assert told(figures, on, profile) == expected


@pytest.mark.parametrize("origin", PolicyOrigin)
@pytest.mark.parametrize(
    ("figures", "field"),
    [
        (PolicyFigures(300, 25, 4), "retention_h"),
        (PolicyFigures(300, -1, 0), "retention_h"),
        (PolicyFigures(300, 24, 13), APP),
        (PolicyFigures(300, 4, 4), APP),
        (PolicyFigures(300, 0, 1), APP),
    ],
)
def test_figures_that_cannot_be_are_wrong_wherever_they_come_from(
    origin: PolicyOrigin, figures: PolicyFigures, field: str
) -> None:
    assert told(figures, ground(origin)) == [(field, Severity.ERROR)]


def test_machines_are_named_in_what_is_said_of_them() -> None:
    (mixed,) = check_figures(OFTEN, load_rules(), ground(PolicyOrigin.CHANGED, PREMIUM, STANDARD))
    assert mixed.text.startswith("SQL-01 replicates to premium storage, which takes no copies every 30 s.")
    other = ServedMachine("FILE-03", has_dynamic_disks=True)
    (dynamic,) = check_figures(USUAL, load_rules(), ground(PolicyOrigin.NEW, DYNAMIC, other))
    assert dynamic.text.startswith("FILE-01 and FILE-03 have dynamic or striped disks")
    (busy,) = check_figures(HOURLY, load_rules(), ground(PolicyOrigin.NEW, BUSY, IDLE))
    assert busy.text.startswith("SQL-02 writes 2.0 MiB/s")


@pytest.mark.parametrize(
    ("figures", "machine", "words"),
    [
        (OFTEN, PREMIUM, ("premium storage: not every 30 s",)),
        (OFTEN, STANDARD, ()),
        (USUAL, DYNAMIC, ("dynamic disks: no app-consistent points",)),
        (NONE, DYNAMIC, ()),
        (HOURLY, BUSY, ("writes 2.0 MiB/s: hourly points slow it",)),
        (HOURLY, IDLE, ()),
    ],
)
def test_figures_mean_something_for_each_machine(
    figures: PolicyFigures, machine: ServedMachine, words: tuple[str, ...]
) -> None:
    assert machine_warnings(figures, machine, load_rules()) == words


@pytest.mark.parametrize(
    ("text", "is_retired"),
    [("", False), ("Disabled", False), ("disable", False), ("None", False), ("Enabled", True), ("Enable", True)],
)
def test_policies_with_the_retired_encryption_are_marked(text: str, is_retired: bool) -> None:
    policy = replace(estates.policy(), encryption=text)
    fields = [issue.field for issue in check_existing(policy, load_rules())]
    assert fields == (["encryption"] if is_retired else [])


@pytest.mark.parametrize(
    ("had", "offered"), [(None, (30, 300)), (300, (30, 300)), (900, (30, 300, 900)), (24, (30, 300))]
)
def test_what_can_be_chosen_holds_what_an_old_policy_has(had: int | None, offered: tuple[int, ...]) -> None:
    assert offered_frequencies(load_rules(), had) == offered


def test_a_long_list_of_names_ends_in_a_count() -> None:
    assert [named(list("abcde")[:count]) for count in range(6)] == [
        "",
        "a",
        "a and b",
        "a, b and c",
        "a, b, c and 1 more",
        "a, b, c and 2 more",
    ]
