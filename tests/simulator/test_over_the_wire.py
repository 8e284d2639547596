"""`serve-simulator` as any client meets it: TLS, tokens, many at once, and where it may listen."""

from __future__ import annotations

import json
import shutil
import signal
import ssl
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography import x509

from app.simulator import tls
from app.simulator.tls import CA_FILE, CERTIFICATE_FILE, KEY_FILE, TlsFolder
from tests.simulator.served import ROOT, Served

pytestmark = pytest.mark.slow

VERSION = "api-version=2025-08-01"
TENANT = "c0de7a11-3b5d-4e2f-8a61-7d9405b2c6e8"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tls"


@pytest.fixture(params=["http", "https"])
def served(request: pytest.FixtureRequest, folder: Path) -> Iterator[Served]:
    vault = Served("--scenario", "fleet 1200", *(("--tls", str(folder)) if request.param == "https" else ()))
    yield vault
    vault.let_go()


def test_only_the_printed_token_opens(served: Served) -> None:
    path = f"{served.vault}/replicationFabrics?{VERSION}"
    blob = f"{served.info['blob']}/stfleetasrweu01?comp=list"
    assert len(served.info["token"]) >= 24
    assert served.ask("GET", path)[0] == 200
    assert served.ask("GET", blob)[0] == 200
    for token in ("", "any", "practice", served.info["token"][:-1]):
        status, headers, body = served.ask("GET", path, token=token)
        assert (status, json.loads(body)["error"]["code"]) == (401, "AuthenticationFailed")
        assert headers["WWW-Authenticate"].startswith("Bearer")
        assert served.ask("GET", blob, token=token)[0] == 401


def test_links_are_absolute_and_lead_to_the_end(served: Served) -> None:
    url, seen = f"{served.vault}/replicationProtectedItems?{VERSION}", 0
    for _ in range(3):
        status, _, body = served.ask("GET", url)
        page = json.loads(body)
        assert status == 200
        seen += len(page["value"])
        url = page.get("nextLink")
        if url is None:
            break
        assert url.startswith(served.info["arm"] + "/")
    assert seen == 1200


def test_endpoints_are_told_without_a_token_and_a_token_for_the_token(served: Served) -> None:
    arm, token = served.info["arm"], served.info["token"]
    _, _, body = served.ask("GET", "/metadata/endpoints?api-version=2022-09-01", token="")
    cloud = json.loads(body)
    assert cloud["resourceManager"] == arm
    assert cloud["authentication"]["loginEndpoint"] == arm
    _, _, body = served.ask("GET", "/metadata/endpoints?api-version=2019-05-01", token="")
    assert json.loads(body)[0]["authentication"]["loginEndpoint"] == arm
    _, _, body = served.ask("GET", f"/{TENANT}/v2.0/.well-known/openid-configuration", token="")
    endpoint = json.loads(body)["token_endpoint"]
    assert endpoint == f"{arm}/{TENANT}/oauth2/v2.0/token"
    form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": token}
    status, _, body = served.ask("POST", endpoint, urlencode(form).encode(), token="")
    assert (status, json.loads(body)["access_token"]) == (200, token)
    status, _, body = served.ask("POST", endpoint, urlencode(form | {"client_secret": "guess"}).encode(), token="")
    assert (status, json.loads(body)["error_codes"]) == (400, [700016])


def test_many_clients_are_served_at_once_and_a_stop_saves(tmp_path: Path, folder: Path) -> None:
    options = ("--state", str(tmp_path / "state.db"), "--tls", str(folder), "--speed", "3600")
    vault = Served("--scenario", "fleet 2000", *options)
    try:

        def work(number: int) -> int:
            body = json.dumps({"properties": {"providerSpecificInput": {"instanceType": "HyperVReplicaAzure"}}})
            path = f"{vault.vault}/replicationPolicies/p{number}?{VERSION}"
            accepted, _, _ = vault.ask("PUT", path, body.encode())
            listed, _, content = vault.ask("GET", f"{vault.vault}/replicationProtectedItems?{VERSION}")
            assert len(json.loads(content)["value"]) == 500
            return accepted * 1000 + listed

        with ThreadPoolExecutor(24) as pool:
            assert set(pool.map(work, range(48))) == {202200}
        assert vault.end(signal.SIGTERM) == 0
    finally:
        vault.let_go()
    again = Served("--scenario", "empty", *options)
    try:
        _, _, content = again.ask("GET", f"{again.vault}/replicationJobs?{VERSION}")
        jobs = json.loads(content)["value"]
        made = [job for job in jobs if job["properties"]["scenarioName"] == "AddProtectionProfile"]
        assert len(made) == 48
    finally:
        again.let_go()


