"""SDK and ARM errors become the program's own, once, here.

Each family answers one question: what can the user do next? Titles and advice are ours; the service's words go to
`details`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    DecodeError,
    HttpResponseError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceResponseError,
)

from app.adapters.azure.faults import read_fault
from app.adapters.azure.line import LineFault, trouble_in, unreachable
from app.adapters.network.answers import judge_page
from app.adapters.network.faults import kind_of
from app.adapters.network.proxy_answers import PROXY_ASKS
from app.domain.line_trouble import LineTrouble, Trouble
from app.errors import (
    AppError,
    Conflict,
    InvalidInput,
    NotFound,
    NotSupported,
    PermissionDenied,
    QuotaReached,
    Remedy,
    ServiceFault,
    SignInRequired,
    Throttled,
    Unreachable,
)

_SIGN_IN_CODES = frozenset(
    {"expiredauthenticationtoken", "invalidauthenticationtoken", "invalidauthenticationtokentenant"}
)
_THROTTLED_CODES = frozenset({"toomanyrequests", "subscriptionrequeststhrottled"})


_Plain = Conflict | InvalidInput | NotFound | NotSupported | PermissionDenied | QuotaReached | ServiceFault


@dataclass(frozen=True, slots=True)
class _Row:
    """A kind of refusal: its family, why in a few words, and what to do. It is known by a code or by the status."""

    family: type[_Plain]
    why: str
    advice: str
    codes: frozenset[str] = frozenset()
    statuses: Container[int] = ()
    is_of_answer: bool = False
    """It lies in what was asked for, where the family alone does not say so."""


_BY_CODE = (
    _Row(
        PermissionDenied,
        "a deny assignment withholds it",
        "No role helps: whoever made the deny assignment has to exclude you. The details tell its name.",
        codes=frozenset({"denyassignmentauthorizationfailed"}),
    ),
    _Row(
        Conflict,
        "a lock protects it",
        "Remove the lock on the resource or its group in the portal, or choose another one.",
        codes=frozenset({"scopelocked"}),
    ),
    _Row(
        PermissionDenied,
        "a policy of your organisation forbids it",
        "Choose a name, region or kind that the policy allows, or ask whoever keeps the policy.",
        codes=frozenset({"requestdisallowedbypolicy"}),
        is_of_answer=True,
    ),
    _Row(
        Conflict,
        "the subscription has not used this kind of resource yet",
        "Register {provider} under Resource providers of the subscription, then try again.",
        codes=frozenset({"missingsubscriptionregistration", "subscriptionnotregistered"}),
    ),
    _Row(
        Conflict,
        "the subscription is disabled",
        "Azure lets it be read and nothing else. Ask whoever pays for it to enable it again, or choose another one.",
        codes=frozenset({"readonlydisabledsubscription"}),
    ),
    _Row(
        QuotaReached,
        "a limit of the subscription is reached",
        "Ask Azure to raise the limit, free something up, or choose another size or region.",
        codes=frozenset(
            {
                "quotaexceeded",
                "maxstorageaccountscountpersubscriptionexceeded",
            }
        ),
    ),
    _Row(
        QuotaReached,
        "the region has no room for it",
        "Try again later, choose another size, kind or redundancy, or ask Azure’s support for access to the region.",
        codes=frozenset(
            {
                "skunotavailable",
                "allocationfailed",
                "zonalallocationfailed",
                "overconstrainedallocationrequest",
                "requestdisallowedbyazure",
                "accounttypenotsupportedinlocation",
            }
        ),
    ),
    _Row(
        InvalidInput,
        "the region does not offer it",
        "Choose other copies of the data, such as LRS, or another size. Where the region has none of them, it takes a "
        "vault in another region.",
        codes=frozenset(
            {
                "redundancyconfigurationnotavailableinregion",
                "locationnotavailableforresourcetype",
                "locationnotvalid",
                "invalidlocation",
            }
        ),
    ),
    _Row(
        Conflict,
        "the name is taken",
        "Choose another name; storage account names are shared by all of Azure.",
        codes=frozenset(
            {"storageaccountalreadytaken", "storageaccountalreadyexists", "storageaccountinanotherresourcegroup"}
        ),
        is_of_answer=True,
    ),
    _Row(
        Conflict,
        "its present state does not allow it",
        "Refresh, look at its state, then choose what that state offers.",
        codes=frozenset({"invalidfailoverdirection"}),
    ),
)
_QUOTA = next(row for row in _BY_CODE if row.family is QuotaReached)

_BY_STATUS = (
    _Row(
        PermissionDenied,
        "your account may not do this",
        "Ask for the role {role}. A new role needs a few minutes to take effect.",
        statuses=(403,),
    ),
    _Row(
        NotFound,
        "it is not there",
        "It may have been deleted or renamed. Refresh and choose again.",
        statuses=(404, 410),
    ),
    _Row(
        Conflict,
        "its present state does not allow it",
        "Something else may be under way. Refresh, look at its state, then try again.",
        statuses=(409, 412, 423),
    ),
    _Row(NotSupported, "not supported", "The service at the other end does not offer this.", statuses=(405, 501)),
    _Row(
        InvalidInput,
        "Azure refuses a value",
        "See the details for the value, correct it and try again.",
        statuses=frozenset(range(400, 500)) - {408},
    ),
)
_FAULT = _Row(
    ServiceFault,
    "Azure has a fault",
    "Try again in a few minutes. If it goes on, look at Azure’s service health.",
)

_ROLES = (
    ("microsoft.recoveryservices/vaults/write", "Contributor"),
    ("microsoft.recoveryservices/", "Site Recovery Contributor"),
    ("microsoft.storage/storageaccounts/blobservices/", "Storage Blob Data Contributor"),
    ("microsoft.storage/", "Storage Account Contributor"),
    ("microsoft.network/", "Network Contributor"),
    ("microsoft.compute/", "Virtual Machine Contributor"),
    ("microsoft.resources/", "Contributor"),
)
"""Which built-in role holds an action, by the action's beginning; the first that fits counts."""

