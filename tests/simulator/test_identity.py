"""The identity service beside the practice vault, as azure-identity and MSAL meet it over TLS."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import msal
import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AuthenticationRequiredError,
    CertificateCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    InteractiveBrowserCredential,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from app.simulator.identity import jwt
from app.simulator.identity.people import CODE_S, DEVICE_CODE_S
from app.simulator.identity.tokens import ACCESS_S, LONG_ACCESS_S, REFRESH_S
from app.simulator.service import Simulator
from tests.simulator.client import WITH_FILE
from tests.support.identity import (
    EXPIRED_SECRET,
    HOLDER,
    OTHER_TENANT,
    PRINTED,
    PUBLIC_CLIENT,
    READER,
    ROBOT,
    ROBOT_SECRET,
    TENANT,
    YOU,
    Person,
    ServedIdentity,
    browser,
    make_certificate,
    served_identity,
    with_certificate,
)

pytestmark = pytest.mark.slow

T = TypeVar("T")
PASSWORD = "a password with späces"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedIdentity]:
    async with served_identity(tmp_path) as identity:
        yield identity


async def ask(call: Callable[[], T]) -> T:
    """Do what blocks beside the loop, which serves."""
    return await asyncio.to_thread(call)


async def refusal(credential: Any, served: ServedIdentity) -> str:
    with pytest.raises(ClientAuthenticationError) as caught:
        await ask(lambda: credential.get_token(served.scope))
    return str(caught.value)


def claims_in(token: str) -> dict[str, Any]:
    read = jwt.read(token)
    assert read is not None
    return read[1]


# Applications


async def test_a_client_secret_becomes_a_token_that_arm_takes(served: ServedIdentity) -> None:
    credential = ClientSecretCredential(TENANT, ROBOT, ROBOT_SECRET, **served.options())

    token = (await ask(lambda: credential.get_token(served.scope))).token

    assert served.vaults(token).status == 200
    claims = claims_in(token)
    assert (claims["aud"], claims["tid"], claims["appid"]) == (served.arm, TENANT, ROBOT)
    assert claims["exp"] - claims["iat"] == ACCESS_S


@pytest.mark.parametrize(
    ("tenant", "client", "secret", "number"),
    [
        (TENANT, ROBOT, "wrong", "AADSTS7000215"),
        (TENANT, ROBOT, EXPIRED_SECRET, "AADSTS7000222"),
        (TENANT, "11111111-2222-4333-8444-555555555555", "any", "AADSTS700016"),
        (OTHER_TENANT, ROBOT, ROBOT_SECRET, "AADSTS700016"),
    ],
)
async def test_a_wrong_application_is_told_by_its_number(
    served: ServedIdentity, tenant: str, client: str, secret: str, number: str
) -> None:
    assert number in await refusal(ClientSecretCredential(tenant, client, secret, **served.options()), served)


async def test_an_unknown_tenant_has_no_metadata(served: ServedIdentity) -> None:
    credential = ClientSecretCredential("nowhere.example", ROBOT, ROBOT_SECRET, **served.options())

    assert "Unable to get authority configuration" in await refusal(credential, served)
    reply = served.send("GET", "/nowhere.example/v2.0/.well-known/openid-configuration")
    assert (reply.status, reply.json["error_codes"]) == (400, [90002])


@pytest.mark.parametrize("kind", ["pem", "pem_with_password", "pfx", "pfx_with_password"])
async def test_a_certificate_proves_an_application(kind: str, tmp_path: Path) -> None:
    keeper = make_certificate(tmp_path, PASSWORD)
    password = PASSWORD if kind.endswith("password") else None
    async with served_identity(tmp_path, with_certificate(keeper.public)) as served:
        credential = CertificateCredential(
            TENANT, HOLDER, certificate_path=str(getattr(keeper, kind)), password=password, **served.options()
        )
        token = (await ask(lambda: credential.get_token(served.scope))).token

        assert served.vaults(token).status == 200


async def test_another_certificate_or_an_ended_one_is_refused(tmp_path: Path) -> None:
    known, other = make_certificate(tmp_path / "a", PASSWORD), make_certificate(tmp_path / "b", PASSWORD)
    ended = make_certificate(tmp_path / "c", PASSWORD, days=-1)
    async with served_identity(tmp_path, with_certificate(known.public)) as served:
        stranger = CertificateCredential(TENANT, HOLDER, certificate_path=str(other.pem), **served.options())
        assert "AADSTS700027" in await refusal(stranger, served)
    async with served_identity(tmp_path, with_certificate(ended.public)) as served:
        late = CertificateCredential(TENANT, HOLDER, certificate_path=str(ended.pem), **served.options())
        assert "expired" in await refusal(late, served)


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({}, None),
        ({"aud": "https://elsewhere.example/token"}, 700023),
        ({"iss": ROBOT}, 700027),
        ({"exp": -1000}, 700024),
        ({"nbf": 4000}, 700024),
        ({"signature": "another key"}, 700027),
        ({"alg": "none"}, 700027),
        ({"alg": "HS256"}, 700027),
    ],
)
async def test_an_assertion_is_looked_at_all_over(change: dict[str, Any], number: int | None, tmp_path: Path) -> None:
    known, other = make_certificate(tmp_path / "a", PASSWORD), make_certificate(tmp_path / "b", PASSWORD)
    async with served_identity(tmp_path, with_certificate(known.public)) as served:
        signer = other if change.get("signature") else known
        key = serialization.load_pem_private_key(signer.pem.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(known.public.encode())
        moment = int(time.time())
        claims = {
            "aud": f"{served.arm}/{TENANT}/oauth2/v2.0/token",
            "iss": HOLDER,
            "sub": HOLDER,
            "iat": moment,
            "exp": moment + 600,
            "jti": "1",
        }
        for name in ("aud", "iss"):
            claims[name] = change.get(name, claims[name])
        claims |= {name: moment + change[name] for name in ("exp", "nbf") if name in change}
        header = {"alg": change.get("alg", "RS256"), "x5t": jwt.b64(certificate.fingerprint(hashes.SHA1()))}
        signed = f"{jwt.b64(json.dumps(header).encode())}.{jwt.b64(json.dumps(claims).encode())}"
        assert isinstance(key, rsa.RSAPrivateKey)
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        assertion = f"{signed}.{jwt.b64(signature)}"

        reply = served.token(
            grant_type="client_credentials",
            client_id=HOLDER,
            scope=served.scope,
            client_assertion=assertion,
            client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        )

        assert reply.json.get("error_codes") == (None if number is None else [number]), reply.body


# People


async def test_a_device_code_is_entered_and_becomes_tokens(served: ServedIdentity) -> None:
    loop = asyncio.get_running_loop()
    shown: list[tuple[str, str]] = []

    def prompt(address: str, code: str, expires: datetime) -> None:
        shown.append((address, code))
        asyncio.run_coroutine_threadsafe(enter(code), loop).result(20)

    async def enter(code: str) -> None:
        assert READER in served.send("GET", f"/common/oauth2/deviceauth?code={code.lower()}").text
        assert "Signed in" in served.enter(code, READER).text

    credential = DeviceCodeCredential(PUBLIC_CLIENT, prompt_callback=prompt, **served.options())
    record = await ask(lambda: credential.authenticate(scopes=[served.scope], enable_cae=True))

    assert (record.username, record.tenant_id, record.authority) == (READER, TENANT, served.arm.partition("//")[2])
    assert shown[0][0] == f"{served.arm}/common/oauth2/deviceauth"
    silent = (await ask(lambda: credential.get_token(served.scope, enable_cae=True))).token
    assert claims_in(silent)["exp"] - claims_in(silent)["iat"] == LONG_ACCESS_S
    assert served.vaults(silent).status == 200
    assert len(shown) == 1


async def begin_device(served: ServedIdentity, scope: str = "") -> dict[str, Any]:
    form = {"client_id": PUBLIC_CLIENT, "scope": f"{scope or served.scope} openid profile offline_access"}
    reply = served.send("POST", "/organizations/oauth2/v2.0/devicecode", form)
    assert reply.status == 200, reply.body
    begun: dict[str, Any] = reply.json
    return begun


def poll(served: ServedIdentity, device: dict[str, Any]) -> Any:
    kind = "urn:ietf:params:oauth:grant-type:device_code"
    return served.token("organizations", grant_type=kind, client_id=PUBLIC_CLIENT, device_code=device["device_code"])


async def test_a_device_code_waits_is_declined_and_runs_out(served: ServedIdentity) -> None:
    device = await begin_device(served)
    assert poll(served, device).json["error"] == "authorization_pending"
    served.enter(device["user_code"], answer="decline")
    assert poll(served, device).json["error"] == "authorization_declined"

    late = await begin_device(served)
    served.put_clock_ahead(DEVICE_CODE_S)
    assert poll(served, late).json["error"] == "expired_token"
    assert "has expired" in served.enter(late["user_code"]).text
    assert (
        served.token("organizations", grant_type="device_code", client_id=PUBLIC_CLIENT, device_code="made up").json[
            "error"
        ]
        == "bad_verification_code"
    )


async def test_a_device_code_is_good_for_one_answer(served: ServedIdentity) -> None:
    device = await begin_device(served)
    served.enter(device["user_code"])
    assert poll(served, device).status == 200
    assert poll(served, device).json["error"] == "bad_verification_code"
    assert "used already" in served.enter(device["user_code"]).text


async def test_a_disabled_account_does_not_get_in(served: ServedIdentity) -> None:
    device = await begin_device(served)
    assert "AADSTS50057" in served.enter(device["user_code"], "gone@contoso.com").text
    assert "AADSTS50034" in served.enter(device["user_code"], "nobody@contoso.com").text
    assert poll(served, device).json["error"] == "authorization_pending"


async def test_the_browser_hands_back_a_code_that_only_its_asker_can_redeem(served: ServedIdentity) -> None:
    person = Person(served.ca)
    credential = InteractiveBrowserCredential(client_id=PUBLIC_CLIENT, timeout=20, **served.options())

    with browser(person):
        record = await ask(lambda: credential.authenticate(scopes=[served.scope]))

    assert record.username == YOU
    assert "code_challenge_method=S256" in person.seen[0]
    token = (await ask(lambda: credential.get_token(served.scope))).token
    assert served.vaults(token).status == 200


async def test_declining_in_the_browser_is_told(served: ServedIdentity) -> None:
    credential = InteractiveBrowserCredential(client_id=PUBLIC_CLIENT, timeout=20, **served.options())
    with browser(Person(served.ca, answer="decline")), pytest.raises(ClientAuthenticationError, match="AADSTS65004"):
        await ask(lambda: credential.authenticate(scopes=[served.scope]))


def authorize(served: ServedIdentity, **change: str) -> str:
    query = {
        "client_id": PUBLIC_CLIENT,
        "response_type": "code",
        "redirect_uri": "http://localhost:8400",
        "scope": f"{served.scope} openid offline_access",
        "code_challenge": "a-challenge",
        "code_challenge_method": "plain",
        "state": "s",
    }
    return f"/organizations/oauth2/v2.0/authorize?{urlencode(query | change)}"


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"redirect_uri": "http://elsewhere.example/"}, "AADSTS50011"),
        ({"redirect_uri": "https://localhost:8400"}, "AADSTS50011"),
        ({"client_id": "nobody"}, "AADSTS700016"),
        ({"code_challenge": ""}, "AADSTS90014"),
        ({"scope": "https://elsewhere.example/.default"}, "AADSTS500011"),
    ],
)
async def test_a_page_that_leads_elsewhere_is_not_shown(
    served: ServedIdentity, change: dict[str, str], number: str
) -> None:
    reply = served.send("GET", authorize(served, **change))
    assert (reply.status, number in reply.text) == (400, True)


async def test_an_authorization_code_is_redeemed_once_in_time_and_with_its_verifier(served: ServedIdentity) -> None:
    def agree() -> str:
        reply = served.send("POST", authorize(served), {"user": YOU, "answer": "agree"})
        assert reply.status == 302
        location = reply.headers["Location"]
        assert location.startswith("http://localhost:8400?code=")
        assert location.endswith("&state=s")
        return location.partition("code=")[2].partition("&")[0]

    def redeem(code: str, verifier: str = "a-challenge", redirect: str = "http://localhost:8400") -> Any:
        form = {"client_id": PUBLIC_CLIENT, "code": code, "redirect_uri": redirect, "code_verifier": verifier}
        return served.token("organizations", grant_type="authorization_code", **form).json

    assert redeem(agree(), verifier="a guess")["error_codes"] == [501481]
    assert redeem(agree(), redirect="http://localhost:1")["error_codes"] == [50011]
    code = agree()
    assert redeem(code)["refresh_token"]
    assert redeem(code)["error_codes"] == [54005]
    late = agree()
    served.put_clock_ahead(CODE_S)
    assert redeem(late)["error_codes"] == [70008]
    assert redeem("made up")["error_codes"] == [70000]


# What becomes of tokens


async def signed_in(served: ServedIdentity) -> dict[str, Any]:
    device = await begin_device(served)
    served.enter(device["user_code"])
    tokens: dict[str, Any] = poll(served, device).json
    return tokens


def refresh(served: ServedIdentity, token: str, tenant: str = "organizations") -> Any:
    return served.token(tenant, grant_type="refresh_token", client_id=PUBLIC_CLIENT, refresh_token=token).json


async def test_a_refresh_token_gives_new_tokens_until_it_is_revoked_or_unused(served: ServedIdentity) -> None:
    tokens = await signed_in(served)
    again = refresh(served, tokens["refresh_token"])
    assert served.subscriptions(again["access_token"]).status == 200
    assert again["refresh_token"] != tokens["refresh_token"]
    assert refresh(served, "made up")["error_codes"] == [70000]
    assert refresh(served, tokens["refresh_token"], OTHER_TENANT)["error_codes"] == [50020]

    served.revoke(YOU)
    assert refresh(served, tokens["refresh_token"])["error_codes"] == [50173]
    anew = await signed_in(served)
    assert "access_token" in refresh(served, anew["refresh_token"])
    served.put_clock_ahead(REFRESH_S + 60)
    assert refresh(served, anew["refresh_token"])["error_codes"] == [700082]


async def test_arm_says_what_is_wrong_with_a_token(served: ServedIdentity) -> None:
    good = served.robot_token().json["access_token"]
    stored = served.robot_token(scope="https://storage.azure.com/.default").json["access_token"]
    head, body, signature = good.split(".")
    claims = claims_in(good) | {"oid": "somebody else"}
    forged = ".".join((head, jwt.b64(json.dumps(claims).encode()), signature))

    def code(token: str) -> str:
        reply = served.subscriptions(token)
        assert reply.status == 401
        assert reply.headers["WWW-Authenticate"].startswith(f'Bearer authorization_uri="{served.arm}/{TENANT}')
        return str(reply.json["error"]["code"])

    assert served.subscriptions(good).status == 200
    assert code(stored) == "InvalidAuthenticationTokenAudience"
    assert code(forged) == "InvalidAuthenticationToken"
    assert code(".".join((head, body, "AAAA"))) == "InvalidAuthenticationToken"
    served.revoke(ROBOT)
    assert code(good) == "InvalidAuthenticationToken"
    later = served.robot_token().json["access_token"]
    assert served.subscriptions(later).status == 200
    served.put_clock_ahead(ACCESS_S + 1)
    assert code(later) == "ExpiredAuthenticationToken"


async def test_a_token_of_another_tenant_opens_nothing_here(served: ServedIdentity) -> None:
    device = await begin_device(served)
    served.enter(device["user_code"], "guest@fabrikam.example")
    token = poll(served, device).json["access_token"]
    assert served.subscriptions(token).json["value"] == []
    assert served.vaults(token).json["error"]["code"] == "InvalidAuthenticationTokenTenant"


async def test_storage_takes_tokens_for_storage_alone(served: ServedIdentity) -> None:
    stored = served.robot_token(scope="https://storage.azure.com/.default").json["access_token"]
    managed = served.robot_token().json["access_token"]
    path = "/blob/stcontosoasrweu?comp=list"
    assert served.send("GET", path, token=stored).status == 200
    assert served.send("GET", path, token=managed).status == 401


async def test_a_challenge_is_met_with_a_new_token(served: ServedIdentity) -> None:
    capable = json.dumps({"access_token": {"xms_cc": {"values": ["CP1"]}}})
    token = served.robot_token(claims=capable).json["access_token"]
    assert served.subscriptions(token).status == 200

    served.challenge(ROBOT)
    refused = served.subscriptions(token)
    assert refused.status == 401
    challenge = refused.headers["WWW-Authenticate"]
    assert 'error="insufficient_claims"' in challenge
    encoded = challenge.partition('claims="')[2].rstrip('"')
    wanted = json.loads(base64.b64decode(encoded))
    assert wanted["access_token"]["nbf"]["essential"] is True

    claims = json.dumps({"access_token": {**wanted["access_token"], **json.loads(capable)["access_token"]}})
    assert served.subscriptions(served.robot_token(claims=claims).json["access_token"]).status == 200


async def test_a_revoked_person_has_to_come_again(served: ServedIdentity) -> None:
    loop = asyncio.get_running_loop()

    async def enter(code: str) -> None:
        served.enter(code)

    def prompt(address: str, code: str, expires: datetime) -> None:
        asyncio.run_coroutine_threadsafe(enter(code), loop).result(20)

    credential = DeviceCodeCredential(
        PUBLIC_CLIENT, prompt_callback=prompt, disable_automatic_authentication=True, **served.options()
    )
    await ask(lambda: credential.authenticate(scopes=[served.scope], enable_cae=True))
    served.revoke(YOU)
    token = (await ask(lambda: credential.get_token(served.scope, enable_cae=True))).token
    refused = served.subscriptions(token).headers["WWW-Authenticate"]
    claims = base64.b64decode(refused.partition('claims="')[2].rstrip('"')).decode()

    with pytest.raises(AuthenticationRequiredError):
        await ask(lambda: credential.get_token(served.scope, claims=claims, enable_cae=True))


async def test_the_caller_in_a_token_is_held_to_their_own_roles(served: ServedIdentity) -> None:
    device = await begin_device(served)
    served.enter(device["user_code"], READER)
    token = poll(served, device).json["access_token"]
    group = f"/subscriptions/{served.simulator.subscription_id}/resourcegroups/rg-new?api-version=2021-04-01"

    assert served.vaults(token).status == 200
    refused = served.send("PUT", group, {"location": "westeurope"}, token=token)

    assert (refused.status, refused.json["error"]["code"]) == (403, "AuthorizationFailed")
    assert READER in refused.json["error"]["message"]
    assert served.send("PUT", group, {"location": "westeurope"}, token=PRINTED).status == 201


async def test_keys_are_published_and_instances_told(served: ServedIdentity) -> None:
    kid = jwt.read(served.robot_token().json["access_token"])
    (key,) = served.send("GET", "/common/discovery/v2.0/keys").json["keys"]
    assert kid is not None
    assert kid[0]["kid"] == key["kid"]
    host = served.arm.partition("//")[2]
    known = served.send("GET", "/common/discovery/instance?api-version=1.1").json["metadata"][0]
    assert known["aliases"] == [host]


async def test_pages_do_not_repeat_what_they_were_sent(served: ServedIdentity) -> None:
    script = "<script>alert(1)</script>"
    for reply in (
        served.send("GET", authorize(served, login_hint=script)),
        served.send("GET", authorize(served, client_id=script)),
        served.enter("none", script),
    ):
        assert script not in reply.text


async def test_msal_itself_discovers_the_instance_and_proves_itself_by_sha256(tmp_path: Path) -> None:
    keeper = await ask(lambda: make_certificate(tmp_path, PASSWORD))
    async with served_identity(tmp_path / "own", with_certificate(keeper.public)) as served:
        session = requests.Session()
        session.verify, session.trust_env = str(served.ca), False

        def sign_in() -> dict[str, Any]:
            application = msal.ConfidentialClientApplication(
                HOLDER,
                authority=f"{served.arm}/{TENANT}",
                client_credential={"private_key_pfx_path": str(keeper.pfx_with_password), "passphrase": PASSWORD},
                http_client=session,
                instance_discovery=f"{served.arm}/common/discovery/instance",
            )
            found: dict[str, Any] = application.acquire_token_for_client([served.scope])
            return found

        answer = await ask(sign_in)
        session.close()

        assert "access_token" in answer, answer
        assert served.vaults(answer["access_token"]).status == 200


async def test_a_saved_vault_knows_its_tokens_and_sign_ins_again(tmp_path: Path) -> None:
    def open_again() -> ServedIdentity:
        simulator = Simulator.open("contoso", token=PRINTED, state_file=tmp_path / "state.db")
        WITH_FILE.append(simulator)
        return ServedIdentity(simulator, "https://127.0.0.1:1", tmp_path)

    before = open_again()
    tokens = await signed_in(before)
    before.simulator.close()
    after = open_again()

    assert after.subscriptions(tokens["access_token"]).status == 200
    assert "access_token" in refresh(after, tokens["refresh_token"])
    assert tokens["refresh_token"].encode() not in (tmp_path / "state.db").read_bytes()


async def test_a_token_of_ours_that_counts_no_longer_opens_nothing_even_where_every_token_does(tmp_path: Path) -> None:
    simulator = Simulator.open("contoso", token="any")
    vault = ServedIdentity(simulator, "https://127.0.0.1:1", tmp_path)
    managed = vault.robot_token().json["access_token"]
    stored = vault.robot_token(scope="https://storage.azure.com/.default").json["access_token"]
    path = "/blob/stcontosoasrweu?comp=list"
    assert vault.subscriptions("whatever").status == 200
    assert vault.send("GET", path, token="whatever").status == 200
    assert vault.subscriptions(managed).status == 200
    assert vault.send("GET", path, token=stored).status == 200

    vault.revoke(ROBOT)

    assert vault.subscriptions(managed).status == 401
    assert vault.send("GET", path, token=stored).status == 401
    assert vault.subscriptions("whatever").status == 200
    wrong = vault.token(grant_type="client_credentials", client_id=ROBOT, client_secret="guess", scope=vault.scope)
    assert wrong.json["error_codes"] == [7000215]


async def test_what_has_run_out_long_ago_is_forgotten(served: ServedIdentity) -> None:
    grants = served.simulator._world.grants
    for days in range(5):
        served.put_clock_ahead(days * 8 * 24 * 3600)
        await begin_device(served)
    assert len(grants) == 1


SCENARIO = """
based_on = "contoso"
title = "Own people"
about = "one robot"

