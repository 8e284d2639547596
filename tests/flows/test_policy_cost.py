"""What a policy costs: storage, price, guests, line and hosts, with the formulas' own test vectors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from app.domain.host_report import HostReports
from app.domain.policy_rules import PolicyFigures
from app.domain.protected_item import ReplicationProtectedItem
from app.flows.draft import SetUpDraft
from app.flows.policy_cost import (
    GuestImpact,
    LineState,
    PolicyCost,
    difference,
    draft_of_policy,
    line_use,
    policy_cost,
)
from app.flows.policy_use import policy_uses
from app.flows.step import Context
from app.policy_data import cost_figures
from tests.support import estates, told

DATA = cost_figures()


def draft(*, change: float = 10.0, growth: float = 0.0, mbps: float | None = 100.0) -> SetUpDraft:
    """Three machines of 60, 827 and 60 GiB."""
    ready = estates.ready_draft()
    figures = replace(ready.capacity, daily_change_percent=change, growth_percent=growth, bandwidth_mbps=mbps)
    return replace(ready, capacity=figures)


def cost(figures: PolicyFigures, context: Context | None = None, *, of: SetUpDraft | None = None) -> PolicyCost:
    found = policy_cost(of or draft(), context or estates.context(), figures)
    assert found is not None
    return found


def measured(mib_s: float, minutes: int = 10_080) -> Context:
    estate = estates.contoso()
    return replace(estates.context(estate), reports=told.reports(estate, minutes=minutes, mib_s=mib_s))


@pytest.mark.parametrize(("retention_h", "gib"), [(0, 0.0), (1, 94.7 / 24), (12, 47.35), (24, 94.7)])
def test_storage_is_the_changes_of_the_retention(retention_h: int, gib: float) -> None:
    found = cost(PolicyFigures(300, retention_h, 0))
    assert found.churn_gib_day == pytest.approx(94.7)
    assert found.kept_gib == pytest.approx(gib)
    assert found.month == pytest.approx(gib * 0.092)  # geo-redundant
    assert (found.currency, found.prices_of) == ("USD", "January 2023")


def test_growth_counts() -> None:
    grown = cost(PolicyFigures(300, 24, 0), of=draft(growth=30.0))
    assert grown.kept_gib == pytest.approx(94.7 * 1.3)


@pytest.mark.parametrize(
    ("figures", "points", "consistent", "snapshots"),
    [
        (PolicyFigures(300, 12, 4), 12, 3, 6),
        (PolicyFigures(300, 2, 1), 2, 2, 24),
        (PolicyFigures(300, 24, 12), 24, 2, 2),
        (PolicyFigures(300, 24, 0), 24, 0, 0),
        (PolicyFigures(300, 0, 0), 0, 0, 0),
    ],
)
def test_points_and_snapshots(figures: PolicyFigures, points: int, consistent: int, snapshots: float) -> None:
    found = cost(figures)
    assert (found.points, found.consistent_points, found.snapshots_day) == (points, consistent, snapshots)


@pytest.mark.parametrize(
    ("app_h", "context", "impact"),
    [
        (0, measured(3), GuestImpact.NONE),
        (1, estates.context(), GuestImpact.UNKNOWN),
        (1, measured(1.9), GuestImpact.LIGHT),
        (2, measured(2), GuestImpact.FELT),
        (1, measured(2), GuestImpact.HEAVY),
    ],
)
def test_weight_on_guests_by_what_was_measured(app_h: int, context: Context, impact: GuestImpact) -> None:
    found = cost(PolicyFigures(300, 12, app_h), context)
    assert found.guest is impact
    assert bool(found.busy) is (impact in (GuestImpact.FELT, GuestImpact.HEAVY)) or app_h == 0


@pytest.mark.parametrize(
    ("gib_day", "every_s", "mbps", "peak", "state", "mib", "seconds"),
    [
        (100.0, 300, 100.0, None, LineState.KEEPS_UP, 355.56, 28.44),  # 9.48 Mbps of 100
        (100.0, 30, 100.0, None, LineState.KEEPS_UP, 35.56, 2.84),
        (100.0, 30, 13.55, None, LineState.KEEPS_UP, 35.56, 20.99),
        (100.0, 30, 13.5, None, LineState.TIGHT, 35.56, 21.07),
        (100.0, 30, 9.49, None, LineState.TIGHT, 35.56, 29.97),
        (100.0, 30, 9.47, None, LineState.FALLS_BEHIND, 35.56, 30.04),
        (100.0, 30, 100.0, 100.0, LineState.KEEPS_UP, 35.56, 2.84),
        (100.0, 30, 100.0, 100.1, LineState.TIGHT, 35.56, 2.84),
        (1024.0, 300, 97.0, None, LineState.FALLS_BEHIND, 3640.89, 300.28),  # 97.09 Mbps
        (100.0, 300, None, 50.0, LineState.UNKNOWN, 355.56, None),
        (0.0, 30, 1.0, None, LineState.KEEPS_UP, 0.0, 0.0),
    ],
)
def test_line(
    gib_day: float,
    every_s: int,
    mbps: float | None,
    peak: float | None,
    state: LineState,
    mib: float,
    seconds: float | None,
) -> None:
    use = line_use(gib_day, every_s, mbps, peak, DATA)
    assert use.state is state
    assert use.copy_mib == pytest.approx(mib, abs=0.01)
    assert use.copy_s == (None if seconds is None else pytest.approx(seconds, abs=0.01))


def test_busiest_minutes_of_all_machines_are_held_against_the_line() -> None:
    use = cost(PolicyFigures(30, 12, 4), measured(5)).line
    assert use.peak_mbps == pytest.approx(3 * 5 * 8)
    assert use.has_late_peaks


def test_log_between_two_copies_and_its_documented_most() -> None:
    found = cost(PolicyFigures(300, 12, 4))
    assert found.log_gib == pytest.approx(94.7 * 300 / 86_400)
    assert found.log_most_gib == pytest.approx(947 / 2)
    assert DATA.log.source.as_of == "2019-05-30"


def test_an_existing_policy_is_reckoned_with_its_own_machines() -> None:
    policy = estates.policy("Gold")
    web = estates.machine("WEB-01")
    item = structs.replace(
        estates.protected(web), policy_id=policy.id.text, storage_account_id=estates.storage().id.text
    )
    gone = structs.replace(estates.protected(estates.machine("GONE")), policy_id=policy.id.text)

    def served(*items: ReplicationProtectedItem) -> SetUpDraft | None:
        context = estates.context(estates.contoso(policies=(policy,), protected_items=items))
        return draft_of_policy(policy_uses(context)[policy.id.key], draft(), context)

    found = served(item, gone)
    assert found is not None
    assert [machine.name for machine in found.machines] == ["WEB-01"]
    assert found.target.storage.account_id == estates.storage().id.text
    assert cost(PolicyFigures(300, 24, 0), of=found).kept_gib == pytest.approx(6.0)
    assert served() == draft()
    assert served(gone) is None


def test_difference_between_two_policies() -> None:
    less, more = cost(PolicyFigures(300, 12, 4)), cost(PolicyFigures(30, 24, 4))
    found = difference(less, more)
    assert found.gib == pytest.approx(47.35)
    assert found.month == pytest.approx(47.35 * 0.092)
    assert difference(more, less).gib == pytest.approx(-47.35)


@pytest.mark.parametrize("figures", [PolicyFigures(0, 12, 4), PolicyFigures(-5, 12, 4)])
def test_figures_that_are_none_cost_nothing(figures: PolicyFigures) -> None:
    assert policy_cost(draft(), estates.context(), figures) is None


def test_nothing_to_reckon_with() -> None:
    empty = replace(draft(), machines=())
    context = estates.context(estates.contoso(protectable_items=()))
    assert policy_cost(empty, context) is None


def test_machines_that_are_not_chosen_yet_count_as_candidates() -> None:
    found = policy_cost(replace(draft(), machines=()), replace(estates.context(), reports=HostReports()))
    assert found is not None
    assert found.machines > 3
