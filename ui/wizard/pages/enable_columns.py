"""The columns of the grid of machines: what each says, and what can be changed in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from app.domain.issue import Suitability
from app.domain.naming_rules import check_name
from app.domain.protection import OsType
from app.domain.rules import NameKind
from app.domain.sizes import size_text
from ui.tables.column import Align, ChoiceEdit, Column, Group, StatusLook, TextEdit
from ui.tables.row_filter import Facet, FacetOption
from ui.theme.tokens import Status
from ui.wizard.pages.enable_rows import MachineRow, Offer, apply_name

SUITABLE, UNSUITABLE, REPLICATING = "suitable", "unsuitable", "replicating"
READINESS = "readiness"

_STATUS = {
    Suitability.OK: Status.OK,
    Suitability.WARNING: Status.WARNING,
    Suitability.BLOCKED: Status.CRITICAL,
}
_OS_TYPES = (OsType.WINDOWS.value, OsType.LINUX.value)
_COLUMN_OF_ANSWER = {
    "os_type": "system",
    "os_disk_id": "os_disk",
    "disk_ids": "disks",
    "azure_name": "azure_name",
    "size": "size",
    "subnet": "subnet",
}


def tr(text: str) -> str:
    return QCoreApplication.translate("EnablePage", text)


def status_of(row: MachineRow) -> Status:
    return Status.CRITICAL if row.problem else _STATUS[row.verdict.status]


def word_of(row: MachineRow) -> str:
    """The reason in one to three words."""
    return row.problem_word or row.verdict.word


def column_of(row: MachineRow) -> str:
    """The column where the row's problem is put right."""
    return _COLUMN_OF_ANSWER.get(row.problem_at, "machine")


def enable_groups() -> tuple[Group, ...]:
    return (
        Group(SUITABLE, tr("Can be protected"), "ok", Status.OK),
        Group(UNSUITABLE, tr("Not possible as they are"), "not_suitable", note=tr("each with its reason")),
        Group(REPLICATING, tr("Replicating already"), "replicated_items"),
    )


def group_of(row: MachineRow) -> str:
    if row.is_replicating:
        return REPLICATING
    return SUITABLE if row.may_be_chosen and row.item else UNSUITABLE


def readiness_facet() -> Facet[MachineRow]:
    """Ready, warnings, not possible, as pills."""
    words = {Status.OK: tr("Ready"), Status.WARNING: tr("Warnings"), Status.CRITICAL: tr("Not possible")}
    replicating = tr("Replicating")
    return Facet(
        READINESS,
        tr("Readiness"),
        lambda row: replicating if row.is_replicating else words[_STATUS[row.verdict.status]],
        tuple(FacetOption(word, status) for status, word in words.items()),
        as_pills=True,
    )


def size_choices(row: MachineRow, offer: Offer) -> Sequence[str]:
    sizes = offer.sizes_for(row.data_disk_count, row.item.generation if row.item else 0)
    return (tr("Azure chooses"), *sizes)


def enable_columns(offer: Callable[[], Offer]) -> tuple[Column[MachineRow], ...]:
    """`offer` says what the target has at that moment."""
    by_azure = tr("Azure chooses")
    choose = tr("Choose…")

    def with_subnet(row: MachineRow, text: str) -> MachineRow:
        subnet = "" if text == offer().default_subnet else text
        return replace(row, subnet=text, choice=replace(row.choice, subnet=subnet))

    def with_size(row: MachineRow, text: str) -> MachineRow:
        return replace(row, choice=replace(row.choice, size="" if text == by_azure else text))

    def os_disk_text(row: MachineRow) -> str:
        if row.os_disk is not None:
            return size_text(row.os_disk.size_mib)
        return choose if row.disks else ""

    return (
        Column(id="machine", title=tr("Machine"), text=lambda row: row.name, width=15, stretch=True, optional=False),
        Column(id=READINESS, title=tr("Readiness"), text=word_of, status=status_of, width=15, sort_key=_readiness),
        Column(
            id="system",
            title=tr("System"),
            text=lambda row: _system(row) or choose,
            icon=_system_icon,
            width=11,
            edit=ChoiceEdit(
                lambda row: row.choice.os_type,
                lambda row, text: replace(row, choice=replace(row.choice, os_type=text)),
                lambda row: _OS_TYPES,
            ),
        ),
        Column(
            id="os_disk",
            title=tr("OS disk"),
            text=os_disk_text,
            sort_key=lambda row: row.os_disk.size_mib if row.os_disk else None,
            align=Align.RIGHT,
            width=6,
            searchable=False,
        ),
        Column(
            id="disks",
            title=tr("Disks"),
            text=_disks,
            sort_key=lambda row: len(row.disks),
            align=Align.RIGHT,
            width=6,
            searchable=False,
        ),
        Column(
            id="azure_name",
            title=tr("Azure name"),
            text=lambda row: row.azure_name if row.may_be_chosen or row.is_replicating else "",
            status=lambda row: Status.CRITICAL if row.problem_at == "azure_name" else None,
            status_look=StatusLook.WORD,
            width=14,
            edit=TextEdit(
                lambda row: row.azure_name,
                lambda row, text: apply_name(row, text, offer().rules),
                lambda row, text: check_name(NameKind.MACHINE, text, offer().rules) or "",
                keeps_wrong=True,
            ),
        ),
        Column(
            id="size",
            title=tr("Size"),
            text=lambda row: (row.choice.size or by_azure) if row.may_be_chosen else "",
            width=15,
            searchable=False,
            edit=ChoiceEdit(lambda row: row.choice.size or by_azure, with_size, lambda row: size_choices(row, offer())),
        ),
        Column(
            id="subnet",
            title=tr("Subnet"),
            text=lambda row: row.subnet if row.may_be_chosen else "",
            width=10,
            searchable=False,
            edit=ChoiceEdit(lambda row: row.subnet, with_subnet, lambda row: offer().subnets),
        ),
    )


def _readiness(row: MachineRow) -> tuple[int, str]:
    return (3 if row.problem else row.verdict.status.rank, word_of(row))


def _system(row: MachineRow) -> str:
    """The system's name as Azure knows it, as long as it is of the chosen kind."""
    if row.item is None or not row.choice.os_type or row.choice.os_type != row.item.os_type.value:
        return row.choice.os_type
    return row.item.os_name.removeprefix("Windows ").replace("Windows", "").strip() or row.choice.os_type


def _system_icon(row: MachineRow) -> str:
    icons = {OsType.WINDOWS: "windows", OsType.LINUX: "linux", OsType.UNKNOWN: "unknown"}
    return icons[OsType.read(row.choice.os_type)]


def _disks(row: MachineRow) -> str:
    if not row.disks:
        return ""
    chosen = len(row.choice.disk_ids) if row.may_be_chosen else 0
    if row.is_replicating:
        return f"{len(row.disks)}"
    return tr("{chosen} of {all}").format(chosen=chosen, all=len(row.disks))
