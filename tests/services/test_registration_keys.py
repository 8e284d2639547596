"""Registration keys, both ways, through both doors: made, saved, verified, remembered; and what is refused."""

from __future__ import annotations

import asyncio
import json
import logging
import stat
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from azure.core.exceptions import ServiceResponseError
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.adapters.file_rights import PosixFileRights
from app.domain.fabric import Fabric
from app.domain.registration_key import KeyWay, RegistrationKey
from app.errors import Conflict, InvalidInput, PermissionDenied, ServiceFault, Unreachable
from app.flows.action import ActionKind
from app.flows.vault_credentials import NAMESPACE
from app.paths import user_paths
from app.runtime.journal import ActionState, Journal
from app.runtime.progress import Progress
from app.services.action_text import read_action
from app.services.limits import Limits
from app.services.use_cases import JOURNAL_FILE, UseCases, open_use_cases
from app.simulator.messages import Request, Response
from tests.support.deep_log import deep_log
from tests.support.doors import DOORS, Door, open_door
from tests.support.practice import manual_simulator, refusal
from tests.support.sign_in import bytes_below

pytestmark = pytest.mark.slow  # draws and opens keys

WAYS = list(KeyWay)
BIGGEST_EXACT_FLOAT = 2**53


@dataclass
class Place:
    door: Door
    use: UseCases
    site: Fabric
    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / self.use.keys.suggested_name(self.site)

    async def make(self, way: KeyWay = KeyWay.SERVICE) -> RegistrationKey:
        return await self.use.keys.make(self.site, self.path, way=way)

    def answer(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Let Azure answer something else about certificates."""

        def before(request: Request) -> Response | None:
            if "/certificates/" not in request.url:
                return None
            answer = self.door.simulator.handle(request)
            body = json.loads(answer.read())
            change(body["properties"])
            return Response(200, {"Content-Type": "application/json"}, json.dumps(body).encode())

        self.door.wire.before = before


@asynccontextmanager
async def open_place(door: str, tmp_path: Path, **options: Any) -> AsyncIterator[Place]:
    async with open_door(door, **options) as opened:
        own = tmp_path / "connection"
        own.mkdir(exist_ok=True)
        use = await open_use_cases(opened.gateways, opened.clock, Limits(), own, PosixFileRights())
        try:
            site = (await opened.gateways.site_recovery.list_fabrics(opened.vault))[0]
            folder = tmp_path / "keys"
            folder.mkdir(exist_ok=True)
            yield Place(opened, use, site, folder)
        finally:
            await use.aclose()


@pytest.fixture(params=DOORS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
async def inside(tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place("in process", tmp_path) as opened:
        yield opened


def element(path: Path, name: str) -> str:
    found = ET.fromstring(path.read_bytes()).find(f".//{{{NAMESPACE}}}{name}")
    assert found is not None, name
    return found.text or ""


def archive_of(path: Path) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key, certificate, _ = pkcs12.load_key_and_certificates(b64decode(element(path, "ManagementCert")), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert certificate is not None
    return key, certificate


def certificates(place: Place) -> list[str]:
    return [write.path for write in place.door.wire.accepted(containing="/certificates/")]


# --- made --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
async def test_a_key_opens_matches_and_expires_as_told(place: Place, way: KeyWay) -> None:
    key = await place.make(way)
    secret, certificate = archive_of(key.path)
    assert secret.public_key() == certificate.public_key()
    assert secret.key_size == 2048
    assert certificate.subject.rfc4514_string() == "CN=Windows Azure Tools"
    usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usages) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    now = place.door.clock.now()
    assert abs(certificate.not_valid_before_utc - (now - timedelta(minutes=10))) < timedelta(seconds=5)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(hours=120, minutes=10)
    assert key.valid_until == certificate.not_valid_after_utc
    assert key.thumbprint == certificate.fingerprint(hashes.SHA1()).hex().upper()
    assert not key.is_expired(now)


@pytest.mark.parametrize("way", WAYS)
async def test_the_file_says_what_azure_says(place: Place, way: KeyWay) -> None:
    key = await place.make(way)
    vault = await place.door.gateways.vaults.get_vault(place.door.vault)
    number = element(key.path, "ResourceId")
    assert int(number) > BIGGEST_EXACT_FLOAT
    assert element(key.path, "SiteId") == place.site.internal_id
    assert element(key.path, "SiteName") == place.site.friendly_name
    assert element(key.path, "Location") == vault.location
    assert element(key.path, "ResourceName") == vault.name
    assert (
        element(key.path, "AadVaultAudience") == f"https://RecoveryServiceVault/{vault.location}/{vault.name}/{number}"
    )
    assert element(key.path, "ChannelIntegrityKey") == ""
    assert element(key.path, "PrivateEndpointStateForSiteRecovery") == "None"


async def test_the_file_is_for_its_user_alone_and_nothing_else_is_left(place: Place) -> None:
    key = await place.make()
    assert [path.name for path in place.folder.iterdir()] == [key.path.name]
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600


async def test_azure_is_asked_as_the_portal_asks(inside: Place) -> None:
    bodies: list[Any] = []

    def note(request: Request, response: Response) -> None:
        if "/certificates/" in request.url:
            bodies.append(json.loads(request.body))

    inside.door.wire.after = note
    await inside.make()
    await inside.make(KeyWay.OWN)
    assert bodies[0] == {"certificateCreateOptions": {"validityInHours": 120}}
    assert bodies[1]["properties"]["authType"] == "AAD"
    sent = x509.load_der_x509_certificate(b64decode(bodies[1]["properties"]["certificate"]))
    assert sent == archive_of(inside.path)[1]
    assert "CN=CB_asr-contoso-weu-2-03-2026-vaultcredentials" in certificates(inside)[0].replace("%3D", "=")
    assert certificates(inside)[1].endswith(f"asr-contoso-weu{inside.door.subscription}-3-2-2026-vaultcredentials")


async def test_what_is_shown_before_is_what_is_sent(inside: Place) -> None:
    for way in WAYS:
        (action,) = inside.use.keys.actions(inside.site, way=way)
        assert action.kind is ActionKind.CREATE_REGISTRATION_KEY
        assert (action.subject, action.usual_s) == ("Contoso-HQ", 3)
        assert "valid for 5 days" in action.after
        await inside.make(way)
        assert certificates(inside)[-1].replace("%3D", "=").lower().endswith(action.target.key)


async def test_progress_is_told(inside: Place) -> None:
    said: list[Progress] = []
    await inside.use.keys.make(inside.site, inside.path, report=said.append)
    assert [each.text for each in said] == [
        "Preparing the file",
        "Reading the site and its vault",
        "Waiting for Azure’s certificate",
        "Saving the key",
    ]


async def test_an_audience_that_azure_leaves_out_is_made(inside: Place) -> None:
    inside.answer(lambda properties: properties.pop("aadAudience"))
    key = await inside.make()
    number = element(key.path, "ResourceId")
    assert element(key.path, "AadVaultAudience") == f"https://RecoveryServiceVault/westeurope/asr-contoso-weu/{number}"


async def test_the_loop_has_its_turns_while_a_key_is_drawn(inside: Place) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.001)

    counting = asyncio.create_task(count())
    await inside.make(KeyWay.OWN)
    counting.cancel()
    assert turns > 10


# --- remembered --------------------------------------------------------------------------------------------------


async def test_a_key_is_remembered_by_its_facts_over_a_restart(tmp_path: Path) -> None:
    async with open_place("in process", tmp_path) as first:
        assert first.use.keys.known(first.site) is None
        key = await first.make()
        assert first.use.keys.known(first.site) == key
    async with open_place("in process", tmp_path) as again:
        assert again.use.keys.known(again.site) == key
        assert key.left(again.door.clock.now()) > timedelta(hours=119)
        again.door.simulator.clock.advance(121 * 3600)
        assert key.is_expired(again.door.clock.now())


async def test_facts_that_cannot_be_read_are_no_trouble(tmp_path: Path) -> None:
    async with open_place("in process", tmp_path) as first:
        await first.make()
    file = tmp_path / "connection" / "registration_keys.json"
    content = json.loads(file.read_text())
    for facts in content["content"]["keys"].values():
        facts["valid_until"] = "some day"
    file.write_text(json.dumps(content))
    async with open_place("in process", tmp_path) as again:
        assert again.use.keys.known(again.site) is None


# --- read --------------------------------------------------------------------------------------------------------


async def test_somebody_elses_file_says_what_it_is(place: Place) -> None:
    made = await place.make(KeyWay.OWN)
    read = await place.use.keys.read_file(made.path, place.site)
    assert read.made_at is None
    assert (read.site_id, read.thumbprint, read.valid_until) == (made.site_id, made.thumbprint, made.valid_until)


async def test_a_key_of_another_site_is_named(inside: Place) -> None:
    key = await inside.make()
    other = Fabric(inside.site.id, "other", "Branch", inside.site.kind, internal_id="another")
    with pytest.raises(InvalidInput) as refused:
        await inside.use.keys.read_file(key.path, other)
    assert "for the site Contoso-HQ in the vault asr-contoso-weu, not for Branch" in refused.value.advice
    assert refused.value.problems[0].field == "path"


async def test_a_key_expires_by_the_vaults_clock(inside: Place) -> None:
    key = await inside.make()
    inside.door.simulator.clock.advance(120 * 3600 - 60)
    await inside.use.keys.read_file(key.path, inside.site)
    inside.door.simulator.clock.advance(60)
    with pytest.raises(InvalidInput, match="cannot be used") as refused:
        await inside.use.keys.read_file(key.path, inside.site)
    assert refused.value.advice == (
        "The key expired on 7 March 2026 at 07:30 UTC. A key is good for 120 hours: make a new one."
    )
    assert (await inside.use.keys.read_file(key.path)).is_expired(inside.door.clock.now())


async def test_files_that_are_no_keys_are_refused_with_a_sentence(inside: Place) -> None:
    key = await inside.make()
    whole = key.path.read_text()
    archive = element(key.path, "ManagementCert")
    secret, _ = archive_of(key.path)
    other = await inside.make(KeyWay.OWN)
    _, stranger = archive_of(other.path)
    swapped = pkcs12.serialize_key_and_certificates(None, secret, None, [stranger], NoEncryption())
    path = inside.folder / "given.VaultCredentials"
    for content, says in (
        (whole.replace(archive, "no archive"), "not in base64"),
        (whole.replace(archive, "AAAA"), "cannot be opened"),
        (whole.replace(archive, b64encode(swapped).decode()), "is missing"),
        (whole.replace(archive, ""), "ManagementCert is missing"),
        (whole.replace(inside.site.internal_id, ""), "VMM"),
        ("x" * 10_000_000, "too large"),
    ):
        path.write_text(content)
        with pytest.raises(InvalidInput) as refused:
            await inside.use.keys.read_file(path)
        assert says in refused.value.advice
    for missing, says in ((inside.folder / "none", "There is no file"), (inside.folder, "is a folder")):
        with pytest.raises(InvalidInput) as refused:
            await inside.use.keys.read_file(missing)
        assert says in refused.value.advice


# --- refused and gone wrong --------------------------------------------------------------------------------------


async def test_a_read_only_connection_makes_no_key(place: Place) -> None:
    place.use.access.lock()
    with pytest.raises(Conflict, match="read-only"):
        await place.make()
    assert certificates(place) == []
    assert list(place.folder.iterdir()) == []


async def test_a_place_that_cannot_be_written_is_told_before_anything_is_sent(place: Place) -> None:
    for path, says in (
        (place.folder / "gone" / "key.VaultCredentials", "is not there any more"),
        (place.folder, "Type the name of a file"),
        (place.folder / ("x" * 300), "too long"),
    ):
        with pytest.raises(InvalidInput) as refused:
            await place.use.keys.make(place.site, path)
        assert says in refused.value.advice
    assert certificates(place) == []


async def test_a_full_disk_is_told_and_leaves_no_key(inside: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.runtime.private_file.os.write", full)
    with pytest.raises(InvalidInput) as refused:
        await inside.make()
    monkeypatch.undo()
    assert "is full" in refused.value.advice
    assert list(inside.folder.iterdir()) == []
    assert inside.use.keys.known(inside.site) is None


async def test_azures_refusal_names_the_role(place: Place) -> None:
    action = "Microsoft.RecoveryServices/vaults/certificates/write"
    message = f"The client does not have authorization to perform action '{action}'"
    place.door.wire.before = lambda request: (
        refusal(403, "AuthorizationFailed", message) if "/certificates/" in request.url else None
    )
    with pytest.raises(PermissionDenied, match="registration key") as refused:
        await place.make()
    assert "Site Recovery Contributor" in refused.value.advice
    assert list(place.folder.iterdir()) == []


async def test_a_lost_answer_leaves_nothing_and_the_key_is_made_anew(inside: Place) -> None:
    def lose(request: Request, response: Response) -> None:
        if "/certificates/" in request.url:
            raise ServiceResponseError("the line broke")

    inside.door.wire.after = lose
    with pytest.raises(Unreachable):
        await inside.make()
    assert list(inside.folder.iterdir()) == []
    inside.door.wire.after = lambda request, response: None
    assert await inside.use.runner.unfinished() == ()
    key = await inside.make()
    assert inside.use.keys.known(inside.site) == key


def stranger() -> str:
    """A certificate with its key that says nothing of what it is for."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Windows Azure Tools")])
    start = manual_simulator().clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return b64encode(pkcs12.serialize_key_and_certificates(None, key, certificate, None, NoEncryption())).decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda properties: properties.update(certificate="AAAA"), "cannot be opened"),
        (lambda properties: properties.update(certificate=""), "cannot be used"),
        (lambda properties: properties.update(thumbprint="00"), "another certificate"),
        (lambda properties: properties.update(validTo="2030-01-01T00:00:00+00:00"), "expires at another time"),
        (lambda properties: properties.update(certificate=stranger(), thumbprint="", validTo=""), "nobody can sign in"),
        (lambda properties: properties.update(resourceId=None), "vault’s number"),
    ],
)
async def test_what_is_not_as_asked_becomes_no_key(
    inside: Place, change: Callable[[dict[str, Any]], None], says: str
) -> None:
    inside.answer(change)
    with pytest.raises(ServiceFault, match=says) as refused:
        await inside.make()
    assert "a certificate that nobody holds opens nothing" in refused.value.advice
    assert list(inside.folder.iterdir()) == []


