"""A served practice vault with its identity service over TLS, and the people who sign in to it.

The server runs on the test's own loop: what blocks, as azure-identity does, belongs into a thread.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from app.adapters.azure.identity_transport import IdentityTransport
from app.adapters.network.ways import Ways
from app.simulator.identity.data import ApplicationData, CertificateData, usual_identities
from app.simulator.identity.directory import directory_of, keep
from app.simulator.messages import Request
from app.simulator.scenario_data import ScenarioData, read_scenario
from app.simulator.server import serve
from app.simulator.service import Simulator
from app.simulator.tls import TlsFolder

TENANT = "c0de7a11-3b5d-4e2f-8a61-7d9405b2c6e8"
OTHER_TENANT = "fab21ca0-1d2e-4c3b-8f4a-5b6c7d8e9f01"
PUBLIC_CLIENT = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
ROBOT = "5d0a8c1e-7b42-4f19-9c36-0e8d2a6b4c71"
ROBOT_SECRET = "practice-secret-that-opens-nothing-else"
EXPIRED_SECRET = "practice-secret-of-last-year"
HOLDER = "0b6f9a57-53f4-4b0c-8f0e-9d1b1c6f3a20"
YOU = "you@contoso.com"
READER = "reader@contoso.com"
PRINTED = "the-token-that-was-printed"
VAULT = "asr-contoso-weu"
VERSION = "2025-08-01"
_TURNS_TO_CLOSE = 50


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class ServedIdentity:
    """A practice vault on a port. `send` asks it past the port, at once and from the loop."""

    simulator: Simulator
    arm: str
    ca: Path
    lines: list[IdentityTransport] = field(default_factory=list)

    def options(self) -> dict[str, Any]:
        """For a credential of azure-identity; its line is closed with the vault."""
        line = IdentityTransport(Ways(), ca=self.ca)
        self.lines.append(line)
        return {"authority": self.arm, "disable_instance_discovery": True, "transport": line, "retry_total": 0}

    @property
    def scope(self) -> str:
        return f"{self.arm}/.default"

    def send(self, method: str, path: str, body: dict[str, Any] | None = None, *, token: str = "") -> Reply:
        """A form goes to the identity service, JSON to everything else."""
        is_json = path.startswith(("/simulator", "/subscriptions"))
        content = b"" if body is None else (json.dumps(body) if is_json else urlencode(body)).encode()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = self.simulator.handle(Request(method, self.arm + path, headers, content))
        return Reply(response.status, response.headers, response.read())

    def subscriptions(self, token: str) -> Reply:
        return self.send("GET", "/subscriptions?api-version=2022-12-01", token=token)

    def vaults(self, token: str) -> Reply:
        return self.send("GET", f"{self.vaults_path}?api-version={VERSION}", token=token)

    @property
    def vaults_path(self) -> str:
        return f"/subscriptions/{self.simulator.subscription_id}/providers/Microsoft.RecoveryServices/vaults"

    def token(self, tenant: str = TENANT, **form: str) -> Reply:
        """Ask the token endpoint."""
        return self.send("POST", f"/{tenant}/oauth2/v2.0/token", form)

    def robot_token(self, **more: str) -> Reply:
        form = {"client_id": ROBOT, "client_secret": ROBOT_SECRET, "scope": self.scope} | more
        return self.token(grant_type="client_credentials", **form)

    def practise(self, method: str, path: str, **body: Any) -> None:
        """Use the practice controls."""
        reply = self.send(method, f"/simulator/{path}", body)
        assert reply.status == 200, reply.body

    def revoke(self, who: str) -> None:
        self.practise("POST", f"identities/{who}/revoke")

    def challenge(self, who: str) -> None:
        self.practise("POST", f"identities/{who}/challenge")

    def disable(self, who: str) -> None:
        """Close somebody's account, as an administrator can."""
        world = self.simulator._world
        directory = directory_of(world)
        for user in directory.data.users:
            user.is_enabled = user.is_enabled and user.name != who
        keep(world, directory)

    def change_secret(self, client: str, text: str) -> None:
        """Let an application's secrets be this one alone."""
        world = self.simulator._world
        directory = directory_of(world)
        for application in directory.data.applications:
            if application.id == client:
                application.secrets[0].text = text
                del application.secrets[1:]
        keep(world, directory)

    def put_clock_ahead(self, seconds: float) -> None:
        self.practise("PUT", "identities/clock", aheadSeconds=seconds)

    def enter(self, code: str, user: str = YOU, answer: str = "agree") -> Reply:
        """What a person does with a device code; the page that they see last."""
        return self.send("POST", "/common/oauth2/deviceauth", {"code": code, "user": user, "answer": answer})


