"""A vault as the list shows it: its words, its columns, and what it can be filtered by."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.domain.rules import Rules
from app.domain.vault_contents import Scenario, VaultContents
from app.flows.vault_suitability import VaultRefusal, scenario_words, vault_refusal
from app.services.vault_catalogue import Catalogue, VaultEntry
from ui.tables.column import Column
from ui.tables.row_filter import Facet, FacetOption

_REDUNDANCY_SHORT = {"GeoRedundant": "GRS", "ZoneRedundant": "ZRS", "LocallyRedundant": "LRS"}
HYPER_V, FREE, OTHER, UNKNOWN = "Hyper-V", "Free", "Other", "Not looked at yet"


def tr(text: str) -> str:
    return QCoreApplication.translate("VaultChooser", text)


@dataclass(frozen=True, slots=True)
class VaultRow:
    """`refusal`: why it cannot be chosen, as far as is known."""

    entry: VaultEntry
    region: str
    holds: str
    use: str
    refusal: VaultRefusal | None

    @property
    def key(self) -> str:
        return self.entry.key


class RowMaker:
    """Makes the rows of a catalogue; those whose vault has not changed are the same as before."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._rows: dict[str, VaultRow] = {}

    def rows(self, catalogue: Catalogue) -> list[VaultRow]:
        before, self._rows = self._rows, {}
        for entry in catalogue.vaults:
            known = before.get(entry.key)
            self._rows[entry.key] = known if known is not None and known.entry is entry else self._row(entry)
        return list(self._rows.values())

    def _row(self, entry: VaultEntry) -> VaultRow:
        vault, contents = entry.vault, entry.contents
        refusal = vault_refusal(vault, entry.subscription, contents, self._rules)
        region = self._rules.region_name(vault.location)
        return VaultRow(entry, region, holds_text(entry, refusal), _use(contents), refusal)


def _use(contents: VaultContents | None) -> str:
    if contents is None:
        return UNKNOWN
    if not contents.is_for_hyper_v:
        return OTHER
    return HYPER_V if contents.scenarios else FREE


def holds_text(entry: VaultEntry, refusal: VaultRefusal | None) -> str:
    """What stands in the row: what it holds, and why it cannot be chosen where something else is the reason."""
    contents = entry.contents
    if entry.problem is not None and contents is None:
        held = tr("can’t be looked into")
    else:
        held = contents_text(contents) if contents is not None else ""
    is_other_reason = refusal is not None and (contents is None or contents.is_for_hyper_v)
    return " · ".join(filter(None, (refusal.short if refusal is not None and is_other_reason else "", held)))


def contents_text(contents: VaultContents) -> str:
    """`12 machines, 2 hosts`; other scenarios begin with their name."""
    if not contents.scenarios:
        if not contents.backups:
            return tr("Empty")
        return tr("1 backup") if contents.backups == 1 else tr("{} backups").format(f"{contents.backups:,}")
    is_own = contents.scenarios == (Scenario.HYPER_V,)
    parts = [] if is_own else [" and ".join(scenario_words(each) for each in contents.scenarios)]
    if contents.replicated:
        one, many = tr("1 machine"), tr("{} machines")
        parts.append(one if contents.replicated == 1 else many.format(f"{contents.replicated:,}"))
    elif is_own:
        parts.append(tr("Hyper-V site, nothing replicating"))
    if contents.servers:
        one, many = (tr("1 host"), tr("{} hosts")) if is_own else (tr("1 server"), tr("{} servers"))
        parts.append(one if contents.servers == 1 else many.format(f"{contents.servers:,}"))
    return ", ".join(parts)


def holds_icon(row: VaultRow) -> str:
    if row.refusal is not None:
        return "not_suitable"
    contents = row.entry.contents
    if contents is None:
        return "warning" if row.entry.problem is not None else "in_time"
    if contents.scenarios:
        return "hosts"
    return "storage" if contents.backups else "vault"


def redundancy_text(entry: VaultEntry) -> str:
    stored = entry.vault.redundancy
    return _REDUNDANCY_SHORT.get(stored, stored)


def vault_columns() -> tuple[Column[VaultRow], ...]:
    return (
        Column(
            id="name",
            title=tr("Vault"),
            text=lambda row: row.entry.vault.name,
            tooltip=lambda row: row.entry.vault.name,
            width=22,
            stretch=True,
            optional=False,
        ),
        Column(
            id="subscription",
            title=tr("Subscription"),
            text=lambda row: row.entry.subscription.name,
            tooltip=lambda row: row.entry.subscription.name,
            width=18,
            stretch=True,
        ),
        Column(id="tenant", title=tr("Tenant"), text=lambda row: row.entry.tenant.name, width=15, yields=True),
        Column(id="region", title=tr("Region"), text=lambda row: row.region, width=17),
        Column(
            id="holds",
            title=tr("Holds"),
            text=lambda row: row.holds,
            icon=holds_icon,
            tooltip=lambda row: row.refusal.reason if row.refusal is not None else row.holds,
            width=26,
            stretch=True,
        ),
        Column(id="redundancy", title=tr("Stored"), text=lambda row: redundancy_text(row.entry), width=6, yields=True),
        Column(
            id="group",
            title=tr("Resource group"),
            text=lambda row: row.entry.vault.resource_group,
            width=16,
            shown=False,
        ),
        Column(
            id="tags",
            title=tr("Tags"),
            text=lambda row: ", ".join(f"{name}: {value}" for name, value in row.entry.vault.tags),
            width=20,
            shown=False,
        ),
    )


def vault_facets() -> tuple[Facet[VaultRow], ...]:
    uses = (FacetOption(HYPER_V), FacetOption(FREE), FacetOption(OTHER), FacetOption(UNKNOWN))
    return (
        Facet("use", tr("Holds"), lambda row: row.use, options=uses),
        Facet("region", tr("Region"), lambda row: row.region),
        Facet("subscription", tr("Subscription"), lambda row: row.entry.subscription.name),
        Facet("tenant", tr("Tenant"), lambda row: row.entry.tenant.name),
    )
