"""What the ways to sign in are called and how they are explained, and which field an error is about."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from app.errors import AppError, InvalidInput
from app.ports.sign_in import Kept, SignedIn, SignInMethod

FIELD_OF_CODE = {
    "WrongSecret": "secret",
    "ExpiredSecret": "secret",
    "UnknownTenant": "tenant",
    "UnknownUser": "tenant",
    "UnknownResource": "tenant",
    "UnknownApplication": "client_id",
    "WrongCertificate": "certificate",
    "CertificateFile": "certificate",
    "CertificatePassword": "password",
    "NoCloud": "address",
    "FederatedCloud": "address",
    "Untrusted": "ca",
}
"""The field that has to be changed, by the code of the refusal."""


class WayWords(NamedTuple):
    """A way to sign in: its name with an Alt mnemonic, and what it is in one line."""

    name: str
    about: str


def way_words(method: SignInMethod) -> WayWords:
    match method:
        case SignInMethod.WINDOWS_ACCOUNT:
            return WayWords(
                _tr("&Windows account"), _tr("The account that Windows knows; mostly nothing has to be typed.")
            )
        case SignInMethod.BROWSER:
            return WayWords(_tr("&Browser"), _tr("The sign-in page opens in your browser."))
        case SignInMethod.DEVICE_CODE:
            return WayWords(_tr("&Device code"), _tr("A short code to enter on any other device."))
        case SignInMethod.AZURE_CLI:
            return WayWords(_tr("A&zure CLI"), _tr("The account that “az login” has signed in here."))
        case SignInMethod.AZURE_POWERSHELL:
            return WayWords(_tr("Azure &PowerShell"), _tr("The account that “Connect-AzAccount” has signed in here."))
        case SignInMethod.CLIENT_SECRET:
            return WayWords(_tr("Application with a &secret"), _tr("A service principal and its client secret."))
        case SignInMethod.CERTIFICATE:
            return WayWords(
                _tr("Application with a &certificate"), _tr("A service principal and its certificate file, PFX or PEM.")
            )


def way_name(method: SignInMethod) -> str:
    """Without a mnemonic, for a sentence or a label."""
    return way_words(method).name.replace("&", "")


def kept_text(method: SignInMethod, kept: Kept) -> str:
    """Where the sign-in is kept, or would be, and until when."""
    if method.is_borrowed:
        return _tr("{} keeps the sign-in. This program only asks it for tokens, and holds them in memory.").format(
            way_name(method) if method is SignInMethod.AZURE_POWERSHELL else _tr("The {}").format(way_name(method))
        )
    what = _tr("The secret is") if method is SignInMethod.CLIENT_SECRET else _tr("The tokens are")
    if method is SignInMethod.CERTIFICATE:
        what = _tr("The password of the file is")
    if kept.is_lasting:
        return _tr("{0} kept in {1}, until you sign out.").format(what, kept.where)
    return " ".join(filter(None, (kept.reason, _tr("{0} in {1}.").format(what, kept.where))))


def signed_in_text(signed_in: SignedIn) -> str:
    return _tr("Signed in as {}").format(signed_in.account.name)


def fields_of(error: AppError) -> dict[str, str]:
    """What to say at which field: empty for an error that is about none."""
    if isinstance(error, InvalidInput) and error.problems:
        return {problem.field: problem.text for problem in error.problems}
    field = FIELD_OF_CODE.get(error.code)
    return {field: error.sentence} if field else {}


def why_ended(error: AppError) -> str:
    """Why a sign-in counts no longer, and what to do besides signing in again if that is known."""
    _, colon, cause = error.title.partition(": ")
    if error.code == "SignInEnded" and colon:
        return f"{cause[:1].upper()}{cause[1:]}. {error.advice}".strip()
    if error.code == "NotSignedIn":
        return _tr("Nobody is signed in.")
    return _tr("The sign-in was taken back, has run out, or no longer fits what your organisation asks for.")


def details_of(error: AppError) -> str:
    """What is worth copying for those who know more; empty if there is nothing."""
    lines = [error.title, error.advice, error.code, error.correlation_id, error.details]
    return "\n".join(line for line in lines if line) if error.details or error.correlation_id else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("SignIn", text)
