from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.paths import HOME_VARIABLE, UserPaths, make_private_folder, user_paths

PATHS = UserPaths(config=Path("config"), data=Path("data"), logs=Path("logs"))


def test_home_variable_holds_everything(user_home: Path) -> None:
    paths = user_paths()

    everything = (paths.settings_file, paths.window_state_file, paths.log_file, paths.connection_folder("practice"))
    assert all(path.is_relative_to(user_home) for path in everything)


def test_nothing_is_created_by_asking(user_home: Path) -> None:
    user_paths().connection_folder("practice:contoso")

    assert not user_home.exists()


def test_without_the_variable_the_system_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE)

    assert user_paths().data.name == "Site Recovery Desk"


def test_connection_folder_can_be_recognised() -> None:
    assert PATHS.connection_folder("practice:Contoso").name.startswith("practice-contoso-")


def test_keys_that_differ_in_case_alone_have_folders_that_do_not() -> None:
    upper, lower = PATHS.connection_folder("Vault"), PATHS.connection_folder("vault")

    assert upper.name.lower() != lower.name.lower()


@given(st.text(max_size=300))
def test_connection_folder_is_one_plain_name(key: str) -> None:
    folder = PATHS.connection_folder(key)

    assert folder.parent == Path("data/connections")
    assert folder.name.replace("-", "").isalnum()
    assert folder.name.isascii()
    assert len(folder.name) <= 60


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps others out of a user's folders by inheritance")
def test_private_folder_is_the_owners_alone(tmp_path: Path) -> None:
    folder = make_private_folder(tmp_path / "a" / "b")

    assert folder.stat().st_mode & 0o077 == 0
