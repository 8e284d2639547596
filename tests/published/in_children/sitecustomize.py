"""Python runs this first in the processes that tests start: where one of them becomes a practice vault, it is heard.

Its answers go to a file in the folder that a variable names, one line each. Without the variable nothing happens.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from types import ModuleType

FOLDER_VARIABLE = "TESTS_HEAR_ANSWERS_IN"
MODULE = "app.simulator.service"


def write_to(folder: str, method: str, url: str, status: int, body: bytes, is_sample: bool) -> None:
    import json

    line = [method, url, status, body.decode("utf-8", "replace"), is_sample]
    with open(os.path.join(folder, f"{os.getpid()}.jsonl"), "ab") as file:  # noqa: PTH118, PTH123 - no pathlib this early
        file.write(json.dumps(line).encode() + b"\n")


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self._folder)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader, folder: str) -> None:
        self._loader = loader
        self._folder = folder

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        import functools

        from answers_tap import tap

        self._loader.exec_module(module)
        tap(module.Simulator, functools.partial(write_to, self._folder))


if FOLDER_VARIABLE in os.environ:
    sys.meta_path.insert(0, _Finder(os.environ[FOLDER_VARIABLE]))
