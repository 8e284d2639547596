"""Refusals in every shape that Azure, storage and proxies have, and what becomes of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceResponseTimeoutError,
)

from app.adapters.azure.errors import app_error, azure_errors
from app.errors import (
    AppError,
    Conflict,
    InvalidInput,
    NotFound,
    NotSupported,
    PermissionDenied,
    QuotaReached,
    ServiceFault,
    SignInRequired,
    Throttled,
    Unreachable,
)


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


def arm(code: str, message: str, **more: Any) -> bytes:
    return body({"error": {"code": code, "message": message, **more}})


@dataclass(frozen=True)
class Refusal:
    status: int
    body: bytes
    family: type[AppError]
    code: str
    says: str = ""
    """A word that must stand in title or advice."""
    details: str = ""
    """The service's words that must be kept."""


REFUSALS = {
    "token expired": Refusal(
        401,
        arm("ExpiredAuthenticationToken", "The access token is too old."),
        SignInRequired,
        "ExpiredAuthenticationToken",
    ),
    "storage does not know the token": Refusal(
        403,
        b'\xef\xbb\xbf<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code><Message>No.</Message></Error>',
        SignInRequired,
        "AuthenticationFailed",
        details="No.",
    ),
    "no right, action named": Refusal(
        403,
        arm(
            "AuthorizationFailed",
            "The client 'a@b' does not have authorization to perform action "
            "'Microsoft.Network/virtualNetworks/write' over scope '/subscriptions/s'.",
        ),
        PermissionDenied,
        "AuthorizationFailed",
        says="Network Contributor",
    ),
    "no right to create a vault": Refusal(
        403,
        arm("AuthorizationFailed", "... to perform action 'Microsoft.RecoveryServices/vaults/write' over scope '/s'."),
        PermissionDenied,
        "AuthorizationFailed",
        says="role Contributor.",
    ),
    "no right, action not named": Refusal(
        403, arm("Forbidden", "No."), PermissionDenied, "Forbidden", says="Site Recovery Contributor"
    ),
    "a company policy": Refusal(
        403,
        arm("RequestDisallowedByPolicy", "Not in this region."),
        PermissionDenied,
        "RequestDisallowedByPolicy",
        "policy",
    ),
    "site recovery, missing child": Refusal(
        404,
        arm(
            "NotFound",
            "Nothing of that name.",
            details=[
                {
                    "code": "ArmResourceDoesNotExist",
                    "message": "Nothing of that name.",
                    "possibleCauses": "Mistyped.",
                    "recommendedAction": "Look again.",
                    "activityId": "7a",
                }
            ],
        ),
        NotFound,
        "ArmResourceDoesNotExist",
        details="Look again.",
    ),
    "vault missing": Refusal(404, arm("ResourceNotFound", "Gone."), NotFound, "ResourceNotFound"),
    "older vault service": Refusal(
        404,
        body({"ErrorCode": "ResourceExtendedInfoNotFound", "Message": {"Language": "en-us", "Value": "None yet."}}),
        NotFound,
        "ResourceExtendedInfoNotFound",
        details="None yet.",
    ),
    "vault not empty": Refusal(
        409,
        arm("ServiceResourceNotEmptyWithContainerDetails", "In use.", target=None, details=None, innerError=None),
        Conflict,
        "ServiceResourceNotEmptyWithContainerDetails",
    ),
    "deny assignment": Refusal(
        403,
        arm("DenyAssignmentAuthorizationFailed", "The deny assignment 'managed' withholds it."),
        PermissionDenied,
        "DenyAssignmentAuthorizationFailed",
        says="exclude",
        details="'managed'",
    ),
    "locked": Refusal(409, arm("ScopeLocked", "A lock is set."), Conflict, "ScopeLocked", says="lock"),
    "provider not registered": Refusal(
        409,
        arm("MissingSubscriptionRegistration", "Not registered to use namespace 'Microsoft.Storage'."),
        Conflict,
        "MissingSubscriptionRegistration",
        says="Register Microsoft.Storage",
    ),
    "storage name taken": Refusal(
        409, arm("StorageAccountAlreadyTaken", "Taken."), Conflict, "StorageAccountAlreadyTaken", says="another name"
    ),
    "quota": Refusal(
        409,
        arm("OperationNotAllowed", "That exceeds the approved Total Regional Cores quota."),
        QuotaReached,
        "OperationNotAllowed",
    ),
    "wrong direction": Refusal(
        400,
        arm("BadRequest", "No.", details=[{"code": "InvalidFailoverDirection", "message": "Not that way."}]),
        Conflict,
        "InvalidFailoverDirection",
        details="Not that way.",
    ),
    "a value refused": Refusal(400, arm("InvalidParameter", "Bad."), InvalidInput, "InvalidParameter"),
    "json inside json": Refusal(
        400,
        body(
            json.dumps(
                {"error": {"code": "Outer", "message": json.dumps({"error": {"code": "Inner", "message": "Why."}})}}
            )
        ),
        InvalidInput,
        "Inner",
        details="Why.",
    ),
    "error as a string of json": Refusal(
        400,
        body({"error": json.dumps({"code": "Folded", "message": "Deep."})}),
        InvalidInput,
        "Folded",
        details="Deep.",
    ),
    "details three deep": Refusal(
        400,
        arm("A", "a", details=[{"code": "B", "message": "b", "details": [{"code": "C", "message": "the reason"}]}]),
        InvalidInput,
        "C",
        details="the reason",
    ),
    "sign-in service": Refusal(
        400,
        body({"error": "invalid_grant", "error_description": "Revoked."}),
        InvalidInput,
        "invalid_grant",
        details="Revoked.",
    ),
    "throttled": Refusal(429, arm("TooManyRequests", "Slow down."), Throttled, "TooManyRequests", says="17 s"),
    "throttled with nothing said": Refusal(429, b"", Throttled, "429"),
    "fault, nothing said": Refusal(500, b"", ServiceFault, "500"),
    "fault in plain words": Refusal(503, b"The service is unavailable.", ServiceFault, "503", details="unavailable"),
    "not simulated": Refusal(501, arm("NotImplemented", "Not simulated: GET /x"), NotSupported, "NotImplemented"),
    "wrong method": Refusal(405, b"", NotSupported, "405"),
    "proxy page": Refusal(
        403,
        b"<!DOCTYPE html><html><head><title>Blocked by  Contoso</title></head><body>...</body></html>",
        Unreachable,
        "Blocked",
        says="a filter blocks Azure",
        details="Blocked by Contoso",
    ),
    "proxy wants a password": Refusal(
        407, b"", Unreachable, "ProxyWantsPassword", says="the proxy asks for a password"
    ),
    "redirect to nowhere": Refusal(302, b"", ServiceFault, "302"),
    "a list instead of an object": Refusal(400, b"[1, 2]", InvalidInput, "400"),
    "half a body": Refusal(400, b'{"error": {"code": "Cut', InvalidInput, "400"),
    "not utf-8": Refusal(500, b"\xff\xfe\x00", ServiceFault, "500"),
    "nested without end": Refusal(400, b'{"error":' * 50 + b"1" + b"}" * 50, InvalidInput, "400"),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_becomes_the_family_that_says_what_to_do(refusal: Refusal) -> None:
    headers = {"Retry-After": "17", "x-ms-correlation-request-id": "c-1"}

    error = app_error(refusal.status, headers, refusal.body, "list replicated items")

    assert type(error) is refusal.family
    assert error.code == refusal.code
    assert error.title.startswith("Could not list replicated items")
    assert refusal.says in f"{error.title} {error.advice}"
    assert refusal.details in error.details
    assert error.advice


def test_titles_and_advice_never_repeat_the_service() -> None:
    words = "Words of the service that nobody should meet in a title"

    errors = [
        app_error(status, {}, arm("Code", words), "read the job") for status in (400, 401, 403, 404, 409, 429, 500)
    ]

    assert all(words not in error.title + error.advice for error in errors)
    assert all(words in error.details for error in errors)


def test_the_correlation_id_that_support_asks_for_is_kept() -> None:
    error = app_error(409, {"x-ms-correlation-request-id": "c-1"}, arm("Busy", "Later."), "read the job")

    assert error.correlation_id == "c-1"


def test_the_pause_that_azure_asks_for_is_told_in_seconds() -> None:
    error = app_error(429, {"Retry-After": "17"}, b"", "list jobs")

    assert isinstance(error, Throttled)
    assert error.retry_after_s == 17
    assert error.retryable


@pytest.mark.parametrize(
    ("failure", "family"),
    [
        (ServiceRequestError("Cannot connect to host"), Unreachable),
        (ServiceResponseTimeoutError("Timed out"), Unreachable),
        (IncompleteReadError("Cut"), Unreachable),
        (ClientAuthenticationError("No token"), SignInRequired),
        (TimeoutError(), Unreachable),
        (ConnectionResetError("reset"), Unreachable),
        (msgspec.DecodeError("JSON is malformed"), ServiceFault),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_what_happens_on_the_way_is_translated_too(failure: Exception, family: type[AppError]) -> None:
    with pytest.raises(family) as caught, azure_errors("list jobs"):
        raise failure

    assert caught.value.__cause__ is failure


def test_our_own_errors_pass_as_they_are() -> None:
    ours = NotFound("x", "Gone")

    with pytest.raises(NotFound) as caught, azure_errors("list jobs"):
        raise ours

    assert caught.value is ours


@pytest.mark.parametrize(
    ("status", "code", "wanted"),
    [
        (409, "StorageAccountAlreadyTaken", True),
        (403, "RequestDisallowedByPolicy", True),
        (409, "SkuNotAvailable", True),
        (403, "RequestDisallowedByAzure", True),
        (409, "MaxStorageAccountsCountPerSubscriptionExceeded", True),
        (400, "LocationNotAvailableForResourceType", True),
        (400, "InvalidParameter", True),
        (409, "ScopeLocked", False),
        (409, "AnotherOperationInProgress", False),
        (409, "MissingSubscriptionRegistration", False),
        (403, "AuthorizationFailed", False),
        (408, "RequestTimeout", False),
        (429, "TooManyRequests", False),
        (503, "ServiceUnavailable", False),
    ],
)
def test_a_refusal_of_what_was_asked_for_wants_another_answer(status: int, code: str, wanted: bool) -> None:
    error = app_error(status, {}, arm(code, "No."), "create it")
    assert error.wants_other_answer is wanted
