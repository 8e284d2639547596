"""Takes PySide's hook off Python's `import`.

WORKAROUND for PySide6 6.11: it puts itself before `builtins.__import__`, and of every module that is imported from
then on, ours and everybody's, it reads the source to look for uses of its `from __feature__ import`, which nothing here
has. `linecache` keeps all of it: 16 MB with the SDKs loaded, 38 MB in memory, and a fifth of the time of every import.
It also swaps `builtins.__import__` twice during each import, which two importing threads do to each other, until the
hook is lost by chance. Here it is taken off by intention, on the main thread, before anything else is imported.

What PySide keeps as `__orig_import__` is put back, since that is where its own loading of classes on demand sits.
"""

from __future__ import annotations

import builtins


def load_pyside_without_hook() -> None:
    """Import PySide, which puts its hook on, and take it off, unless somebody else has put one of their own over it."""
    import PySide6.QtCore  # noqa: F401

    if builtins.__import__ is getattr(builtins, "__feature_import__", None):
        builtins.__import__ = builtins.__orig_import__  # type: ignore[attr-defined]
