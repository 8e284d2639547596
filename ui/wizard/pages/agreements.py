"""What somebody has to agree to before a set-up runs: its warnings, by name, and disks left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.domain.issue import Issue, Severity
from app.flows.draft import MachineChoice, SetUpDraft
from app.flows.set_up import STEPS
from app.flows.step import Context

_NAMED = 5
"""How many machines are named before the rest is counted."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Agreements", text)


def agreements(draft: SetUpDraft, context: Context) -> tuple[str, ...]:
    """One sentence for each thing to agree to; of machines with the same warning, one for all of them."""
    warnings = [
        issue
        for step in STEPS
        if step.applies(draft)
        for issue in step.check(draft, context)
        if issue.severity is Severity.WARNING
    ]
    names = {choice.machine_id: choice.name for choice in draft.machines}
    alike: dict[str, list[tuple[str, Issue]]] = defaultdict(list)
    sentences: list[str] = []
    for issue in warnings:
        name = names.get(issue.field.split(".")[1]) if issue.field.startswith("machines.") else None
        if name is None:
            sentences.append(issue.text)
        else:
            alike[issue.short.removeprefix(f"{name}: ")].append((name, issue))
    for word, found in alike.items():
        one, many = found[0][1].text, _tr("{machines}: {word}.")
        machines = _named([name for name, _ in found])
        sentences.append(one if len(found) == 1 else many.format(machines=machines, word=word))
    return (*dict.fromkeys(sentences), *_left_out(draft, context))


def _left_out(draft: SetUpDraft, context: Context) -> tuple[str, ...]:
    partly = [choice.name for choice in draft.machines if _leaves_disks(choice, context)]
    if not partly:
        return ()
    one = _tr("{machines} leaves disks behind. To add one later means a new first copy.")
    many = _tr("{machines} leave disks behind. To add one later means a new first copy.")
    return ((one if len(partly) == 1 else many).format(machines=_named(partly)),)


def _leaves_disks(choice: MachineChoice, context: Context) -> bool:
    item = context.estate.protectable(choice.machine_id)
    if item is None or context.estate.protected(choice.machine_id) is not None:
        return False
    return len(choice.disk_ids) < len(item.disks)


def _named(names: Sequence[str]) -> str:
    """`A, B and C`, `A, B, C, D, E and 7 more`."""
    if len(names) == 1:
        return names[0]
    if len(names) <= _NAMED:
        return _tr("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])
    return _tr("{names} and {count} more").format(names=", ".join(names[:_NAMED]), count=f"{len(names) - _NAMED:,}")
