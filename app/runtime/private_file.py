"""A file with a secret in it: only its user may read it, and under its name it is whole or not there.

It is file I/O: call it in a thread.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path


class PrivateFile:
    """Begins as an empty file beside the one to come, which nobody but the user may read from the first byte on."""

    def __init__(self, path: Path, keep_to_user: Callable[[str], None]) -> None:
        """
        Raises:
            OSError: the folder is not there or not to be written in, or the file cannot be kept to the user.
        """
        self.path = path
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder")
        self._descriptor, name = tempfile.mkstemp(
            dir=path.parent, prefix=".", suffix=".part"
        )  # 0600 where there are modes
        self._draft = Path(name)
        self._lock = threading.RLock()  # who is cancelled discards while the other thread may write still
        try:
            keep_to_user(name)
        except BaseException:
            self.discard()
            raise

    def finish(self, content: bytes) -> None:
        """Write it, see it on the disk, and give it its name.

        Raises:
            OSError: the disk is full, or the folder is gone. Nothing is left behind.
        """
        with self._lock:
            try:
                view = memoryview(content)
                while view:
                    view = view[os.write(self._descriptor, view) :]
                os.fsync(self._descriptor)
                self._close()
                self._draft.replace(self.path)
            except BaseException:
                self.discard()
                raise
        _settle(self.path.parent)

    def discard(self) -> None:
        """Leave nothing of it; once it has its name, nothing happens."""
        with self._lock:
            self._close()
            self._draft.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _settle(folder: Path) -> None:
    """See the new name on the disk, too, where folders can be opened."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:  # some file systems of networks cannot
        pass
    finally:
        os.close(descriptor)