async def test_a_number_that_is_sent_as_a_float_is_not_taken(inside: Place) -> None:
    inside.answer(lambda properties: properties.update(resourceId=4.597285969772519e18))
    with pytest.raises(ServiceFault, match="cannot be read"):
        await inside.make()


async def test_a_cancelled_key_leaves_nothing(inside: Place) -> None:
    making: asyncio.Task[RegistrationKey] | None = None

    def cancel(request: Request) -> None:
        if "/certificates/" in request.url and making is not None:
            making.cancel()

    inside.door.wire.before = cancel
    making = asyncio.create_task(inside.make())
    with pytest.raises(asyncio.CancelledError):
        await making
    assert list(inside.folder.iterdir()) == []
    assert inside.use.keys.known(inside.site) is None


# --- the journal, and what must be nowhere -----------------------------------------------------------------------


async def test_the_journal_has_it_before_it_is_sent_and_how_it_ended(tmp_path: Path) -> None:
    journal_file = tmp_path / "connection" / JOURNAL_FILE
    at_sending: list[bool] = []

    def look(request: Request) -> None:
        if "/certificates/" in request.url:
            kept = b"".join(path.read_bytes() for path in journal_file.parent.iterdir())
            at_sending.append(request.headers["x-ms-client-request-id"].encode() in kept)

    async with open_place("in process", tmp_path) as place:
        place.door.wire.before = look
        await place.make(KeyWay.OWN)
        place.answer(lambda properties: properties.update(thumbprint="00"))
        with pytest.raises(ServiceFault):
            await place.make()
    journal = await Journal.open(journal_file)
    runs = await journal.runs()
    (failed,), (made,) = [await journal.actions(run.id) for run in runs]
    await journal.aclose()
    assert at_sending == [True]
    assert all(run.is_closed for run in runs)
    assert (made.state, failed.state) == (ActionState.CONFIRMED, ActionState.FAILED)
    assert made.client_request_id == place.door.wire.writes[0].client_request_id
    assert len(made.body_hash) == 64
    action = read_action(made.spec)
    assert action.kind is ActionKind.CREATE_REGISTRATION_KEY
    assert action.body == {"properties": {"authType": "AAD"}}


