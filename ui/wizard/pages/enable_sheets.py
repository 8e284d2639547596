"""The docked sheets of the enable page: the disks of one machine, and one answer for all chosen machines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.issue import Suitability
from app.domain.protection import SourceDisk
from app.domain.rules import Rules
from app.domain.sizes import size_text
from app.domain.support import judge_data_disk, judge_os_disk
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.choice import CheckBox
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.form_field import FormField
from ui.widgets.labels import StatusLine, Text
from ui.widgets.picker import Option, Picker
from ui.wizard.pages.enable_rows import MachineRow

_STATUS = {Suitability.OK: Status.OK, Suitability.WARNING: Status.WARNING, Suitability.BLOCKED: Status.CRITICAL}


class DisksSheet(DockedSheet):
    """Which disks of a machine are replicated, and which of them holds the system.

    Signals:
        disks_chosen: the primary button was pressed; the OS disk's id and a tuple of the ids of all chosen disks.
    """

    disks_chosen = Signal(str, object)

    def __init__(self, theme: Theme, row: MachineRow, rules: Rules, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            self.tr("Disks of {machine}").format(machine=row.name),
            self.tr("What is left out is neither copied nor there after a failover."),
            submit=self.tr("Use these disks"),
            parent=parent,
        )
        self.setObjectName("enable-disks-sheet")
        self.machine_id = row.choice.machine_id
        self._disks = {disk.vhd_id: disk for disk in row.disks}
        self._generation = row.item.generation if row.item else 0
        self._rules = rules
        self._wanted = set(row.choice.disk_ids)
        self._os_disk_id = row.choice.os_disk_id
        self._os_picker = Picker(theme, placeholder=self.tr("Choose the disk with the system"))
        self._os_picker.setObjectName("enable-os-disk")
        self._os_field = FormField(theme, self.tr("Disk with the system"), self._os_picker)
        self._boxes: dict[str, CheckBox] = {}
        self._remarks: dict[str, StatusLine] = {}
        self._sum = Text("", TextStyle.STRONG)
        self._sum.setObjectName("enable-disks-sum")
        self._left_out = StatusLine(
            theme,
            Status.WARNING,
            self.tr(
                "Site Recovery can’t see dynamic volumes inside Windows. Leave out all disks of such a volume or none: "
                "with one missing, none of it can be read after a failover."
            ),
        )
        self._fixed = StatusLine(
            theme,
            Status.INFO,
            self.tr("Fixed once replication has started. A change then means to stop, and a new first copy."),
        )
        self._build_disks(theme)
        self._os_picker.picked.connect(self._on_os_disk_picked)
        self.submitted.connect(self._on_submitted)
        self._show()

    def first_focus(self) -> QWidget:
        """The first disk that can be left out; the OS disk as long as nobody said which it is."""
        free = (box for vhd_id, box in self._boxes.items() if vhd_id != self._os_disk_id)
        return self._os_picker if not self._os_disk_id else next(free, self.submit_button)

    def _build_disks(self, theme: Theme) -> None:
        self._os_picker.set_options(
            [Option(disk.vhd_id, disk.name, size_text(disk.size_mib)) for disk in self._disks.values()]
        )
        self._os_picker.set_current(self._os_disk_id or None)
        self.body.addWidget(self._os_field)
        self.body.addWidget(Text(self.tr("Disks to replicate"), TextStyle.LABEL))
        for number, disk in enumerate(self._disks.values()):
            box = CheckBox(theme, disk.name, size_text(disk.size_mib))
            box.setObjectName(f"enable-disk-{number}")
            box.toggled.connect(lambda checked, disk=disk: self._on_box_toggled(disk, checked))
            remark = StatusLine(theme, style=TextStyle.CAPTION)
            remark.setContentsMargins(Space.XXL + Space.XS // 2, 0, 0, 0)
            self._boxes[disk.vhd_id] = box
            self._remarks[disk.vhd_id] = remark
            self.body.addWidget(box)
            self.body.addWidget(remark)
        self.body.addWidget(self._sum)
        self.body.addWidget(self._left_out)
        self.body.addWidget(self._fixed)

    def _show(self) -> None:
        for vhd_id, box in self._boxes.items():
            is_os_disk = vhd_id == self._os_disk_id
            if is_os_disk:
                self._wanted.add(vhd_id)
            box.blockSignals(True)
            box.setChecked(vhd_id in self._wanted)
            box.blockSignals(False)
            box.setEnabled(not is_os_disk)
            self._show_remark(self._disks[vhd_id], is_os_disk)
        chosen = sum(self._disks[vhd_id].size_mib for vhd_id in self._wanted & self._disks.keys())
        total = sum(disk.size_mib for disk in self._disks.values())
        words = self.tr("{chosen} of {total} are replicated")
        self._sum.setText(words.format(chosen=size_text(chosen), total=size_text(total)))
        self._left_out.setVisible(not self._disks.keys() <= self._wanted)

    def _show_remark(self, disk: SourceDisk, is_os_disk: bool) -> None:
        remark = self._remarks[disk.vhd_id]
        if is_os_disk:
            verdict = judge_os_disk(disk, self._generation, self._rules)
            words = self.tr("The disk with the system can’t be left out.")
        else:
            verdict = judge_data_disk(disk, self._rules)
            words = ""
        is_wanted = disk.vhd_id in self._wanted
        if verdict.status is not Suitability.OK and is_wanted:
            remark.set_status(_STATUS[verdict.status], f"{verdict.reason} {verdict.remedy}".strip())
        else:
            remark.set_status(Status.NEUTRAL, words, icon="fixed")
        remark.setVisible(bool(remark.text))

    def _on_os_disk_picked(self, vhd_id: str) -> None:
        self._os_disk_id = vhd_id
        self._os_field.set_issue(None)
        self._show()

    def _on_box_toggled(self, disk: SourceDisk, checked: bool) -> None:
        (self._wanted.add if checked else self._wanted.discard)(disk.vhd_id)
        self._show()

    def _on_submitted(self) -> None:
        if not self._os_disk_id:
            self._os_field.set_issue(self.tr("Choose the disk that holds the system."))
            self._os_field.reveal()
            self._os_picker.setFocus()
            return
        self.disks_chosen.emit(self._os_disk_id, tuple(vhd_id for vhd_id in self._disks if vhd_id in self._wanted))


class BulkSheet(DockedSheet):
    """One answer for all chosen machines.

    Signals:
        answered: the primary button was pressed; the option's key.
    """

    answered = Signal(str)

    def __init__(
        self,
        theme: Theme,
        title: str,
        label: str,
        submit: str,
        options: Sequence[Option],
        parent: QWidget | None = None,
    ) -> None:
        """`label` names the picker; options with a reason stay visible and can't be picked."""
        super().__init__(
            theme, title, self.tr("For all chosen machines at once; undo with Ctrl+Z."), submit=submit, parent=parent
        )
        self.setObjectName("enable-bulk-sheet")
        self.picker = Picker(theme, placeholder=self.tr("Choose one"))
        self.picker.setObjectName("enable-bulk-picker")
        self.picker.set_options(options)
        self._field = FormField(theme, label, self.picker)
        self.body.addWidget(self._field)
        self.picker.picked.connect(lambda _key: self._field.set_issue(None))
        self.submitted.connect(self._on_submitted)

    def _on_submitted(self) -> None:
        key = self.picker.current_key
        if key is None:
            self._field.set_issue(self.tr("Choose one of the list."))
            self._field.reveal()
            self.picker.setFocus()
            return
        self.answered.emit(key)