@asynccontextmanager
async def served_identity(folder: Path, data: ScenarioData | None = None) -> AsyncIterator[ServedIdentity]:
    tls = TlsFolder(folder / "tls")
    simulator = Simulator.open(data or "contoso", token=PRINTED)
    simulator.clock.set_speed(3600)
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(serve(simulator, 0, port.set_result, tls=tls.server_context()))
    identity = ServedIdentity(simulator, f"https://127.0.0.1:{await port}", tls.ca)
    try:
        yield identity
    finally:
        for line in identity.lines:
            line.close()
        await _take_leave()
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)
        await _take_leave()


async def _take_leave() -> None:
    """TLS ends in both directions, which takes some turns of the loop."""
    for _ in range(_TURNS_TO_CLOSE):
        await asyncio.sleep(0)


# Certificates


@dataclass(frozen=True, slots=True)
class Keeper:
    """An application's certificate with its key, as files."""

    pem: Path
    pem_with_password: Path
    pfx: Path
    pfx_with_password: Path
    public: str


def make_certificate(folder: Path, password: str, *, days: int = 30) -> Keeper:
    """A certificate that ends so many days from now; a negative number is one that has ended."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    moment = datetime.now(UTC)  # noqa: TID251 - certificates live in real time
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Recovery automation")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=90))
        .not_valid_after(moment + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    sealed = serialization.BestAvailableEncryption(password.encode())
    folder.mkdir(parents=True, exist_ok=True)
    paths = Keeper(folder / "a.pem", folder / "b.pem", folder / "a.pfx", folder / "b.pfx", public.decode())
    for path, encryption in ((paths.pem, serialization.NoEncryption()), (paths.pem_with_password, sealed)):
        form = serialization.PrivateFormat.PKCS8
        path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, encryption) + public)
    for path, encryption in ((paths.pfx, serialization.NoEncryption()), (paths.pfx_with_password, sealed)):
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"robot", key, certificate, None, encryption))
    return paths


def with_certificate(public: str) -> ScenarioData:
    """Contoso with one more application, which has this certificate and owns the subscription."""
    data = read_scenario("contoso")
    data.identities = usual_identities()
    held = ApplicationData(HOLDER, "Certificate holder", roles=["Owner"], certificates=[CertificateData(public)])
    data.identities.applications.append(held)
    return data


# A browser with somebody before it


class Person(webbrowser.BaseBrowser):
    """Answers the sign-in page as a person would, and lets the page hand the answer on.

    Attributes:
        seen: the addresses it was sent to.
    """

    def __init__(self, ca: Path, user: str = YOU, answer: str = "agree") -> None:
        super().__init__("person")
        self.ca, self.user, self.answer = ca, user, answer
        self.seen: list[str] = []
        self.is_away = False
        self.called: Callable[[], object] = lambda: None
        self.at_work: threading.Thread | None = None

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.seen.append(url)
        self.called()
        if not self.is_away:  # the program waits for the answer only when this has returned
            self.at_work = threading.Thread(target=self._sign_in, args=(url,), daemon=True)
            self.at_work.start()
        return True

    def finish(self) -> None:
        """Wait until the page has handed its answer on."""
        if self.at_work is not None:
            self.at_work.join(20)

    def _sign_in(self, url: str) -> None:
        verify = str(self.ca)
        shown = requests.get(url, verify=verify, timeout=20)
        assert shown.status_code == 200, shown.text
        assert self.user in shown.text
        form = {"user": self.user, "answer": self.answer}
        passed = requests.post(url, data=form, verify=verify, timeout=20, allow_redirects=False)
        if passed.status_code == 302:
            requests.get(passed.headers["Location"], timeout=20)
            return
        address = re.search(r'action="([^"]+)"', passed.text)
        if address is None:
            return  # the page says no, and leads nowhere
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', passed.text))
        target = unescape(address[1])
        assert urlsplit(target).hostname == "localhost"
        requests.post(target, data={name: unescape(value) for name, value in fields.items()}, timeout=20)


@contextmanager
def browser(person: Person) -> Iterator[None]:
    """Let the program open this one."""
    webbrowser.register("person", None, person, preferred=True)
    try:
        yield
    finally:
        assert webbrowser._tryorder is not None
        webbrowser._tryorder.remove("person")
        person.finish()
