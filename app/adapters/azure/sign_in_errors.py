"""What goes wrong while signing in, and later with what it left, as the program's own errors.

Microsoft's identity service numbers its refusals (AADSTS and digits). MSAL and azure-identity pass them on in words, so
the number is looked for in all that was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from azure.core.exceptions import ServiceRequestError, ServiceResponseError
from azure.identity import CredentialUnavailableError

from app.adapters.azure.identity_transport import GivenUp
from app.adapters.azure.line import trouble_in, unreachable
from app.adapters.network.faults import kind_of
from app.domain.line_trouble import LineTrouble, Trouble
from app.errors import AppError, NotSupported, Remedy, ServiceFault, SignInRefused, SignInRequired
from app.ports.sign_in import SignInMethod

_MARKUP_BEGINS = 2000
_CACHE_IS_LOCKED = "Unable to obtain lock"
"""What MSAL says when another thread or program has its cache for long."""
_DOING = "sign in"
_IDENTITY = "the identity service"
_NUMBER = re.compile(r"AADSTS(\d+)")


class _Row(NamedTuple):
    """A refusal: our code for it, the numbers it goes by, and what to say."""

    code: str
    numbers: frozenset[int]
    title: str
    advice: str


def _row(code: str, numbers: tuple[int, ...], title: str, advice: str) -> _Row:
    return _Row(code, frozenset(numbers), title, advice)


_ROWS = (
    _row(
        "WrongSecret",
        (7000215,),
        "The client secret is wrong",
        "Copy the secret's value, not its id, and check that it belongs to this application.",
    ),
    _row(
        "ExpiredSecret",
        (7000222,),
        "The client secret has expired",
        "Make a new secret for the application in the portal, then sign in with that.",
    ),
    _row(
        "UnknownTenant",
        (90002, 900021, 900023, 50059),
        "There is no such tenant",
        "Check the tenant's id or domain, and that the right cloud is chosen.",
    ),
    _row(
        "UnknownApplication",
        (700016, 700038),
        "The tenant does not know the application",
        "Check the application's client id and the tenant. It may have to be given consent there first.",
    ),
    _row(
        "WrongCertificate",
        (700027, 700023),
        "The certificate is not accepted for the application",
        "Upload the certificate to the application, check that it has not expired, or choose the file of another one.",
    ),
    _row(
        "WrongClock",
        (700024,),
        "The clocks of this computer and of Azure differ",
        "Set this computer's clock right, then sign in again.",
    ),
    _row(
        "UnknownUser",
        (50034, 50020),
        "The account is not known in this tenant",
        "Check the account and the tenant, or ask to be invited as a guest.",
    ),
    _row("DisabledUser", (50057,), "The account is disabled", "Ask your administrator, or use another account."),
    _row(
        "NeedsMore",
        (50076, 50079, 50158, 53000, 53003),
        "Your organisation asks for more than this way of signing in gives",
        "Sign in with the browser on a computer that your organisation manages.",
    ),
    _row(
        "NeedsConsent",
        (65001, 90094),
        "An administrator has to allow the application first",
        "Ask an administrator of the tenant for consent, or use another application.",
    ),
    _row(
        "Declined",
        (65004,),
        "The sign-in was declined",
        "Nothing was changed. Sign in again when you want to go on.",
    ),
    _row(
        "UnknownResource",
        (500011, 500014),
        "The tenant does not know this cloud's management",
        "Check that tenant and cloud belong together.",
    ),
    _row(
        "TimedOut",
        (70019, 70008),
        "Nobody signed in in time",
        "Start again; the code or page holds for some minutes only.",
    ),
)
_TENANT_ROWS = (
    _row(
        "TenantAsksForProof",
        (50076, 50079, 50072, 50074, 50158),
        "It asks for one more proof of who you are",
        "Sign in to this tenant, and confirm with your phone or key when it asks.",
    ),
    _row(
        "TenantAsksForDevice",
        (53000, 53001, 53002),
        "It lets in managed computers only",
        "Sign in to this tenant on a computer that your organisation manages, or ask its administrator.",
    ),
    _row(
        "TenantBlocks",
        (53003, 530034, 500213, 500212),
        "Its conditional access or its rules for guests block you",
        "Ask an administrator of this tenant to let your account in; the details hold the number to look for.",
    ),
    _row(
        "NotOfTenant",
        (50020, 50034, 51004, 90072),
        "It does not know your account any more",
        "Ask an administrator of this tenant to invite you as a guest again.",
    ),
    _row(
        "TenantNeedsConsent",
        (65001, 90094, 700016, 50105),
        "It does not allow the application that you signed in with",
        "Ask an administrator of this tenant for consent, or sign in to it in another way.",
    ),
)
_TENANT_REFUSES = _row(
    "TenantRefuses", (), "It gives you no token", "Sign in to this tenant; see the details for what Azure says."
)
_ENDED = frozenset({50173, 700082, 70000, 50078, 700003, 50089, 70043, 50133, 54005})
"""A grant that is over: revoked, unused for too long, or of a password that has changed since."""


def refused(error: BaseException, method: SignInMethod, last_refusal: str = "") -> AppError:
    """Why signing in did not work. `last_refusal` is what the identity service said last."""
    if isinstance(error, AppError):
        return error
    said = " ".join([*(str(each) for each in _chain(error)), last_refusal])
    line = _line_fault(error) or _cache_fault(said)
    if line is not None:
        return line
    if "<html" in last_refusal[:_MARKUP_BEGINS].lower():
        return unreachable(_DOING, LineTrouble(Trouble.WEB_PAGE, _IDENTITY, said=said))
    numbers = {int(number) for number in _NUMBER.findall(said)}
    for row in _ROWS:
        if numbers & row.numbers:
            return SignInRefused(row.code, row.title, row.advice, details=said)
    if numbers & _ENDED:
        return ended(error, last_refusal)
    if "authorization_declined" in said or "access_denied" in said:
        return _by_code("Declined", said)
    if "Timed out" in said or "authorization_pending" in said:
        return _by_code("TimedOut", said)
    if "Unable to get authority configuration" in said:
        return _by_code("UnknownTenant", said)
    if method.is_borrowed:
        return _borrowed(method, said)
    if isinstance(error, CredentialUnavailableError):
        return _unavailable(said)
    title = "Azure does not accept the sign-in"
    return SignInRefused("Refused", title, "See the details for the reason that Azure gives.", details=said)


def ended(error: BaseException, last_refusal: str = "") -> AppError:
    """Why a sign-in that once worked gives no token any more; a broken line is not its end."""
    if isinstance(error, AppError):
        return error
    said = " ".join([*(str(each) for each in _chain(error)), last_refusal])
    line = _line_fault(error) or _cache_fault(said)
    if line is not None:
        return line
    numbers = {int(number) for number in _NUMBER.findall(said)}
    known = next((row for row in _ROWS if numbers & row.numbers), None)
    title = (
        "Your sign-in has ended"
        if known is None
        else f"Your sign-in has ended: {known.title[0].lower()}{known.title[1:]}"
    )
    advice = "Sign in again; what you had started goes on." if known is None else known.advice
    return SignInRequired("SignInEnded", title, advice, remedies=(Remedy.SIGN_IN,), details=said)


def refused_by_tenant(error: BaseException, last_refusal: str = "") -> AppError:
    """Why a sign-in that counts elsewhere gives no token for one tenant; a broken line is not its refusal."""
    if isinstance(error, AppError):
        return error
    line = _line_fault(error)
    if line is not None:
        return line
    answer = getattr(error, "response", None)
    own = "" if answer is None else answer.text()  # with many tenants asked at once the last refusal may be another's
    said = " ".join([*(str(each) for each in _chain(error)), own or last_refusal])
    numbers = {int(number) for number in _NUMBER.findall(said)}
    row = next((row for row in _TENANT_ROWS if numbers & row.numbers), _TENANT_REFUSES)
    return SignInRequired(row.code, row.title, row.advice, remedies=(Remedy.SIGN_IN,), details=said)


def certificate_refused(error: BaseException, had_password: bool) -> AppError:
    """Why the certificate's file cannot be used; nothing of its content is told."""
    kind = type(error).__name__
    if isinstance(error, OSError):
        title = "The certificate's file cannot be read"
        return SignInRefused("CertificateFile", title, "Check the path, and that you may read it.", details=kind)
    if had_password:
        title = "The certificate's file does not open with this password"
        advice = "Type the password again. If it is right, the file may hold no RSA certificate with its private key."
        return SignInRefused("CertificatePassword", title, advice, details=kind)
    title = "The certificate's file cannot be used"
    advice = (
        "It must be a PFX or PEM file with an RSA certificate and its private key; give its password if it has one."
    )
    return SignInRefused("CertificateFile", title, advice, details=kind)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised from."""
    seen: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in seen:
        seen.append(at)
        yield at
        at = at.__cause__


def _line_fault(error: BaseException) -> AppError | None:
    chain = list(_chain(error))
    if any(isinstance(each, GivenUp) for each in chain):
        return SignInRefused("Cancelled", "The sign-in was cancelled")
    trouble = trouble_in(error)
    if trouble is not None:
        return unreachable(_DOING, trouble)
    if not any(isinstance(each, ServiceRequestError | ServiceResponseError | TimeoutError) for each in chain):
        return None
    said = " ".join(str(each) for each in chain)
    return unreachable(_DOING, LineTrouble(kind_of(error) or Trouble.NO_ANSWER, _IDENTITY, said=said))


def _cache_fault(said: str) -> AppError | None:
    """It is no end of the sign-in: the tokens are there, only not to be had in this moment."""
    if _CACHE_IS_LOCKED not in said:
        return None
    title = "Another program has the kept tokens in use"
    return ServiceFault("TokenCacheBusy", title, "Try again in a moment.", details=said)


def _by_code(code: str, said: str) -> SignInRefused:
    row = next(row for row in _ROWS if row.code == code)
    return SignInRefused(row.code, row.title, row.advice, details=said)


def _borrowed(method: SignInMethod, said: str) -> AppError:
    is_cli = method is SignInMethod.AZURE_CLI
    name, command = ("Azure CLI", "az login") if is_cli else ("Azure PowerShell", "Connect-AzAccount")
    if "not found" in said or "not installed" in said:
        advice = f"Install the {name}, or choose another way to sign in."
        return NotSupported("NotInstalled", f"The {name} is not installed on this computer", advice, details=said)
    advice = f"Run `{command}` there for this cloud and tenant, then try again."
    return SignInRefused("NotSignedInThere", f"The {name} is not signed in", advice, details=said)


def _unavailable(said: str) -> AppError:
    if "browser" in said:
        advice = "Sign in with a device code instead: it can be entered on any other computer."
        return NotSupported("NoBrowser", "No browser can be opened here", advice, details=said)
    return SignInRefused("Unavailable", "This way of signing in does not work here", "Choose another.", details=said)
