"""How a new vault may be stored, and what is made may be tagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.rules import Redundancy, Rules

Tags = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OfferedRedundancy:
    """`reason`: why the region does not offer it; empty when it does."""

    redundancy: Redundancy
    reason: str = ""


def redundancies_at(location: str, rules: Rules) -> tuple[OfferedRedundancy, ...]:
    """All there are, as the region offers them. Of a region newer than our list nothing is held against any."""
    region = rules.region(location)
    reasons: dict[str, str] = {}
    if region is not None:
        if not region.pair:
            reasons["pair"] = f"{region.display_name} has no paired region"
        if not region.has_zones:
            reasons["zones"] = f"{region.display_name} has no availability zones"
    return tuple(OfferedRedundancy(each, reasons.get(each.needs, "")) for each in rules.vaults.redundancies)


def proposed_redundancy(location: str, rules: Rules) -> str:
    """What to take where nobody has chosen: the first that the region offers."""
    return next((each.redundancy.id for each in redundancies_at(location, rules) if not each.reason), "")


def redundancy_problem(redundancy: str, location: str, rules: Rules) -> str:
    """Why a vault in the region cannot be stored so; empty when it can, and while one of them is not chosen."""
    if not redundancy or not location:
        return ""
    offered = redundancies_at(location, rules)
    chosen = next((each for each in offered if each.redundancy.id == redundancy), None)
    if chosen is None:
        return "Choose one of the list."
    if not chosen.reason:
        return ""
    others = " or ".join(each.redundancy.name for each in offered if not each.reason)
    return f"{chosen.reason}. Choose {others}, or another region."


def given_tags(tags: Tags) -> tuple[tuple[str, str], ...]:
    """Those that were filled in; an empty row is none."""
    return tuple((name.strip(), value) for name, value in tags if name.strip() or value)


def tags_text(tags: Tags) -> str:
    """Those that were filled in, each with its value: `tags cost-centre = 4711, owner = IT`; empty for none."""
    given = given_tags(tags)
    told = ", ".join(f"{name} = {value}" if value else name for name, value in given)
    return f"{'tag' if len(given) == 1 else 'tags'} {told}" if given else ""


def tag_problems(tags: Tags, rules: Rules, tagged: str = "vault") -> dict[str, str]:
    """What is wrong, and what would be right, by field: `tags[0].name`, `tags[0].value`. `tagged` is what gets them."""
    problems: dict[str, str] = {}
    seen: dict[str, int] = {}
    for place, (name, value) in enumerate(tags):
        name = name.strip()
        if not name and not value:
            continue
        problem = _name_problem(name, rules)
        if not problem and name.lower() in seen:
            problem = f"There is a tag {name} already; case makes no difference. Give each name once."
        seen[name.lower()] = place
        if problem:
            problems[_name_of(place)] = problem
        if len(value) > rules.tags.longest_value:
            told = f"This value has {len(value)} characters; at most {rules.tags.longest_value} can be."
            problems[f"tags[{place}].value"] = told
    most = rules.tags.most
    if len(given_tags(tags)) > most:
        problems[_name_of(len(tags) - 1)] = f"A {tagged} has at most {most} tags. Take some away."
    return problems


def _name_of(place: int) -> str:
    return f"tags[{place}].name"


def _name_problem(name: str, rules: Rules) -> str:
    limits = rules.tags
    if not name:
        return "Type a name for this value, or clear it."
    if len(name) > limits.longest_name:
        return f"This name has {len(name)} characters; at most {limits.longest_name} can be."
    wrong = next((each for each in name if each in limits.not_in_names), "")
    if wrong:
        return f"“{wrong}” can’t stand in a name; nor can {' '.join(limits.not_in_names)}."
    if not name.isprintable():
        return "There is an invisible character in this name. Type it again."
    kept = next((each for each in limits.kept_prefixes if name.lower().startswith(each)), "")
    if kept:
        return f"Azure keeps names that begin with {kept}. Begin with another word."
    return ""