[[identities.applications]]
id = "aaaaaaaa-0000-4000-8000-000000000001"
name = "Robot"
roles = ["Reader"]

[[identities.applications.secrets]]
text = "own-secret"
expires = 2090-01-01T00:00:00Z
"""


async def test_a_scenario_names_its_own_people(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(SCENARIO, "utf-8")
    vault = ServedIdentity(Simulator.open(str(file), token=PRINTED), "https://127.0.0.1:1", tmp_path)
    own = {"client_id": "aaaaaaaa-0000-4000-8000-000000000001", "client_secret": "own-secret"}

    token = vault.robot_token(**own).json["access_token"]

    assert vault.vaults(token).status == 200
    assert vault.robot_token().json["error_codes"] == [700016]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("expires = 2090", "there is no key identities.applications[0].secrets[0].ends; there are text, expires"),
        ("roles = ", "there is no key identities.applications[0].rights; there are id, name"),
    ],
)
def test_a_misspelt_key_is_told_with_those_there_are(tmp_path: Path, wrong: str, told: str) -> None:
    file = tmp_path / "own.toml"
    other = {"expires = 2090": "ends = 2090", "roles = ": "rights = "}[wrong]
    file.write_text(SCENARIO.replace(wrong, other), "utf-8")
    with pytest.raises(ValueError) as caught:
        Simulator.open(str(file))
    assert told in str(caught.value)
