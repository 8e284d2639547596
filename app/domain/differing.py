"""Where the profiles of support limits judge otherwise than the chosen one, in one short line of words.

To ask every profile takes as many judgements: only for what is shown or selected, not for every row of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from app.domain.issue import Issue, Severity, Suitability, Verdict, worst_first
from app.domain.profiles import PROFILE_MONTHS, PROFILES
from app.domain.rules import Rules

FINE = Verdict(Suitability.OK, "Fine")
_STATUSES = {Severity.ERROR: Suitability.BLOCKED, Severity.WARNING: Suitability.WARNING, Severity.INFO: Suitability.OK}
_WORDS = {Suitability.OK: "fine", Suitability.WARNING: "with care", Suitability.BLOCKED: "blocked"}


def differing(judge: Callable[[Rules], Verdict], chosen: Rules, profiles: Iterable[Rules]) -> str:
    """What the other profiles say of the same thing; empty where all of them say the same.

    `By the limits of January 2017: blocked (Premium). By those of September 2026: the same as now.`
    """
    return differences({rules.profile: judge(rules) for rules in (chosen, *profiles)}, chosen.profile)


def differences(verdicts: Mapping[str, Verdict], chosen: str) -> str:
    """The same of verdicts by profile, where each was reached by itself."""
    now = verdicts[chosen]
    others = [(profile, verdict) for profile, verdict in verdicts.items() if profile != chosen]
    if all(_is_same(verdict, now) for _, verdict in others):
        return ""
    told: list[str] = []
    for profile, verdict in sorted(others, key=lambda each: PROFILES.index(each[0])):
        whose = "those" if told else "the limits"
        said = "the same as now" if _is_same(verdict, now) else _said(verdict)
        told.append(f"By {whose} of {PROFILE_MONTHS[profile]}: {said}.")
    return " ".join(told)


def verdict_of_issues(issues: Sequence[Issue]) -> Verdict:
    """The worst of some issues as a verdict, to be compared by `differing`."""
    worst = next(iter(worst_first(issues)), None)
    if worst is None or worst.severity is Severity.INFO:
        return FINE
    return Verdict(_STATUSES[worst.severity], (worst.short or worst.text).rstrip("."))


def _is_same(one: Verdict, other: Verdict) -> bool:
    """What is fine is so whatever praise goes with it."""
    both_fine = one.status is other.status is Suitability.OK
    return both_fine or (one.status, one.word) == (other.status, other.word)


def _said(verdict: Verdict) -> str:
    if verdict.status is Suitability.OK:
        return _WORDS[verdict.status]
    return f"{_WORDS[verdict.status]} ({verdict.word})"