def test_every_token_opens_when_that_was_asked_for() -> None:
    vault = Served("--token", "any")
    try:
        path = f"{vault.vault}/replicationFabrics?{VERSION}"
        assert vault.ask("GET", path, token="whatever")[0] == 200
        assert vault.ask("GET", path, token="")[0] == 401
    finally:
        vault.let_go()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org", ""])
def test_no_other_address_is_served(host: str) -> None:
    command = [sys.executable, "-m", "app", "serve-simulator", "--host", host]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert "no loopback address" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not ended.stdout


def test_a_client_that_does_not_trust_the_ca_is_not_served(folder: Path) -> None:
    vault = Served("--tls", str(folder))
    try:
        vault.tls = ssl.create_default_context()
        with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
            vault.ask("GET", f"{vault.vault}/replicationFabrics?{VERSION}")
    finally:
        vault.let_go()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_reads_lists_and_writes(served: Served, tmp_path: Path) -> None:
    def curl(*arguments: str) -> tuple[str, str]:
        ca = ("--cacert", served.info["ca"]) if served.info["ca"] else ()
        command = ["curl", "--silent", "--show-error", "--noproxy", "*", *ca, "--write-out", "\n%{http_code}"]
        ended = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=30, check=True)
        body, _, status = ended.stdout.rpartition("\n")
        return status, body

    signed = ("--header", f"Authorization: Bearer {served.info['token']}")
    vault = served.info["arm"] + served.vault
    status, body = curl(*signed, f"{vault}/replicationFabrics?{VERSION}")
    assert (status, json.loads(body)["value"][0]["name"]) == ("200", "Fleet-DC1")
    assert curl(f"{vault}/replicationFabrics?{VERSION}")[0] == "401"
    group = f"{served.info['arm']}/subscriptions/{served.info['subscription']}/resourcegroups/rg-curl"
    made = curl(*signed, "-X", "PUT", "--json", '{"location": "westeurope"}', f"{group}?api-version=2021-04-01")
    assert made[0] == "201"
    blob = f"{served.info['blob']}/stfleetasrweu01/notes"
    versioned = (*signed, "--header", "x-ms-version: 2024-11-04")
    assert curl(*versioned, "-X", "PUT", "--data", "", f"{blob}?restype=container")[0] == "201"
    note = tmp_path / "note.txt"
    note.write_text("a note", "utf-8")
    sent = ("--header", "x-ms-blob-type: BlockBlob", "--upload-file", str(note))
    assert curl(*versioned, *sent, f"{blob}/note.txt")[0] == "201"
    assert curl(*versioned, f"{blob}/note.txt") == ("200", "a note")


# The certificates


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_certificates_are_reused_while_they_are_good(folder: Path) -> None:
    first = TlsFolder(folder)
    kept = contents(folder)
    assert set(kept) == {CA_FILE, CERTIFICATE_FILE, KEY_FILE}
    assert first.ca.is_absolute()
    TlsFolder(folder).server_context()
    assert contents(folder) == kept


@pytest.mark.parametrize("broken", [CA_FILE, CERTIFICATE_FILE, KEY_FILE])
def test_certificates_that_do_not_belong_together_are_made_anew(broken: str, folder: Path, tmp_path: Path) -> None:
    TlsFolder(folder)
    TlsFolder(tmp_path / "other")
    (folder / broken).write_bytes((tmp_path / "other" / broken).read_bytes())
    kept = contents(folder)
    TlsFolder(folder).server_context()
    assert all(contents(folder)[name] != kept[name] for name in kept)


def test_certificates_that_run_out_are_made_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    TlsFolder(folder)
    kept = contents(folder)
    later = datetime.now(UTC) + timedelta(days=364, hours=12)  # noqa: TID251 - certificates live in real time
    monkeypatch.setattr(tls.time, "time", later.timestamp)
    TlsFolder(folder)
    made = x509.load_pem_x509_certificate((folder / CERTIFICATE_FILE).read_bytes())
    assert made.not_valid_after_utc > later + timedelta(days=300)
    assert contents(folder) != kept


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_the_key_is_for_its_owner_alone(folder: Path) -> None:
    TlsFolder(folder)
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600
