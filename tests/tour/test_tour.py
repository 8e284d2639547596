"""The tour does the whole main job; what it says of it is what the practice vault saw."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QImage

from tests.tour.conftest import TakenTour

pytestmark = pytest.mark.slow

LEAST_PAGES = 22
LEAST_PROTECTED = 10
ONCE = ("testFailover", "testFailoverCleanup", "plannedFailover", "failoverCommit")
CREATED = ("replicationFabrics", "replicationPolicies", "replicationProtectionContainerMappings", "vaults")
OPERATIONS = {"TestFailover": 1, "TestFailoverCleanup": 1, "PlannedFailover": 1, "CommitFailover": 1}


def test_it_ends_well_and_says_nothing_but_its_steps(taken: TakenTour) -> None:
    assert taken.status == 0, taken.said
    assert [line for line in taken.said.splitlines() if not line.startswith("tour: ")] == []


def test_the_report_tells_the_whole_job(taken: TakenTour) -> None:
    report = taken.report
    assert report["site"]
    assert report["hosts"] == 2
    assert report["policy"]
    assert report["protected"] >= LEAST_PROTECTED
    assert report["test_failover"]["done"]
    assert report["test_failover"]["cleaned_up"]
    assert report["failover"]["done"]
    assert report["failover"]["committed"]
    assert all(step["id"] and step["seconds"] >= 0 for step in report["steps"])
    stall = report["stall_ms"]
    assert 0 <= stall["p50"] <= stall["p99"] <= stall["max"]
    assert "where" in stall


def test_every_page_was_taken_in_light_and_dark(taken: TakenTour) -> None:
    pictures = taken.report["pictures"]
    themes = Counter(picture["page"] for picture in pictures)
    assert len(themes) >= LEAST_PAGES
    assert {(picture["page"], picture["theme"]) for picture in pictures} == {
        (page, theme) for page in themes for theme in ("light", "dark")
    }
    for picture in pictures:
        image = QImage(str(taken.folder / picture["file"]))
        assert (image.width(), image.height()) == (picture["width"], picture["height"]) != (0, 0)


def test_everything_was_sent_once(taken: TakenTour) -> None:
    for kind in CREATED:
        assert list(taken.accepted("PUT", kind).values()) == [1], kind
    for operation in ONCE:
        assert list(taken.accepted("POST", operation).values()) == [1], operation
    machines = taken.accepted("PUT", "replicationProtectedItems")
    assert len(machines) >= taken.report["protected"]
    assert set(machines.values()) == {1}
    assert len(machines) == len(taken.items)


def test_nothing_was_refused_but_looks_at_what_is_not_there(taken: TakenTour) -> None:
    refused = {(each.method, each.status) for each in taken.requests if each.status >= 400}
    assert refused == {("GET", 404)}


def test_the_machines_are_protected_as_the_service_tells(taken: TakenTour) -> None:
    machines = [item["properties"] for item in taken.items]
    protected = [machine for machine in machines if machine["protectionState"] == "Protected"]
    in_azure = [machine for machine in machines if machine["activeLocation"] == "Recovery"]
    assert len(protected) + len(in_azure) >= taken.report["protected"]
    assert [machine["friendlyName"] for machine in in_azure] == [taken.report["failover"]["machine"]]
    assert "Commit" not in in_azure[0]["allowedOperations"]


def test_the_jobs_are_those_of_the_service(taken: TakenTour) -> None:
    told = Counter((job["scenario"], job["target"]) for job in taken.report["jobs"])
    ended = [job["properties"] for job in taken.jobs if job["properties"]["state"] == "Succeeded"]
    assert told <= Counter((job["scenarioName"], job["targetObjectName"]) for job in ended)
    scenarios = Counter(job["scenario"] for job in taken.report["jobs"])
    assert OPERATIONS.items() <= scenarios.items()
    assert scenarios["EnableDr"] == len(taken.items)
    assert {job["state"] for job in taken.report["jobs"]} == {"Done"}
