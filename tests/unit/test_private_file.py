"""A file with a secret in it: whole or not there, and for nobody else."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from app.adapters.file_rights import PosixFileRights
from app.runtime.private_file import PrivateFile

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")


def begin(path: Path) -> PrivateFile:
    return PrivateFile(path, PosixFileRights().keep_to_user)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@POSIX
def test_nobody_else_can_read_it_at_any_time(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        file = begin(tmp_path / "key")
        draft = next(tmp_path.iterdir())
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600
        file.finish(b"secret")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert names_in(tmp_path) == ["key"]


def test_it_takes_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"old")
    file = begin(tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == b"old"
    file.finish(b"new" * 100_000)
    assert (tmp_path / "key").read_bytes() == b"new" * 100_000
    file.discard()
    assert names_in(tmp_path) == ["key"]


def test_what_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"old")
    begin(tmp_path / "key").discard()
    assert names_in(tmp_path) == ["key"]
    assert (tmp_path / "key").read_bytes() == b"old"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        begin(tmp_path)


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        begin(tmp_path / "gone" / "key")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_bytes(b"old")
    file = begin(tmp_path / "key")
    written: list[int] = []

    def write(descriptor: int, data: bytes) -> int:
        if written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(3)
        return 3

    monkeypatch.setattr("app.runtime.private_file.os.write", write)
    with pytest.raises(OSError, match="space"):
        file.finish(b"secret")
    assert names_in(tmp_path) == ["key"]
    assert (tmp_path / "key").read_bytes() == b"old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_device_that_is_full_is_told() -> None:
    descriptor = os.open("/dev/full", os.O_WRONLY)
    try:
        with pytest.raises(OSError) as told:
            os.write(descriptor, b"x")
    finally:
        os.close(descriptor)
    assert told.value.errno == errno.ENOSPC


def test_a_file_that_cannot_be_kept_to_its_user_is_not_begun(tmp_path: Path) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(path)

    with pytest.raises(PermissionError):
        PrivateFile(tmp_path / "key", refuse)
    assert names_in(tmp_path) == []
