"""The baseline of the first frame: a window of Qt's own with a button. Prints when its loop comes to rest after the
first paint."""

from time import monotonic

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton


class FirstPaint(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._tell)
        return False

    def _tell(self) -> None:
        print(monotonic(), flush=True)
        QApplication.exit()


def main() -> None:
    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(QPushButton("Go on"))
    window.resize(1360, 860)
    watcher = FirstPaint(window)
    window.installEventFilter(watcher)
    window.show()
    app.exec()


if __name__ == "__main__":
    main()
