"""Replication policies: each side of each limit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.issue import Issue, Severity
from app.domain.policy_rules import check_policy, copy_frequency_text
from app.rules import load_rules

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
            "Take one every 0 to 12 hours. 0 takes none.",
        ),
        (
            {"app_consistent_frequency_h": -1},
            "app_consistent_frequency_h",
            "Take one every 0 to 12 hours. 0 takes none.",
        ),
        (
            {"app_consistent_frequency_h": 12, "retention_h": 12},
            "app_consistent_frequency_h",
            "One every 12 hours never fits into 12 hours of retention. Use at most 11, or keep points longer.",
        ),
        (
            {"app_consistent_frequency_h": 1, "retention_h": 1},
            "app_consistent_frequency_h",
            "One every 1 hour never fits into 1 hour of retention. Use 0, or keep points longer.",
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


def test_the_article_allowed_fifteen_minutes_and_asked_for_points() -> None:
    assert issues("seed-2017", copy_frequency_s=900) == ()
    (issue,) = issues("seed-2017", app_consistent_frequency_h=0)
    assert issue.text == "Take one every 1 to 12 hours."


@pytest.mark.parametrize(("seconds", "text"), [(30, "30 s"), (60, "1 min"), (300, "5 min"), (90, "90 s")])
def test_frequencies_are_written_with_their_unit(seconds: int, text: str) -> None:
    assert copy_frequency_text(seconds) == text
