"""The list of actions: its columns and heads, and what the whole of it comes to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from app.flows.action import Action, ActionGroup, ActionKind
from app.flows.draft import SetUpDraft
from app.flows.sent import sent_lines
from ui.durations import duration_text
from ui.tables.column import Align, Column, Group

_AT_ONCE = 4
"""How many machines the runner has begin their first copy together, if nobody says otherwise."""

_ICONS = {ActionKind.ASSOCIATE_POLICY: "change", ActionKind.ENABLE_PROTECTION: "start"}
_STEPS = {
    ActionKind.CREATE_VAULT: "vault",
    ActionKind.CREATE_STORAGE_ACCOUNT: "target",
    ActionKind.CREATE_VIRTUAL_NETWORK: "target",
    ActionKind.CREATE_SITE: "source",
    ActionKind.CREATE_POLICY: "settings",
    ActionKind.ASSOCIATE_POLICY: "settings",
    ActionKind.ENABLE_PROTECTION: "enable",
}


@dataclass(frozen=True, slots=True)
class ActionRow:
    number: int
    action: Action


def action_icon(action: Action) -> str:
    """The verb: create, change or start."""
    return _ICONS.get(action.kind, "create")


def step_of(action: Action, draft: SetUpDraft) -> str:
    """The step in which the action was decided."""
    if action.kind is ActionKind.REGISTER_PROVIDER:
        return "vault"
    if action.kind is ActionKind.CREATE_RESOURCE_GROUP:
        return "vault" if action.subject.lower() == draft.vault.resource_group.lower() else "target"
    return _STEPS[action.kind]


def tr(text: str) -> str:
    return QCoreApplication.translate("ReviewPage", text)


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...


def number_column() -> Column[_Numbered]:
    """The place of an action in its run."""
    return Column(
        id="number",
        title="#",
        text=lambda row: f"{row.number:,}",
        sort_key=lambda row: row.number,
        align=Align.RIGHT,
        width=3,
        searchable=False,
        optional=False,
    )


def review_columns() -> tuple[Column[ActionRow], ...]:
    return (
        number_column(),
        Column(
            id="action",
            title=tr("Action"),
            text=lambda row: row.action.label,
            icon=lambda row: action_icon(row.action),
            width=25,
            optional=False,
        ),
        Column(id="before", title=tr("Before"), text=lambda row: row.action.before, width=11),
        Column(id="after", title=tr("After"), text=lambda row: row.action.after, width=24, stretch=True),
        Column(
            id="usual",
            title=tr("Usual"),
            text=lambda row: duration_text(row.action.usual_s),
            sort_key=lambda row: row.action.usual_s,
            align=Align.RIGHT,
            width=6,
            searchable=False,
        ),
    )


def review_groups(draft: SetUpDraft, actions: Sequence[Action]) -> tuple[Group, ...]:
    """The heads, called after what they stand for."""
    groups = {action.target.resource_group for action in actions if action.group is ActionGroup.RESOURCE_GROUP}
    in_group = tr("In the resource group {name}") if len(groups) == 1 else tr("In resource groups {name}")
    return (
        Group(
            ActionGroup.SUBSCRIPTION,
            tr("In the subscription"),
            "subscription",
            note=tr("resource providers that are not registered"),
        ),
        Group(
            ActionGroup.RESOURCE_GROUP,
            in_group.format(name=", ".join(sorted(groups))),
            "resource_group",
            note=tr("created because absent"),
        ),
        Group(ActionGroup.VAULT, tr("In the vault {name}").format(name=draft.vault.name), "vault"),
        Group(
            ActionGroup.MACHINES,
            tr("Enable replication"),
            "start",
            note=tr("{count} at a time, domain controllers first").format(count=_AT_ONCE),
        ),
    )


def machine_count(actions: Sequence[Action]) -> int:
    return sum(action.kind is ActionKind.ENABLE_PROTECTION for action in actions)


def usual_total_s(actions: Sequence[Action]) -> float:
    """How long all of it usually takes, machines a few at a time; the first copies come after it."""
    machines = [action.usual_s or 0 for action in actions if action.kind is ActionKind.ENABLE_PROTECTION]
    others = sum(action.usual_s or 0 for action in actions if action.kind is not ActionKind.ENABLE_PROTECTION)
    return others + math.ceil(len(machines) / _AT_ONCE) * max(machines, default=0)


def actions_text(rows: Sequence[ActionRow]) -> str:
    """The list as lines of text with all that is sent, for a mail or a change request."""
    lines = []
    for row in rows:
        change = f"{row.action.before} → {row.action.after}" if row.action.before else row.action.after
        usual = duration_text(row.action.usual_s)
        lines.append(f"{row.number}. {row.action.label}: {change}" + (f" ({usual})" if usual else ""))
        lines += [f"   {name}: {value}" for name, value in sent_lines(row.action)]
    return "\n".join(lines) + "\n"
