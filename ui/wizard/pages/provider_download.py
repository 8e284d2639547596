"""The Provider's installer: its link, its download with pause and continue, and what is known of the file then."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.installer import Downloaded, Installer, SignatureVerdict, Unfinished
from app.errors import AppError
from app.runtime.progress import Progress
from app.services.provider_download import DownloadProgress
from ui.durations import duration_text
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle, Width
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine, Text
from ui.widgets.progress_line import ProgressLine
from ui.wizard.requests import (
    DownloadBegun,
    DownloadProvider,
    DownloadState,
    PauseDownload,
    ReadDownload,
    Request,
    StopDownload,
)

_MB = 1_000_000
_VERDICTS = {
    SignatureVerdict.VALID: Status.OK,
    SignatureVerdict.REFUSED: Status.CRITICAL,
    SignatureVerdict.NOT_CHECKED: Status.INFO,
}


class _State(Enum):
    OPEN = auto()
    UNDER_WAY = auto()
    ENDING = auto()
    """Pausing or stopping: what has arrived is being put away."""
    PAUSED = auto()
    FAILED = auto()
    DONE = auto()


class ProviderDownloadPanel(Card):
    """Knows no service: whoever owns it carries out what is requested and hands every answer back.

    Signals:
        requested: something is to be done; carries a `Request`.
    """

    requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Provider installer"), self.tr("one file for all hosts"), parent=parent)
        self.setObjectName("provider-download")
        self._state = _State.OPEN
        self._installer: Installer | None = None
        self._path: Path | None = None
        self._progress_told: Progress | None = None
        self._start = self._button(theme, self.tr("&Download…"), "import", "download-start")
        self._continue = self._button(theme, self.tr("Con&tinue"), "start", "download-continue")
        self._pause = self._button(theme, self.tr("Pa&use"), "pause", "download-pause")
        self._stop = self._button(theme, self.tr("&Stop"), "stop", "download-stop")
        self._about = Text("", wrap=True)
        self._about.setObjectName("download-about")
        self._link = _selectable(Text("", wrap=True), "download-link", self.tr("Link of the installer"))
        self._copy_link = self._button(theme, self.tr("Copy &link"), "copy", "download-copy-link")
        self._without = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._without.setObjectName("download-without-internet")
        self._line = ProgressLine(theme)
        self._line.setObjectName("download-progress")
        self._result = StatusLine(theme)
        self._result.setObjectName("download-result")
        self._facts = _Facts(theme)
        self._build()
        self._start.clicked.connect(lambda: self.requested.emit(DownloadProvider()))
        self._continue.clicked.connect(lambda: self.requested.emit(DownloadProvider(self._path)))
        self._pause.clicked.connect(lambda: self.requested.emit(PauseDownload()))
        self._stop.clicked.connect(lambda: self.requested.emit(StopDownload(self._path)))
        self._copy_link.clicked.connect(self._on_copy_link_clicked)
        self._settle()

    @property
    def message(self) -> str:
        """The sentence about the last attempt; empty while there is none."""
        return "" if self._result.isHidden() else self._result.text

    def first_focus(self) -> QWidget:
        """The button that goes on from here; until it is known what to download, the one that is always there."""
        ways = (self._continue, self._start, self._pause)
        return next((each for each in ways if each.isVisibleTo(self) and each.isEnabled()), self._copy_link)

    def ask(self) -> None:
        """Ask what is to be downloaded, when the panel comes on screen."""
        self.requested.emit(ReadDownload())

    def show_installer(self, installer: Installer, unfinished: Unfinished | None = None) -> None:
        """Show what is to be downloaded, and a download of before that can go on."""
        self._installer = installer
        self._link.setText(installer.link)
        if installer.is_practice:
            about = self.tr("Practice installer, does nothing: {} is a text that stands in for the real file.")
            without = self.tr("In production this is Microsoft’s installer, from Microsoft’s short link.")
        else:
            about = self.tr("{} installs the Site Recovery Provider and the Recovery Services agent on each host.")
            without = self.tr(
                "Hosts without Internet: download it here, or open the link on any computer that has it, and copy the "
                "file to each host. Source: {0}, {1}."
            ).format(installer.source.document.partition(":")[0], installer.source.month)
        self._about.setText(about.format(installer.name))
        self._without.setText(without)
        if unfinished is not None and self._state is _State.OPEN:
            self._keep(unfinished)
        self._settle()

    # What the owner hands on

    def started(self, request: Request) -> None:
        match request:
            case DownloadProvider(path):
                self._path = path or self._path
                self._state = _State.UNDER_WAY
                self._progress_told = None
                self._line.set_progress(self.tr("Connecting"), 0.0)
            case PauseDownload() | StopDownload():
                self._state = _State.ENDING
        self._settle()

    def progressed(self, request: Request, progress: object) -> None:
        if not isinstance(request, DownloadProvider) or self._state is not _State.UNDER_WAY:
            return
        if isinstance(progress, DownloadBegun):
            self._path = progress.path
        elif isinstance(progress, Progress):
            self._progress_told = progress
            fraction = progress.done / progress.total if progress.total else None
            self._line.set_progress(
                self.tr("Downloading {}").format(self._path.name if self._path else ""),
                fraction,
                self._figures(progress),
                self._speed(progress),
            )

    def finished(self, request: Request, outcome: object) -> None:
        match request:
            case ReadDownload():
                if isinstance(outcome, DownloadState):
                    self.show_installer(outcome.installer, outcome.unfinished)
                elif isinstance(outcome, AppError):
                    self._say(Status.WARNING, outcome.sentence)
            case DownloadProvider():
                self._end(outcome)
            case PauseDownload():
                self._state = _State.OPEN
                if isinstance(outcome, Unfinished):
                    self._keep(outcome)
                else:
                    self._say(Status.NEUTRAL, self.tr("Stopped before anything had arrived."))
            case StopDownload():
                self._state = _State.OPEN
                if isinstance(outcome, AppError):
                    self._say(Status.WARNING, outcome.sentence)
                else:
                    self._path = None
                    self._say(Status.NEUTRAL, self.tr("What had arrived is removed."))
        self._settle()

    def _end(self, outcome: object) -> None:
        if isinstance(outcome, Downloaded):
            self._state = _State.DONE
            self._path = outcome.path
            self._facts.show_file(outcome)
            self._say(Status.OK, self.tr("{} is downloaded, and complete.").format(outcome.path.name))
        elif isinstance(outcome, AppError):
            self._state = _State.FAILED
            self._say(Status.CRITICAL, outcome.sentence)
        else:  # the question where to was closed
            self._state = _State.OPEN
            self._result.hide()

    def _keep(self, unfinished: Unfinished) -> None:
        self._state = _State.PAUSED
        self._path = unfinished.path
        progress = Progress("", unfinished.done, unfinished.total)
        figures = self._figures(progress)
        self._line.set_progress(
            self.tr("Paused: {}").format(unfinished.path.name),
            unfinished.done / unfinished.total if unfinished.total else None,
            figures,
            self.tr("What has arrived is kept in {}.").format(unfinished.path.parent),
        )
        self._result.hide()

    def _say(self, status: Status, text: str) -> None:
        self._result.set_status(status, text)
        self._result.show()

    def _figures(self, progress: Progress) -> str:
        done = f"{progress.done / _MB:,.1f}"
        if not progress.total:
            return self.tr("{} MB").format(done)
        return self.tr("{0} of {1} MB").format(done, f"{progress.total / _MB:,.1f}")

    def _speed(self, progress: Progress) -> str:
        if not isinstance(progress, DownloadProgress) or progress.bytes_per_s is None:
            return self.tr("Speed and time left follow in a moment.")
        speed = self.tr("{} MB/s").format(f"{progress.bytes_per_s / _MB:,.1f}")
        left = progress.seconds_left
        return self.tr("{0}, {1} left").format(speed, duration_text(left)) if left else speed

    def _settle(self) -> None:
        """Show what the state of the moment has."""
        state = self._state
        had_focus = any(button.hasFocus() for button in (self._start, self._continue, self._pause, self._stop))
        goes_on = state is _State.PAUSED or (state is _State.FAILED and self._path is not None)
        self._start.setVisible(state in (_State.OPEN, _State.FAILED, _State.DONE) and not goes_on)
        self._start.setText(self.tr("&Download again…") if state is _State.DONE else self.tr("&Download…"))
        self._start.setEnabled(self._installer is not None)
        self._continue.setVisible(goes_on)
        self._pause.setVisible(state in (_State.UNDER_WAY, _State.ENDING))
        self._pause.setEnabled(state is _State.UNDER_WAY)
        self._stop.setVisible(goes_on or state in (_State.UNDER_WAY, _State.ENDING))
        self._stop.setEnabled(state is not _State.ENDING)
        self._stop.setText(self.tr("Di&scard") if goes_on else self.tr("&Stop"))
        self._stop.setToolTip(self.tr("Removes what has arrived"))
        self._line.setVisible(state in (_State.UNDER_WAY, _State.ENDING, _State.PAUSED))
        self._facts.setVisible(state is _State.DONE)
        if state in (_State.UNDER_WAY, _State.ENDING):
            self._result.hide()
        if had_focus:  # a button that goes leaves the keyboard to the one that stands in for it
            for button in (self._pause, self._continue, self._start):
                if button.isVisibleTo(self) and button.isEnabled():
                    button.setFocus()
                    break

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        for button in (self._continue, self._start, self._pause, self._stop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        link = QHBoxLayout()
        link.setSpacing(Space.M)
        link.addWidget(self._link, 1)
        link.addWidget(self._copy_link, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._about)
        self.body.addLayout(link)
        self.body.addWidget(self._line)
        self.body.addWidget(self._result)
        self.body.addWidget(self._facts)
        self.body.addLayout(buttons)
        self.body.addWidget(self._without)
        self._result.hide()

    def _button(self, theme: Theme, text: str, icon: str, name: str) -> Button:
        button = Button(theme, text, icon=icon, small=True)
        button.setObjectName(name)
        return button

    def _on_copy_link_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._link.text())
        self._say(Status.NEUTRAL, self.tr("Link copied."))


class _Facts(QWidget):
    """What is known of the file: where it is, size, digest, signature."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._path: Path | None = None
        self._place = _selectable(Text(wrap=True), "download-place", self.tr("Place of the file"))
        self._size = Text()
        self._size.setObjectName("download-size")
        self._digest = _selectable(Text(wrap=True), "download-digest", self.tr("SHA-256 of the file"))
        self._signature = StatusLine(theme)
        self._signature.setObjectName("download-signature")
        copy = Button(theme, self.tr("Copy SHA-&256"), icon="copy", small=True)
        copy.setObjectName("download-copy-digest")
        show = Button(theme, self.tr("Show in &folder"), icon="open", small=True)
        show.setObjectName("download-show")
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnMinimumWidth(0, Width.PAIR_LABEL)
        grid.setColumnStretch(1, 1)
        for row, (label, value) in enumerate(
            (
                (self.tr("File"), self._place),
                (self.tr("Size"), self._size),
                (self.tr("SHA-256"), self._digest),
                (self.tr("Signature"), self._signature),
            )
        ):
            grid.addWidget(Text(label, TextStyle.CAPTION, Role.TEXT2), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(show)
        buttons.addWidget(copy)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addLayout(grid)
        column.addLayout(buttons)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._digest.text().replace("\u200b", "")))
        show.clicked.connect(self._on_show_clicked)

    def show_file(self, done: Downloaded) -> None:
        self._path = done.path
        self._place.setText(str(done.path))
        self._size.setText(self._size_text(done.size))
        pieces = (done.sha256[at : at + 8] for at in range(0, len(done.sha256), 8))
        self._digest.setText("\u200b".join(pieces))  # may be broken there, where the panel is narrow
        self._signature.set_status(_VERDICTS[done.signature.verdict], done.signature.text)

    def _size_text(self, size: int) -> str:
        """A stand-in of the practice vault is far below a tenth of a megabyte."""
        in_bytes = self.tr("{} bytes").format(f"{size:,}")
        if size < _MB / 10:
            return in_bytes
        return self.tr("{0} MB ({1})").format(f"{size / _MB:,.1f}", in_bytes)

    def _on_show_clicked(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))


def _selectable(text: Text, name: str, accessible: str) -> Text:
    text.setObjectName(name)
    text.setAccessibleName(accessible)
    text.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return text
