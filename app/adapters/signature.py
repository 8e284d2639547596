"""Authenticode signatures, looked at by Windows itself through the PowerShell that is part of it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path

from app.domain.installer import Signature, SignatureVerdict

_log = logging.getLogger(__name__)

FILE_VARIABLE = "SITE_RECOVERY_DESK_FILE"
# The file's name goes in by a variable: no name can be taken for a piece of the script.
_SCRIPT = (
    "$ProgressPreference = 'SilentlyContinue'; [Console]::OutputEncoding = [Text.Encoding]::UTF8; "
    f"$s = Get-AuthenticodeSignature -LiteralPath $env:{FILE_VARIABLE}; "
    '@{ status = "$($s.Status)"; message = "$($s.StatusMessage)"; '
    'subject = "$($s.SignerCertificate.Subject)" } | ConvertTo-Json -Compress'
)
_PATIENCE_S = 60.0
_ORGANISATION = re.compile(r'(?:^|,\s*)O=(?:"((?:[^"]|"")*)"|([^,]*))')
_NOT_HERE = (
    "Its signature is not checked here. Check it on the host: right-click the file, Properties, Digital Signatures."
)
_BAD = {
    "NotSigned": "it is not signed.",
    "HashMismatch": "it was changed after it was signed.",
    "NotTrusted": "its signature is not trusted on this computer.",
}


class AuthenticodeCheck:
    """Implements app.ports.download.SignatureCheck. `command` is run with the file's path in a variable."""

    def __init__(self, command: Sequence[str] | None = None, *, patience_s: float = _PATIENCE_S) -> None:
        self._command = tuple(command) if command is not None else _powershell()
        self._patience_s = patience_s

    async def check(self, file: Path, signer: str) -> Signature:
        if not self._command:
            return Signature(SignatureVerdict.NOT_CHECKED, _NOT_HERE)
        try:
            said = await self._ask(file)
            status, subject = str(said["status"]), str(said.get("subject") or "")
        except (OSError, ValueError, KeyError, TypeError, TimeoutError):
            _log.warning("The signature of %s could not be looked at", file.name, exc_info=True)
            return Signature(SignatureVerdict.NOT_CHECKED, f"Windows could not look at it. {_NOT_HERE}")
        return judge(status, subject, signer)

    async def _ask(self, file: Path) -> dict[str, object]:
        process = await asyncio.to_thread(self._run, file)
        found = json.loads(process)
        if not isinstance(found, dict):
            raise ValueError("no object")
        return found

    def _run(self, file: Path) -> bytes:
        import subprocess

        try:
            done = subprocess.run(
                self._command,
                env=os.environ | {FILE_VARIABLE: str(file)},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self._patience_s,
                check=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except subprocess.SubprocessError as error:
            raise OSError(str(error)) from error
        return done.stdout


def judge(status: str, subject: str, signer: str) -> Signature:
    """What Windows said, against who must have signed."""
    organisation = organisation_in(subject)
    if status == "Valid" and organisation == signer:
        text = f"Signed by {organisation}; the signature is valid."
        return Signature(SignatureVerdict.VALID, text, organisation)
    if status == "Valid":
        text = f"it is signed by {organisation or 'nobody known'}, not by {signer}."
        return Signature(SignatureVerdict.REFUSED, text, organisation)
    if status in _BAD:
        return Signature(SignatureVerdict.REFUSED, _BAD[status], organisation)
    return Signature(SignatureVerdict.NOT_CHECKED, f"Windows could not look at it ({status}). {_NOT_HERE}")


def organisation_in(subject: str) -> str:
    """The organisation of a certificate's subject, as Windows writes subjects."""
    found = _ORGANISATION.search(subject)
    if found is None:
        return ""
    quoted, plain = found.groups()
    return quoted.replace('""', '"') if quoted is not None else plain.strip()


def _powershell() -> tuple[str, ...]:
    if os.name != "nt":
        return ()
    root = os.environ.get("SYSTEMROOT", r"C:\Windows")
    program = str(Path(root) / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe")
    return program, "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-Command", _SCRIPT
