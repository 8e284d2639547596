"""Presets of replication policies: figures under a name, built in or the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.issue import blocking
from app.domain.policy_rules import PolicyFigures, check_figures
from app.domain.rules import Rules
from app.domain.source import Source

LONGEST_NAME = 60
LONGEST_WHY = 300


@dataclass(frozen=True, slots=True)
class PolicyPreset:
    """Figures under a name.

    Attributes:
        why: what it fits, in a sentence; of one's own it may be empty.
        source: where a built-in one comes from; None for one of the user's own.
        profiles: the dated limits under which a built-in one is offered; empty for all.
        id: of a built-in one; empty for one of the user's own, which its name tells apart.
    """

    name: str
    copy_frequency_s: int
    retention_h: int
    app_consistent_frequency_h: int
    why: str = ""
    source: Source | None = None
    profiles: tuple[str, ...] = ()
    id: str = ""

    @property
    def is_own(self) -> bool:
        return self.source is None

    @property
    def key(self) -> str:
        """Tells it apart from all others, built in or not."""
        return f"own {self.name.casefold()}" if self.is_own else f"built-in {self.id}"

    @property
    def figures(self) -> PolicyFigures:
        return PolicyFigures(self.copy_frequency_s, self.retention_h, self.app_consistent_frequency_h)

    def problem(self, rules: Rules) -> str:
        """Why it cannot be used under these limits; empty if it can."""
        issues = blocking(check_figures(self.figures, rules))
        return issues[0].text if issues else ""


def offered(built_in: Iterable[PolicyPreset], rules: Rules) -> tuple[PolicyPreset, ...]:
    """Those that are meant for these limits, and keep to them."""
    return tuple(
        preset
        for preset in built_in
        if (not preset.profiles or rules.profile in preset.profiles) and not preset.problem(rules)
    )


def matching(presets: Iterable[PolicyPreset], figures: PolicyFigures, picked: str = "") -> PolicyPreset | None:
    """The preset whose figures these are: where several are equal, the one that was picked, else the first."""
    equal = [preset for preset in presets if preset.figures == figures]
    return next((preset for preset in equal if preset.key == picked), equal[0] if equal else None)


def name_problem(name: str, others: Sequence[PolicyPreset] = ()) -> str:
    """Why a preset cannot be called that, as a sentence; empty if it can."""
    if not name.strip():
        return "Give the preset a name, such as “File servers”."
    if len(name) > LONGEST_NAME:
        return f"Use at most {LONGEST_NAME} characters; these are {len(name):,}."
    if name != name.strip():
        return "Leave out the space at the beginning or the end."
    if not name.isprintable():
        return "Use letters, digits and signs that can be seen; one of these can’t."
    if any(name.casefold() == other.name.casefold() for other in others):
        return "Another preset has this name already."
    return ""


def why_problem(why: str) -> str:
    """Why a preset cannot be explained by that; empty if it can."""
    if len(why) > LONGEST_WHY:
        return f"Use at most {LONGEST_WHY} characters; these are {len(why):,}."
    return "" if why.isprintable() else "Use letters, digits and signs that can be seen; one of these can’t."
