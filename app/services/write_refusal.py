"""Why nothing can be changed through a connection now."""

from __future__ import annotations

from app.errors import Conflict
from app.runtime.write_access import WriteAccess


def refuse_if_read_only(access: WriteAccess) -> None:
    """
    Raises:
        Conflict: nothing may be begun through it.
    """
    if access.is_held_elsewhere:
        raise Conflict(
            "read_only",
            "Another window works with this connection.",
            "Close it there, then open the connection here again to make changes.",
        )
    if access.is_read_only:
        raise Conflict(
            "read_only",
            "This connection is read-only.",
            "Allow changes with the lock beside its name, then try again.",
        )
