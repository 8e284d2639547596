"""Where a user's settings, drafts, journals and logs live.

The folders are those the system means for it (`platformdirs`); `SITE_RECOVERY_DESK_HOME` puts all of them under one
folder instead, for tests, for a portable copy, and for a second self-contained instance.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

HOME_VARIABLE = "SITE_RECOVERY_DESK_HOME"
_FOLDER_NAME = "Site Recovery Desk"


class UserPaths(NamedTuple):
    """The folders of one user. Nothing is created until something is to be written there."""

    config: Path
    data: Path
    logs: Path

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.json"

    @property
    def window_state_file(self) -> Path:
        """Places, widths and columns: what the window remembers and nobody would miss."""
        return self.config / "window.json"

    @property
    def connections_file(self) -> Path:
        """The connections to Azure that the user keeps."""
        return self.config / "connections.json"

    @property
    def network_file(self) -> Path:
        return self.config / "network.json"

    @property
    def rules_folder(self) -> Path:
        """Files of limits and figures that the user keeps in place of the program's own."""
        return self.data / "rules"

    @property
    def presets_file(self) -> Path:
        """The user's own presets of replication policies, for all connections."""
        return self.data / "policy-presets.json"

    @property
    def log_file(self) -> Path:
        return self.logs / "site-recovery-desk.log"

    def connection_folder(self, key: str) -> Path:
        """The folder that belongs to one connection alone: its draft, journal and lock.

        `key` is anything that names the connection. The folder's name keeps what is readable of it, and a digest, so
        that two keys never share a folder whatever characters or case they differ in.
        """
        readable = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:40].strip("-")
        import hashlib  # starts OpenSSL, for which the window's first frame does not wait

        digest = hashlib.sha256(key.encode()).hexdigest()[:12]
        return self.data / "connections" / (f"{readable}-{digest}" if readable else digest)


def user_paths() -> UserPaths:
    """The folders of whoever runs the program, as the environment stands now."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        root = Path(home).expanduser().resolve()
        return UserPaths(config=root / "config", data=root / "data", logs=root / "logs")
    import platformdirs

    folders = platformdirs.PlatformDirs(_FOLDER_NAME, appauthor=False)
    return UserPaths(config=folders.user_config_path, data=folders.user_data_path, logs=folders.user_log_path)


def user_name() -> str:
    """Who runs the program, as the system knows them; empty where it does not say."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def make_private_folder(folder: Path) -> Path:
    """Create `folder` where it is missing, readable by its owner alone where the system knows such a thing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
