"""How an application proves itself with a certificate: a token that it signs, meant for the token endpoint alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.simulator.identity.data import ApplicationData
from app.simulator.identity.directory import now
from app.simulator.identity.refusals import refused
from app.simulator.router import Call
from app.simulator.wire import Json

if TYPE_CHECKING:
    from cryptography import x509

KIND = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SLACK_S = 300
_LONGEST_S = 24 * 3600


def check(call: Call, application: ApplicationData, assertion: str) -> None:
    """
    Raises:
        Refusal: the assertion was not signed with one of the application's certificates, was made by or for somebody
            else, or does not hold now.
    """
    from app.simulator.identity import jwt

    read = jwt.read(assertion)
    if read is None:
        raise refused(call, 700027, "it is no signed token")
    header, claims = read
    certificate = _certificate(application, header)
    if certificate is None:
        raise refused(call, 700027, "no certificate of the application has the thumbprint that it names")
    key = certificate.public_key()
    if not jwt.is_signed_by(assertion, key, str(header.get("alg"))):  # type: ignore[arg-type]
        raise refused(call, 700027, "its signature is not that of the certificate")
    moment = now(call.world)
    if certificate.not_valid_after_utc.timestamp() <= moment:
        raise refused(call, 700027, "the certificate has expired")
    if certificate.not_valid_before_utc.timestamp() > moment + _SLACK_S:
        raise refused(call, 700027, "the certificate is not valid yet")
    _check_claims(call, application, claims, moment)


def _check_claims(call: Call, application: ApplicationData, claims: Json, moment: float) -> None:
    if not claims.get("iss") == claims.get("sub") == application.id:
        raise refused(call, 700027, "its issuer and subject are not the application")
    endpoint = f"{call.base}/{call.segments[0]}"
    if claims.get("aud") not in (f"{endpoint}/oauth2/v2.0/token", f"{endpoint}/v2.0"):
        raise refused(call, 700023)
    ends, begins = claims.get("exp"), claims.get("nbf", claims.get("iat", 0))
    if not isinstance(ends, int | float) or not isinstance(begins, int | float):
        raise refused(call, 700024)
    if ends <= moment - _SLACK_S or begins > moment + _SLACK_S or ends > moment + _LONGEST_S:
        raise refused(call, 700024)


def _certificate(application: ApplicationData, header: Json) -> x509.Certificate | None:
    """The application's certificate that the header names by its SHA-1 or SHA-256 thumbprint."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    from app.simulator.identity import jwt

    named = {str(header.get(name, "")).rstrip("=") for name in ("x5t", "x5t#S256")}  # MSAL leaves the padding on
    for held in application.certificates:
        certificate = x509.load_pem_x509_certificate(held.pem.encode())
        short = jwt.b64(certificate.fingerprint(hashes.SHA1()))  # noqa: S303 - how clients name a certificate
        long = jwt.b64(certificate.fingerprint(hashes.SHA256()))
        if short in named or long in named:
            return certificate
    return None
