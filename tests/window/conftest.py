"""What tests of the whole program stand on: folders that outlive a program, and a system with short double clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.paths import HOME_VARIABLE


@pytest.fixture(autouse=True)
def home(user_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folders, where a program in another process finds them as well."""
    home = tmp_path / "home"
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    return home


@pytest.fixture(autouse=True)
def _quick_system(qapp: QApplication) -> Iterator[None]:
    """No test waits for the end of a double click, and closing a window does not end the loop."""
    before = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(1)
    QApplication.setQuitOnLastWindowClosed(False)
    yield
    QApplication.setQuitOnLastWindowClosed(True)
    QApplication.setDoubleClickInterval(before)
