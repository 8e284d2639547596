"""Where the figures of capacity planning come from, and the space that hosts have for the first copy."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.host_space import VolumeNeed
from app.domain.rules import ChurnRules
from app.domain.sizes import bytes_text
from app.flows.draft import CapacityChoice
from app.flows.estimate import Basis
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine, Text
from ui.wizard.pages.capacity_answers import tr
from ui.wizard.pages.readiness_words import minutes_text

_VOLUMES_SHOWN = 5
_NAMES_SHOWN = 3


def changes_words(basis: Basis, choice: CapacityChoice) -> tuple[Status, str]:
    """Where the changes come from: measured, for how long, on how many machines, or assumed."""
    percent = tr("{} % of the disks a day").format(f"{choice.daily_change_percent:g}")
    if not basis.measured and not basis.smoke_tested:
        return Status.NEUTRAL, tr("Changes: assumed, {}.").format(percent)
    parts = []
    if basis.measured:
        words = tr("measured for {time} on {machines}")
        parts.append(words.format(time=minutes_text(basis.minutes), machines=_machines(basis.measured)))
    if basis.smoke_tested:
        words = tr("on {machines} a smoke test only, which counts where it is above {percent}")
        if not basis.measured:
            words = tr("a smoke test of {time} on {machines}, which counts where it is above {percent}")
        parts.append(
            words.format(machines=_machines(basis.smoke_tested), percent=percent, time=minutes_text(basis.minutes))
        )
    if basis.assumed:
        parts.append(tr("assumed for {}, {}").format(_machines(basis.assumed), percent))
    status = Status.OK if basis.measured and not basis.smoke_tested and not basis.assumed else Status.INFO
    return status, tr("Changes: {}.").format("; ".join(parts))


def copy_words(basis: Basis) -> str:
    """What the first copy is reckoned by; empty where no host told what is used."""
    if not basis.used_known:
        return ""
    rest = basis.machines - basis.used_known
    known = tr("First copy: what is used in the disks of {}").format(_machines(basis.used_known))
    return f"{known}{tr(', the full size of {}').format(_machines(rest)) if rest else ''}."


def busy_words(basis: Basis, limits: ChurnRules) -> str:
    """Who writes more than can be replicated; empty where nobody does."""
    if not basis.too_busy:
        return ""
    names = ", ".join(basis.too_busy[:_NAMES_SHOWN])
    if len(basis.too_busy) > _NAMES_SHOWN:
        names = tr("{names} and {more} more").format(names=names, more=len(basis.too_busy) - _NAMES_SHOWN)
    words = tr(
        "Writes more than one machine may ({small} to {large} MiB a second, by the size of its writes): {names}."
    )
    if limits.max_of_small == limits.max_of_large:
        words = tr("Writes more than one machine may ({large} MiB a second): {names}.")
    return words.format(small=f"{limits.max_of_small:g}", large=f"{limits.max_of_large:g}", names=names)


def volume_words(need: VolumeNeed) -> tuple[Status, str]:
    """One volume: what is free, what may be needed, what is lacking."""
    where = need.path if need.owner == "SMB" else f"{need.owner} {need.path}"
    needed = bytes_text(need.need_bytes)
    if need.free_bytes is None:
        words = tr("Free space not known on {where}; {needed} may be needed.")
        return Status.NEUTRAL, words.format(where=where, needed=needed)
    free = bytes_text(need.free_bytes)
    if not need.short_bytes:
        words = tr("{free} free on {where}; {needed} may be needed.")
        return Status.OK, words.format(where=where, free=free, needed=needed)
    words = tr("{free} free on {where}; {needed} may be needed, {short} too little.")
    return Status.WARNING, words.format(where=where, free=free, needed=needed, short=bytes_text(need.short_bytes))


class BasisLines(QWidget):
    """Sentences in small type below the chart."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes = StatusLine(theme, style=TextStyle.CAPTION)
        self._changes.setObjectName("capacity-changes-basis")
        self._copy = StatusLine(theme, style=TextStyle.CAPTION)
        self._busy = StatusLine(theme, style=TextStyle.CAPTION)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        for line in (self._busy, self._changes, self._copy):
            column.addWidget(line)

    @property
    def text(self) -> str:
        lines = (self._busy, self._changes, self._copy)
        return " ".join(line.text for line in lines if not line.isHidden())

    def show_basis(self, basis: Basis, choice: CapacityChoice, limits: ChurnRules) -> None:
        self._changes.set_status(*changes_words(basis, choice))
        for line, status, words in (
            (self._copy, Status.INFO, copy_words(basis)),
            (self._busy, Status.WARNING, busy_words(basis, limits)),
        ):
            line.set_status(status, words)
            line.setVisible(bool(words))


class SpaceCard(Card):
    """Free space on the volumes where the machines' disks lie; hidden while no host told of them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Space on the hosts"), tr("worst case, while the first copy runs"), parent=parent)
        self._theme = theme
        self.setObjectName("capacity-space")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.XS)
        self.body.addLayout(self._lines)
        more = QHBoxLayout()
        self._more = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        more.addWidget(self._more, 1)
        self.body.addLayout(more)
        self._shown: tuple[VolumeNeed, ...] = ()
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """The sentences shown."""
        found = [self._lines.itemAt(place).widget() for place in range(self._lines.count())]
        return tuple(line.text for line in found if isinstance(line, StatusLine))

    def show_volumes(self, volumes: tuple[VolumeNeed, ...]) -> None:
        """What lacks most stands first in `volumes`."""
        self.setVisible(bool(volumes))
        if volumes == self._shown:
            return
        self._shown = volumes
        while self._lines.count():
            widget = self._lines.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for need in volumes[:_VOLUMES_SHOWN]:
            self._lines.addWidget(StatusLine(self._theme, *volume_words(need)))
        rest = volumes[_VOLUMES_SHOWN:]
        short = sum(1 for need in rest if need.short_bytes)
        words = tr("And {count} more volumes, {short} of them with too little.")
        self._more.setText(words.format(count=len(rest), short=short) if rest else "")
        self._more.setVisible(bool(rest))


def _machines(count: int) -> str:
    return tr("1 machine") if count == 1 else tr("{} machines").format(f"{count:,}")
