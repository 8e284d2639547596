"""Who may read a file: on Windows by its access list, which a new file otherwise takes over from its folder."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path


class PosixFileRights:
    """Implements app.ports.registration.FileRights."""

    def keep_to_user(self, path: str) -> None:
        Path(path).chmod(0o600)


if sys.platform == "win32":
    from ctypes import wintypes

    _TOKEN_QUERY = 0x0008
    _TOKEN_USER = 1
    _REVISION = 1
    _DACL_ALONE = 0x80000004
    """The access list is set, and takes over nothing from the folder."""

    _ADVAPI = ctypes.WinDLL("advapi32", use_last_error=True)
    _KERNEL = ctypes.WinDLL("kernel32", use_last_error=True)
    _KERNEL.GetCurrentProcess.restype = wintypes.HANDLE
    _KERNEL.CloseHandle.argtypes = (wintypes.HANDLE,)
    _KERNEL.LocalFree.argtypes = (wintypes.HLOCAL,)
    _KERNEL.LocalFree.restype = wintypes.HLOCAL
    _ADVAPI.OpenProcessToken.argtypes = (wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE))
    _ADVAPI.GetTokenInformation.argtypes = (
        wintypes.HANDLE,
        ctypes.c_int,
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
    )
    _ADVAPI.ConvertSidToStringSidW.argtypes = (ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
    _ADVAPI.ConvertStringSecurityDescriptorToSecurityDescriptorW.argtypes = (
        wintypes.LPCWSTR,
        wintypes.DWORD,
        ctypes.POINTER(ctypes.c_void_p),
        ctypes.c_void_p,
    )
    _ADVAPI.SetFileSecurityW.argtypes = (wintypes.LPCWSTR, wintypes.DWORD, ctypes.c_void_p)

    class WindowsFileRights:
        """Implements app.ports.registration.FileRights: one entry, the user's, in place of whatever is there."""

        def keep_to_user(self, path: str) -> None:
            descriptor = ctypes.c_void_p()
            only_user = f"D:P(A;;FA;;;{user_id()})"
            _must(
                _ADVAPI.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                    only_user, _REVISION, ctypes.byref(descriptor), None
                )
            )
            try:
                _must(_ADVAPI.SetFileSecurityW(path, _DACL_ALONE, descriptor))
            finally:
                _KERNEL.LocalFree(descriptor)

    def user_id() -> str:
        """The user who runs this program, as `S-1-5-…`: names differ by language."""
        token = wintypes.HANDLE()
        _must(_ADVAPI.OpenProcessToken(_KERNEL.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token)))
        try:
            size = wintypes.DWORD()
            _ADVAPI.GetTokenInformation(token, _TOKEN_USER, None, 0, ctypes.byref(size))  # tells how much it takes
            user = ctypes.create_string_buffer(size.value)
            _must(_ADVAPI.GetTokenInformation(token, _TOKEN_USER, user, size, ctypes.byref(size)))
        finally:
            _KERNEL.CloseHandle(token)
        text = ctypes.c_void_p()  # the record begins with the pointer to the id
        _must(_ADVAPI.ConvertSidToStringSidW(ctypes.c_void_p.from_buffer(user), ctypes.byref(text)))
        try:
            return ctypes.wstring_at(text.value or 0)
        finally:
            _KERNEL.LocalFree(text)

    def _must(succeeded: int) -> None:
        if not succeeded:
            raise ctypes.WinError(ctypes.get_last_error())

    def file_rights() -> WindowsFileRights:
        return WindowsFileRights()

else:

    def file_rights() -> PosixFileRights:
        return PosixFileRights()
