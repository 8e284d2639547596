"""What the window remembers between two starts and nobody would miss: columns, widths, how tables are sorted."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.runtime.kept_file import Aside, Content, FileKind, KeptFile

_log = logging.getLogger(__name__)


def _first_layouts(document: Content) -> Content | None:
    """The first files held layouts by name and nothing else."""
    return document if all(isinstance(layout, dict) for layout in document.values()) else None


KIND = FileKind("site-recovery-desk/window", headless=_first_layouts)


class WindowMemory:
    """A small file, read at the start and written when the window closes.

    Two windows keep each other's layouts; of one that both changed the later stays.
    """

    def __init__(self, file: Path) -> None:
        self._file = KeptFile(file, KIND)
        self._layouts: dict[str, Any] = self._file.read()
        self._changed: dict[str, Any] = {}

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What could not be used, and was set aside."""
        return tuple(self._file.asides)

    def load(self, name: str) -> Mapping[str, Any] | None:
        layout = self._layouts.get(name)
        return layout if isinstance(layout, dict) else None

    def save(self, name: str, layout: Mapping[str, Any]) -> None:
        if self._layouts.get(name) != layout:
            self._layouts[name] = self._changed[name] = dict(layout)

    def write(self) -> None:
        """Put it on disk, if something changed; a disk that refuses costs the memory, nothing else."""
        if not self._changed:
            return
        try:
            self._file.change(lambda layouts: layouts | self._changed)
        except OSError:
            _log.warning("The window's layout cannot be saved to %s", self._file.path, exc_info=True)
