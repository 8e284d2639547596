"""Progress: what is going on, a bar of 4 px, count or percent, elapsed against usual."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, Radius, Role, Space, TextStyle
from ui.widgets.labels import Text
from ui.widgets.painting import fill_box, outline_box, painting


class ProgressBar(QWidget):
    """The bar alone. It takes no keyboard and says its percentage to screen readers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fraction = 0.0
        self.setFixedHeight(Height.PROGRESS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def fraction(self) -> float:
        """How much is done, 0 to 1."""
        return self._fraction

    def set_fraction(self, fraction: float) -> None:
        """Show how much is done, 0 to 1."""
        self._fraction = min(max(fraction, 0.0), 1.0)
        self.setAccessibleName(self.tr("{} percent").format(round(self._fraction * 100)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        with painting(self) as painter:
            fill_box(painter, self.rect(), colors.track, Radius.BAR)
            if colors.high_contrast:
                outline_box(painter, self.rect(), colors.border, Radius.BAR)
            if self._fraction > 0:
                done = self.rect()
                done.setWidth(max(round(self.width() * self._fraction), Height.PROGRESS))
                fill_box(painter, done, colors.accent, Radius.BAR)


class ProgressLine(QWidget):
    """Title and time above the bar, an explanation below it. The bar is left out where no total is known."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text("", TextStyle.BODY)
        self._figure = Text("", TextStyle.CAPTION, Role.TEXT2)
        self.bar = ProgressBar(theme)
        self._hint = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self._title, 1)
        head.addWidget(self._figure)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self._hint)
        self._hint.hide()

    def set_title_style(self, style: TextStyle) -> None:
        """Set what is going on in another weight."""
        self._title.set_style(style)

    def set_progress(self, what: str, fraction: float | None, figure: str = "", hint: str = "") -> None:
        """Show what is going on, how much of it is done (`None`: not known), count or time, and what to expect."""
        self._title.setText(what)
        self._figure.setText(figure)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.bar.setVisible(fraction is not None)
        if fraction is not None:
            self.bar.set_fraction(fraction)
