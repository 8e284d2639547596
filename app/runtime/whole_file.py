"""Files that are whole or not there: written beside, put on disk, then given their name."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path`, in place of what is there. Blocks: call it in a thread while a loop runs.

    Raises:
        OSError: it cannot be written; what was at `path` is still there.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """What new files are usually denied; a temporary file is denied more."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
