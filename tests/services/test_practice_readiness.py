"""The practice company’s hosts write readiness files that are taken in and join with what Azure lists."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path

import jsonschema_rs
import pytest

from app.domain.estate import Estate
from app.errors import NotFound
from app.flows.draft import SetUpDraft, SiteChoice
from app.flows.estimate import basis_of, estimate
from app.flows.host_reports import standing_by_name
from app.flows.step import Context
from app.rules import load_rules
from app.services.readiness_reports import ReadinessReports
from tests.support.practice import open_practice


async def test_the_file_of_all_hosts_joins_with_the_estate(tmp_path: Path) -> None:
    path = tmp_path / "practice.json"
    reports = ReadinessReports(None)
    async with open_practice() as practice:
        estate = await practice.estate()
        control = practice.use.practice
        assert control is not None
        await control.readiness_file(path)
        imported = await reports.import_files([path])
        assert not imported.refused
        assert not imported.taken[0].notes
        context = Context(estate, load_rules(), practice.clock.now(), reports.all())
    assert estate.providers
    for provider in estate.providers:
        standing = standing_by_name(provider.friendly_name, context)
        assert standing is not None, provider.friendly_name
        assert standing.fail == 0
    listed = {item.name.lower() for item in estate.protectable_items}
    assert listed
    assert all(context.reports.machine(machine_id) for machine_id in listed)
    draft = SetUpDraft(site=SiteChoice(estate.sites[0].friendly_name))
    basis = basis_of(draft, context)
    assert (basis.assumed, basis.used_known, basis.minutes) == (0, basis.machines, 60)
    assert estimate(draft, context) != estimate(draft, replace(context, reports=ReadinessReports(None).all()))


async def test_the_file_of_one_host_is_as_it_is_described(tmp_path: Path) -> None:
    path = tmp_path / "practice.json"
    async with open_practice() as practice:
        control = practice.use.practice
        assert control is not None
        await control.readiness_file(path, "hv-hq-02")
        with pytest.raises(NotFound):
            await control.readiness_file(path, "nobody")
    content = json.loads(path.read_text("ascii"))
    description = resources.files("resources").joinpath("readiness", "report.schema.json").read_text("utf-8")
    jsonschema_rs.validator_for(json.loads(description)).validate(content)
    assert [host["name"] for host in content["hosts"]] == ["HV-HQ-02"]


async def test_a_check_that_was_made_to_fail_fails_in_the_file_too(tmp_path: Path) -> None:
    path = tmp_path / "practice.json"
    async with open_practice("empty") as practice:
        control = practice.use.practice
        assert control is not None
        state = await control.state()
        waiting = state.waiting_hosts[0].name
        await control.start_trouble("host-check-fails", {"host": waiting, "check": "dotnet"})
        await control.readiness_file(path, waiting)
        reports = ReadinessReports(None)
        await reports.import_files([path])
        context = Context(Estate(), load_rules(), practice.clock.now(), reports.all())
    standing = standing_by_name(waiting, context)
    assert standing is not None
    assert (standing.fail, standing.verdict.word) == (1, ".NET Framework")