@pytest.mark.parametrize("door", DOORS)
async def test_the_private_key_is_in_the_file_and_nowhere_else(
    door: str, tmp_path: Path, user_home: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    words: list[str] = []
    secrets: list[bytes] = []
    with deep_log():
        async with open_place(door, tmp_path) as place:
            for way in WAYS:
                key = await place.use.keys.make(place.site, place.folder / f"{way}.VaultCredentials", way=way)
                private, _ = archive_of(key.path)
                der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
                archive = element(key.path, "ManagementCert")
                secrets += [
                    der[100:160],
                    b64encode(der[99:159]),
                    *(archive[at : at + 60].encode() for at in (1500, 2500)),
                ]
                words += [repr(key), repr(place.use.keys.actions(place.site, way=way)), repr(place.use.keys)]
            place.answer(lambda properties: properties.update(thumbprint="00"))
            with pytest.raises(ServiceFault) as refused:
                await place.make()
            words += [repr(refused.value), refused.value.details, str(refused.value.__cause__)]
        log = user_paths().log_file.read_bytes()
    out = capfd.readouterr()
    places = {
        "the connection's folder": bytes_below(tmp_path / "connection"),
        "the user's files": bytes_below(user_home),
        "the log": log + caplog.text.encode(),
        "what was printed": (out.out + out.err).encode(),
        "reprs and errors": " ".join(words).encode(),
    }
    assert b"/certificates/" in places["the log"]
    assert sum(secret in bytes_below(place.folder) for secret in secrets) >= 4, "they would be found"
    for secret in secrets:
        assert [name for name, held in places.items() if secret in held] == []
