"""Reads the project's own source, for tests that hold it to its rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    path: Path
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def imports(self) -> Iterator[str]:
        """Every module named in an import, wherever it stands, as a dotted name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path, text, ast.parse(text, path))


def modules(*places: str) -> list[Module]:
    """The modules at these files and in these folders, given from the top of the project."""
    files: set[Path] = set()
    for place in places:
        path = ROOT / place
        files.update(path.rglob("*.py") if path.is_dir() else [path])
    return [_read(file) for file in sorted(files)]
