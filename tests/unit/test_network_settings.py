"""The network settings: what may stand in each field, what the file keeps, and which hosts are exceptions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from app.network_settings import (
    LOCAL,
    BadCaFile,
    NetworkFile,
    NetworkSettings,
    ProxyMode,
    check_exceptions,
    check_pac,
    check_port,
    check_proxy,
    check_user,
    is_exception,
    read_authorities,
)
from tests.support.proxies import Authority

FULL = NetworkSettings(
    ProxyMode.FIXED,
    "http://proxy.contoso.com/proxy.pac",
    "proxy.contoso.com",
    3128,
    (LOCAL, "*.contoso.com", "10.0.0.0/8"),
    "CONTOSO\\jo",
    True,
    Path("/etc/contoso.pem"),
)


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "network.json"
    NetworkFile(file).save(FULL)

    assert NetworkFile(file).load() == FULL
    assert NetworkFile(tmp_path / "none.json").load() == NetworkSettings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode", "carrier pigeon"),
        ("port", "8080"),
        ("port", 0),
        ("port", True),
        ("exceptions", "10.0.0.0/8"),
        ("exceptions", ["a b/c"]),
        ("proxy", "http://jo:secret@proxy"),
        ("pac", "ftp://x/y"),
        ("user", "jo:secret"),
        ("tells_first", 1),
        ("ca", 5),
    ],
)
def test_a_field_that_cannot_be_used_takes_its_default_and_costs_no_other(
    tmp_path: Path, name: str, value: object, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "network.json"
    NetworkFile(file).save(FULL)
    document = json.loads(file.read_text("utf-8"))
    document["content"][name] = value
    file.write_text(json.dumps(document), "utf-8")

    loaded = NetworkFile(file).load()

    assert loaded == replace(FULL, **{name: getattr(NetworkSettings(), name)})
    assert "secret" not in caplog.text


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "network.json"
    file.write_text(json.dumps({"kind": "site-recovery-desk/network", "version": 9, "content": {}}), "utf-8")
    kept = NetworkFile(file)

    assert kept.load() == NetworkSettings()
    assert len(kept.asides) == 1


@pytest.mark.parametrize("text", ["http://proxy.contoso.com/proxy.pac", "https://[fd00::1]:8443/p", "file:///c:/p.pac"])
def test_addresses_of_scripts_that_will_do(text: str) -> None:
    assert check_pac(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "such as http://"),
        ("proxy.pac", "Begin with http://"),
        ("ftp://proxy/proxy.pac", "Begin with http://"),
        ("http://jo:secret@proxy/proxy.pac", "Leave user name and password out"),
        ("http://proxy:99999/proxy.pac", "port as a number"),
    ],
)
def test_addresses_of_scripts_that_will_not(text: str, says: str) -> None:
    problem = check_pac(text)
    assert problem is not None
    assert says in problem
    assert "secret" not in problem


@pytest.mark.parametrize(
    "text", ["proxy", "proxy.contoso.com", "10.0.0.8", "fd00::8", "[fd00::8]", "https://proxy.contoso.com", "proxy_1.x"]
)
def test_proxies_that_will_do(text: str) -> None:
    assert check_proxy(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "such as proxy.contoso.com"),
        ("proxy.contoso.com:8080", "type 8080 there"),
        ("proxy:eight", "Type the port into the field"),
        ("socks5://proxy", "Only proxies by HTTP"),
        ("http://jo:secret@proxy", "fields of their own"),
        ("proxy.contoso.com/path", "Type the name alone"),
        ("my proxy", "such as proxy.contoso.com or"),
        ("-proxy", "such as proxy.contoso.com or"),
    ],
)
def test_proxies_that_will_not(text: str, says: str) -> None:
    problem = check_proxy(text)
    assert problem is not None
    assert says in problem
    assert "secret" not in problem


@pytest.mark.parametrize(("text", "fits"), [("8080", True), ("1", True), ("65535", True), ("0", False), ("x", False)])
def test_ports(text: str, fits: bool) -> None:
    assert (check_port(text) is None) is fits
    assert check_port("65536") is not None
    assert check_port("") is not None
    assert check_port("٣") is not None  # a digit, but none that a port is written with


def test_names_of_users() -> None:
    assert check_user("CONTOSO\\jo") is None
    assert "“:”" in (check_user("jo:secret") or "")
    assert check_user("jo\nx") is not None


def test_exceptions_are_checked_one_by_one() -> None:
    assert check_exceptions("<local>, *.contoso.com; 10.0.0.0/8 intranet:8080 fd00::/8") is None
    assert check_exceptions("") is None
    assert "“10.0.0.0/99”" in (check_exceptions("<local>, 10.0.0.0/99") or "")
    assert "“http://x/y”" in (check_exceptions("http://x/y") or "")


@pytest.mark.parametrize(
    ("exception", "host", "port", "is_direct"),
    [
        (LOCAL, "intranet", 443, True),
        (LOCAL, "intranet.contoso.com", 443, False),
        (LOCAL, "fd00::1", 443, False),
        ("*.contoso.com", "a.b.contoso.com", 443, True),
        ("*.contoso.com", "contoso.com", 443, False),
        ("contoso.com", "a.contoso.com", 443, True),
        ("contoso.com", "notcontoso.com", 443, False),
        (".contoso.com", "a.contoso.com", 443, True),
        ("Contoso.COM", "A.contoso.com.", 443, True),
        ("intranet:8080", "intranet", 8080, True),
        ("intranet:8080", "intranet", 443, False),
        ("10.0.0.0/8", "10.1.2.3", 443, True),
        ("10.0.0.0/8", "11.1.2.3", 443, False),
        ("10.0.0.0/8", "host10", 443, False),
        ("10.1.2.3", "10.1.2.3", 443, True),
        ("fd00::/8", "fd00::1", 443, True),
        ("*", "anything.example", 443, True),
        ("192.168.*", "192.168.1.1", 443, False),
    ],
)
def test_who_is_an_exception(exception: str, host: str, port: int, is_direct: bool) -> None:
    assert is_exception((exception,), host, port) is is_direct


def test_the_proxy_as_one_address() -> None:
    assert NetworkSettings(proxy="Proxy.contoso.com", port=1).proxy_url == "http://proxy.contoso.com:1"
    assert NetworkSettings(proxy="https://proxy", port=1).proxy_url == "https://proxy:1"
    assert NetworkSettings(proxy="fd00::8", port=1).proxy_url == "http://[fd00::8]:1"


# The file with authorities


def test_a_file_of_authorities_tells_their_names_in_both_forms(tmp_path: Path) -> None:
    ca = Authority(tmp_path)
    der = tmp_path / "ca.cer"
    der.write_bytes(ca.certificate.public_bytes(serialization.Encoding.DER))
    windows = tmp_path / "windows.pem"
    windows.write_bytes("Verfügbar\r\n".encode() + ca.file.read_bytes().replace(b"\n", b"\r\n"))

    for file in (ca.file, der, windows):
        found = read_authorities(file)
        assert found.names == ("Contoso Inspection CA",)
        assert found.ends.endswith("GMT")


def test_files_that_hold_no_authority_say_why(tmp_path: Path) -> None:
    ca = Authority(tmp_path)
    ca.context("server.contoso.com")
    server = next(file for file in tmp_path.iterdir() if file != ca.file)
    leaf = tmp_path / "leaf.pem"
    leaf.write_text(server.read_text("ascii").partition("-----END PRIVATE KEY-----\n")[2], "ascii")
    words = tmp_path / "words.pem"
    words.write_text("This is no certificate.", "ascii")
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "ascii")

    for file, says in (
        (tmp_path / "gone.pem", "cannot be read"),
        (tmp_path, "cannot be read"),
        (server, "private key"),
        (leaf, "not of an authority"),
        (words, "is no certificate"),
        (broken, "is no certificate"),
    ):
        with pytest.raises(BadCaFile, match=says):
            read_authorities(file)
