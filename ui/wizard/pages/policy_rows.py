"""Replication policies as the settings page lists them: figures, who uses each where, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.domain.issue import Issue, Severity
from app.domain.policy_rules import PolicyFigures, copy_frequency_text, is_encrypted
from app.flows.checks_replication import is_same_policy
from app.flows.draft import PolicyChoice, SetUpDraft
from app.flows.places import existing_policy_id
from app.flows.policy_use import PolicyUse, policy_uses
from app.flows.step import Context
from ui.tables.column import Align, Column
from ui.theme.tokens import Status

NEW_KEY = "new"
"""The key of the policy that the run will create; no policy's key can be the same, since those are ids."""
_TOLD = 20
"""How many names a tooltip lists."""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One policy. `use` is None for the one that is to be created."""

    name: str
    figures: PolicyFigures
    use: PolicyUse | None = None
    site: str = ""
    """Where a new one will be associated."""
    is_there: bool = False
    """Whether the new one is in the vault already, with these figures: then the run makes nothing."""

    @property
    def key(self) -> str:
        return self.use.policy.id.key if self.use is not None else NEW_KEY

    @property
    def is_usable(self) -> bool:
        return self.use is None or self.use.is_ours

    @property
    def is_encrypted_today(self) -> bool:
        """Whether it leaves encryption to TLS and to the storage account, as all policies made today do."""
        return self.use is None or (self.use.is_ours and not is_encrypted(self.use.policy))

    @property
    def machines(self) -> tuple[str, ...]:
        return tuple(machine.name for machine in self.use.machines) if self.use is not None else ()

    @property
    def count(self) -> int:
        """How many machines replicate with it."""
        return len(self.use.machines) if self.use is not None else 0

    @property
    def sites(self) -> tuple[str, ...]:
        return self.use.site_names if self.use is not None else ()

    @property
    def issue(self) -> Issue | None:
        """The worst of what is wrong with it."""
        return next(iter(self.use.issues), None) if self.use is not None else None


def policy_rows(draft: SetUpDraft, context: Context, new: PolicyChoice | None) -> list[PolicyRow]:
    """The vault's policies by name, those of other kinds last; before them `new`, where it isn't there already."""
    rows = [
        PolicyRow(use.policy.friendly_name, PolicyFigures.of(use.policy), use) for use in policy_uses(context).values()
    ]
    rows.sort(key=lambda row: not row.is_usable)
    if new is None:
        return rows
    figures = PolicyFigures(new.copy_frequency_s, new.retention_h, new.app_consistent_frequency_h)
    is_there = any(is_same_policy(policy, new) for policy in context.estate.policies)
    return [PolicyRow(new.name or _tr("New policy"), figures, site=draft.site.name, is_there=is_there), *rows]


def chosen_key(draft: SetUpDraft, context: Context) -> str | None:
    """The key of the row that the draft means."""
    if draft.policy.create:
        return NEW_KEY
    existing = existing_policy_id(draft, context.estate)
    return existing.key if existing is not None else None


def policy_columns() -> tuple[Column[PolicyRow], ...]:
    """Made when a page is built, since titles are translated."""
    return (
        Column(
            id="name",
            title=_tr("Policy"),
            text=lambda row: row.name,
            tooltip=lambda row: row.name,
            width=18,
            stretch=True,
            strong=True,
            optional=False,
        ),
        Column(
            id="every",
            title=_tr("Copies every"),
            text=lambda row: copy_frequency_text(row.figures.copy_frequency_s) if row.is_usable else "",
            sort_key=lambda row: row.figures.copy_frequency_s if row.is_usable else None,
            align=Align.RIGHT,
            width=11,
            searchable=False,
        ),
        Column(
            id="kept",
            title=_tr("Kept"),
            text=lambda row: _tr("{} h").format(row.figures.retention_h) if row.is_usable else "",
            sort_key=lambda row: row.figures.retention_h if row.is_usable else None,
            align=Align.RIGHT,
            width=6,
            searchable=False,
        ),
        Column(
            id="consistent",
            title=_tr("App-consistent"),
            text=_consistent,
            sort_key=lambda row: row.figures.app_consistent_frequency_h if row.is_usable else None,
            align=Align.RIGHT,
            width=12,
            yields=True,
            searchable=False,
        ),
        Column(
            id="machines",
            title=_tr("Machines"),
            text=lambda row: f"{row.count:,}" if row.use is not None else "",
            sort_key=lambda row: row.count,
            tooltip=lambda row: _listed(row.machines),
            accessible=lambda row: f"{row.count:,}: {_listed(row.machines)}" if row.count else "",
            align=Align.RIGHT,
            width=8,
            searchable=False,
        ),
        Column(
            id="sites",
            title=_tr("At sites"),
            text=_sites,
            tooltip=lambda row: _listed(row.sites),
            width=18,
            stretch=True,
            yields=True,
        ),
        Column(
            id="state",
            title=_tr("State"),
            text=_state,
            status=_status,
            icon=_icon,
            tooltip=_explanation,
            accessible=lambda row: f"{_state(row)}. {_explanation(row)}".strip(),
            sort_key=lambda row: (row.issue.severity.rank if row.issue is not None else len(Severity), _state(row)),
            width=24,
            stretch=True,
            optional=False,
        ),
    )


def _consistent(row: PolicyRow) -> str:
    if not row.is_usable:
        return ""
    every = row.figures.app_consistent_frequency_h
    return _tr("every {} h").format(every) if every else _tr("none")


def _sites(row: PolicyRow) -> str:
    if row.use is None:
        return row.site
    if len(row.sites) > 1:
        return _tr("{0} and {1} more").format(row.sites[0], len(row.sites) - 1)
    return row.sites[0] if row.sites else ""


def _state(row: PolicyRow) -> str:
    if row.use is None:
        return _tr("There already, as wanted") if row.is_there else _tr("Created when you run")
    if not row.is_usable:
        return _tr("Another kind")
    issue = row.issue
    if issue is not None:
        return issue.short or issue.text
    return _tr("In use") if row.count else _tr("Not in use")


def _status(row: PolicyRow) -> Status:
    if row.use is None:
        return Status.INFO
    issue = row.issue
    if issue is None:
        return Status.OK if row.count and row.is_usable else Status.NEUTRAL
    return Status.CRITICAL if issue.is_blocking else Status.WARNING


def _icon(row: PolicyRow) -> str | None:
    return None if row.is_usable else "not_suitable"


def _explanation(row: PolicyRow) -> str:
    if row.use is not None and not row.is_usable:
        return _tr("It is not a policy for Hyper-V to Azure.")
    return "\n".join(issue.text for issue in row.use.issues) if row.use is not None else ""


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _TOLD
    lines = [*names[:_TOLD], *([_tr("and {} more").format(f"{more:,}")] if more > 0 else [])]
    return "\n".join(lines)


def _tr(text: str) -> str:
    return QCoreApplication.translate("SettingsPage", text)
