"""Where the profiles judge otherwise than the chosen one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.differing import FINE, differing, verdict_of_issues
from app.domain.issue import Issue, Severity, Suitability, Verdict
from app.domain.profiles import PROFILES
from app.domain.rules import Rules
from app.domain.support import judge_os_disk
from app.rules import load_rules
from tests.support.estates import machine

ALL = tuple(map(load_rules, PROFILES))
NOW = load_rules()


def by_profile(**verdicts: Verdict) -> str:
    """`seed`, `now`, `later`: what each says; fine where nothing is given."""
    said = dict(zip(PROFILES, (verdicts.get(name, FINE) for name in ("seed", "now", "later")), strict=True))
    return differing(lambda rules: said[rules.profile], NOW, ALL)


PREMIUM = Verdict(Suitability.BLOCKED, "Premium")


def test_where_all_say_the_same_there_is_nothing_to_say() -> None:
    assert by_profile() == ""
    assert by_profile(seed=PREMIUM, now=PREMIUM, later=PREMIUM) == ""
    assert by_profile(seed=Verdict(Suitability.OK, "Advised")) == ""


def test_the_others_are_told_by_their_months() -> None:
    assert by_profile(seed=PREMIUM) == (
        "By the limits of January 2017: blocked (Premium). By those of September 2026: the same as now."
    )
    assert by_profile(now=PREMIUM) == "By the limits of January 2017: fine. By those of September 2026: fine."
    assert "with care (OS disk is large)" in by_profile(later=Verdict(Suitability.WARNING, "OS disk is large"))


def test_without_other_profiles_nothing_is_said() -> None:
    assert differing(lambda rules: PREMIUM, NOW, ()) == ""


@pytest.mark.parametrize(("gib", "says"), [(200, False), (1100, True), (2100, True)])
def test_a_real_disk_is_told_apart(gib: int, says: bool) -> None:
    disk = replace(machine("A").disks[0], size_mib=gib * 1024)

    def judge(rules: Rules) -> Verdict:
        return judge_os_disk(disk, 1, rules)

    assert bool(differing(judge, NOW, ALL)) is (says and gib < 2048)


def test_issues_can_be_compared() -> None:
    info = Issue("a", "Slow.", Severity.INFO)
    error = Issue("a", "It is not offered.", short="Not offered")
    assert verdict_of_issues((info,)) == FINE
    assert verdict_of_issues((info, error)) == Verdict(Suitability.BLOCKED, "Not offered")
