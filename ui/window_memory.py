"""What the window remembers between two starts and nobody would miss: columns, widths, how tables are sorted."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.paths import make_private_folder

_log = logging.getLogger(__name__)


class WindowMemory:
    """A small JSON file, read at the start and written when the window closes. A damaged one counts as empty."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._layouts: dict[str, Any] = {}
        self._is_changed = False
        try:
            read = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if isinstance(read, dict):
            self._layouts = read

    def load(self, name: str) -> Mapping[str, Any] | None:
        layout = self._layouts.get(name)
        return layout if isinstance(layout, dict) else None

    def save(self, name: str, layout: Mapping[str, Any]) -> None:
        if self._layouts.get(name) != layout:
            self._layouts[name] = dict(layout)
            self._is_changed = True

    def write(self) -> None:
        """Put it on disk, if something changed; a disk that refuses costs the memory, nothing else."""
        if not self._is_changed:
            return
        try:
            make_private_folder(self._file.parent)
            self._file.write_text(json.dumps(self._layouts, indent=1), encoding="utf-8")
        except OSError:
            _log.warning("The window's layout cannot be saved to %s", self._file, exc_info=True)
