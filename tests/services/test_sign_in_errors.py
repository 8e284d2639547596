"""What the identity service and the line to it say becomes the program's own errors, with a remedy."""

from __future__ import annotations

import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import AuthenticationRequiredError, CredentialUnavailableError

from app.adapters.azure.identity_transport import GivenUp
from app.adapters.azure.line import LineFault
from app.adapters.azure.sign_in_errors import ended, refused, refused_by_tenant
from app.domain.line_trouble import LineTrouble, Trouble
from app.errors import AppError, NotSupported, Remedy, ServiceFault, SignInRefused, SignInRequired, Unreachable
from app.ports.sign_in import SignInMethod

BROWSER = SignInMethod.BROWSER
WEB_PAGE = "<!doctype html><html><title>Sign in to the guest network</title></html>"


def said(number: int) -> ClientAuthenticationError:
    return ClientAuthenticationError(message=f"Authentication failed: AADSTS{number}: Words of the service.")


def caused(message: str, cause: BaseException) -> ClientAuthenticationError:
    error = ClientAuthenticationError(message=message)
    error.__cause__ = cause
    return error


def lost(cause: BaseException) -> ServiceRequestError:
    error = ServiceRequestError("No line")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (7000215, "WrongSecret"),
        (7000222, "ExpiredSecret"),
        (90002, "UnknownTenant"),
        (700016, "UnknownApplication"),
        (700027, "WrongCertificate"),
        (700024, "WrongClock"),
        (50034, "UnknownUser"),
        (50057, "DisabledUser"),
        (50076, "NeedsMore"),
        (53003, "NeedsMore"),
        (65001, "NeedsConsent"),
        (65004, "Declined"),
        (500011, "UnknownResource"),
        (70019, "TimedOut"),
        (1234567, "Refused"),
    ],
)
def test_each_number_has_a_cause_and_a_remedy(number: int, code: str) -> None:
    error = refused(said(number), BROWSER)

    assert isinstance(error, SignInRefused)
    assert error.code == code
    assert error.title
    assert error.advice
    assert f"AADSTS{number}" in error.details


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (50076, "TenantAsksForProof"),
        (50079, "TenantAsksForProof"),
        (53000, "TenantAsksForDevice"),
        (53003, "TenantBlocks"),
        (50020, "NotOfTenant"),
        (65001, "TenantNeedsConsent"),
        (1234567, "TenantRefuses"),
    ],
)
def test_a_tenant_that_gives_no_token_says_why_and_can_be_signed_in_to(number: int, code: str) -> None:
    error = refused_by_tenant(said(number))

    assert isinstance(error, SignInRequired)
    assert error.code == code
    assert error.title
    assert error.advice
    assert error.remedies == (Remedy.SIGN_IN,)
    assert f"AADSTS{number}" in error.details


def test_a_broken_line_is_no_refusal_of_a_tenant() -> None:
    assert isinstance(refused_by_tenant(caused("x", ServiceRequestError("no route"))), Unreachable)


def test_a_number_is_found_where_msal_leaves_it_out() -> None:
    error = refused(ClientAuthenticationError(message="Unable to do it"), BROWSER, '{"error_codes": "AADSTS90002: x"}')
    assert error.code == "UnknownTenant"


@pytest.mark.parametrize(
    ("error", "last_refusal", "kind", "code"),
    [
        (caused("x", ServiceRequestError("It did not work")), "", Unreachable, "NoAnswer"),
        (caused("x", lost(ConnectionRefusedError())), "", Unreachable, "Refused"),
        (caused("x", LineFault(LineTrouble(Trouble.UNTRUSTED, "login"))), "", Unreachable, "Untrusted"),
        (ClientAuthenticationError(message="Unexpected"), WEB_PAGE, Unreachable, "WebPage"),
        (caused("x", GivenUp()), "", SignInRefused, "Cancelled"),
        (ClientAuthenticationError(message="Timed out after waiting 300 seconds"), "", SignInRefused, "TimedOut"),
        (CredentialUnavailableError(message="Failed to open a browser"), "", NotSupported, "NoBrowser"),
    ],
)
def test_the_line_and_the_computer_are_told_apart_from_the_service(
    error: BaseException, last_refusal: str, kind: type[AppError], code: str
) -> None:
    found = refused(error, BROWSER, last_refusal)
    assert (type(found), found.code) == (kind, code)


@pytest.mark.parametrize("number", [50173, 700082, 70043])
def test_a_grant_that_is_over_asks_to_sign_in_again(number: int) -> None:
    error = ended(said(number))

    assert isinstance(error, SignInRequired)
    assert (error.code, error.remedies) == ("SignInEnded", (Remedy.SIGN_IN,))


def test_a_sign_in_that_ends_says_why_where_that_is_known() -> None:
    error = ended(said(7000222))

    assert isinstance(error, SignInRequired)
    assert "secret has expired" in error.title
    assert "new secret" in error.advice


def test_a_broken_line_does_not_end_a_sign_in() -> None:
    assert isinstance(ended(caused("x", ServiceRequestError("refused"))), Unreachable)


def test_what_needs_a_person_ends_it() -> None:
    assert isinstance(ended(AuthenticationRequiredError(["scope"])), SignInRequired)


def test_a_cache_that_is_locked_is_no_end_of_the_sign_in() -> None:
    error = ClientAuthenticationError(message="Authentication failed: Unable to obtain lock, despite trying for 5 s")
    for told in (ended(error), refused(error, SignInMethod.BROWSER)):
        assert isinstance(told, ServiceFault)
        assert told.retryable