BLOB_DATA_ROLE = "Storage Blob Data Contributor"
_DEFAULT_ROLE = "Site Recovery Contributor"


@contextmanager
def azure_errors(doing: str, *, role: str = _DEFAULT_ROLE) -> Iterator[None]:
    """Turn whatever goes wrong inside into an `AppError`.

    `doing` completes "Could not ...", such as `list protected items`; `role` is the built-in role that allows it, named
    where the service does not say which action it missed.
    """
    try:
        yield
    except LineFault as error:
        raise unreachable(doing, error.trouble) from error
    except (IncompleteReadError, ServiceRequestError, ServiceResponseError, TimeoutError, OSError) as error:
        raise _no_answer(doing, error) from error
    except (DecodeError, msgspec.DecodeError) as error:
        raise unreadable(doing, error) from error
    except HttpResponseError as error:
        raise _from_answer(error, doing, role) from error
    except ClientAuthenticationError as error:
        raise _sign_in(doing, "", str(error), "") from error
    except AzureError as error:
        raise ServiceFault("", f"Could not {doing}", "Try again in a moment.", details=str(error)) from error


def app_error(status: int, headers: Mapping[str, str], body: bytes, doing: str, role: str = _DEFAULT_ROLE) -> AppError:
    """The error for a refused request, from its answer alone."""
    fault = read_fault(body)
    code = fault.code or headers.get("x-ms-error-code") or str(status)
    codes = frozenset(name.lower() for name in (code, *fault.codes))
    asked_for = headers.get("x-ms-correlation-request-id") or fault.activity_id or headers.get("x-ms-request-id") or ""
    details = fault.words or f"HTTP {status}"

    if status == PROXY_ASKS:
        return unreachable(doing, LineTrouble(Trouble.PROXY_WANTS_PASSWORD, "", status=status, said=details))
    if fault.is_web_page:
        return unreachable(doing, replace(judge_page(status), said=details))
    if status == 401 or codes & _SIGN_IN_CODES or (status == 403 and "authenticationfailed" in codes):
        return _sign_in(doing, code, details, asked_for)
    if status == 429 or codes & _THROTTLED_CODES:
        wait_s = _seconds(headers.get("Retry-After"))
        return Throttled(
            code,
            f"Could not {doing}: too many requests",
            f"Azure asks to wait {wait_s:.0f} s. Then try again." if wait_s else "Wait a minute, then try again.",
            retry_after_s=wait_s,
            details=details,
        )
    row = _row_for(status, codes, fault.message)
    advice = row.advice.format(role=_role_for(fault.message) or role, provider=_provider_in(fault.message))
    error = row.family(code, f"Could not {doing}: {row.why}", advice, correlation_id=asked_for, details=details)
    error.wants_other_answer |= row.is_of_answer
    return error


def _row_for(status: int, codes: frozenset[str], message: str) -> _Row:
    """A code says more than the status, so it decides where it is known."""
    for row in _BY_CODE:
        if codes & row.codes:
            return row
    if status in (400, 403, 409) and "quota" in message.lower():
        return _QUOTA  # several services refuse with a general code and say only in words that a quota is used up
    return next((row for row in _BY_STATUS if status in row.statuses), _FAULT)


def _from_answer(error: HttpResponseError, doing: str, role: str) -> AppError:
    response: Any = error.response
    if response is None:
        if isinstance(error, ClientAuthenticationError):
            return _sign_in(doing, "", str(error), "")
        return ServiceFault("", f"Could not {doing}", "Try again in a moment.", details=str(error))
    try:
        body = response.body()
    except Exception:  # the body was streamed and is gone, or was never read: what is left is the SDK's own text
        body = error.message.encode()
    return app_error(int(response.status_code or 0), response.headers, body, doing, role)


def _sign_in(doing: str, code: str, details: str, asked_for: str) -> SignInRequired:
    return SignInRequired(
        code,
        f"Could not {doing}: you are not signed in",
        "Sign in again; the sign-in has ended or was revoked.",
        remedies=(Remedy.SIGN_IN,),
        correlation_id=asked_for,
        details=details,
    )


def _no_answer(doing: str, error: Exception) -> Unreachable:
    trouble = trouble_in(error) or LineTrouble(kind_of(error) or Trouble.NO_ANSWER, "Azure", said=str(error))
    return unreachable(doing, trouble)


def _role_for(message: str) -> str:
    """The role that holds the action which ARM's refusal names; empty when it names none."""
    found = re.search(r"perform action '([^']+)'", message)
    action = found.group(1).lower() if found else ""
    if action.endswith("/register/action"):
        return "Contributor"  # it holds for the subscription, whatever the provider
    return next((role for beginning, role in _ROLES if action.startswith(beginning)), "")


def _provider_in(message: str) -> str:
    found = re.search(r"namespace '([^']+)'", message)
    return found.group(1) if found else "the resource provider that the details name"


def unreadable(doing: str, error: Exception) -> ServiceFault:
    return ServiceFault(
        "UnreadableAnswer",
        f"Could not {doing}: the answer cannot be read",
        "A proxy or a sign-in page may stand between this computer and Azure. Open the portal in a browser to see.",
        details=str(error),
    )


def _seconds(retry_after: str | None) -> float:
    try:
        return max(float(retry_after or 0), 0.0)
    except ValueError:
        return 0.0
