"""The key's file: the form of a real one, and strangers' files."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.flows.vault_credentials import (
    MAX_BYTES,
    NAMESPACE,
    NotVaultCredentials,
    VaultCredentials,
    read_credentials,
    write_credentials,
)
from app.ports.secrets import Secret
from tests.support.recordings import shared_folder

KEY = VaultCredentials(
    subscription="b364ed8d-4279-4bf8-8fd1-56f8fa0ae05c",
    resource_group="Arpita-air",
    vault="h2atest",
    resource_id="4597285969772519326",
    location="centraluseuap",
    certificate=Secret("REDACTED-base64-PKCS12-with-private-key"),
    authority="https://login.windows.net",
    tenant="31f0bb8c-c1fe-4044-96d2-8a5a1994ee83",
    client_id="d35024a2-6666-4951-8305-47cec3c6ecb2",
    audience="https://RecoveryServiceVault/centraluseuap/h2atest/4597285969772519326",
    management_endpoint="https://pod01-id1.ccy.backup.windowsazure.com/restapi/",
    site_id="f3ce4b50-831d-5af4-9c48-dcbc41521358",
    site="ForPowershell",
    private_endpoints="None",
)
WRITTEN = write_credentials(KEY)
IN_XML = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=60
).filter(str.strip)


def what_is_wrong(content: bytes) -> str:
    try:
        read_credentials(content)
    except NotVaultCredentials as error:
        return str(error)
    return "Nothing."


def recorded() -> bytes:
    shared = shared_folder()
    file = None if shared is None else shared / "wire/recordings/vault-credentials/HyperVSite_portal_2021.redacted.xml"
    if file is None or not file.exists():
        pytest.skip("the recorded key file is not at hand")
    return file.read_bytes()


def elements(content: bytes) -> list[tuple[str, str]]:
    return [(element.tag, (element.text or "").strip()) for element in ET.fromstring(content).iter()]


def test_the_file_is_that_of_the_portal_element_by_element() -> None:
    assert elements(WRITTEN) == elements(recorded())


def test_the_file_is_that_of_the_portal_byte_by_byte() -> None:
    assert recorded() == WRITTEN


def test_a_real_file_is_read() -> None:
    assert read_credentials(recorded()) == KEY


@settings(deadline=None)
@given(IN_XML, IN_XML, IN_XML)
def test_any_name_comes_back_as_it_was(site: str, vault: str, group: str) -> None:
    key = replace(KEY, site=site, vault=vault, resource_group=group)
    assert read_credentials(write_credentials(key)) == key


def test_names_cannot_bring_elements_of_their_own() -> None:
    key = replace(KEY, site="</SiteName><SiteId>other</SiteId>&amp; <!-- ")
    assert read_credentials(write_credentials(key)).site == key.site
    assert b"</SiteName><SiteId>other" not in write_credentials(key)


@pytest.mark.parametrize("site", ["a\x01b", "a\rb", "a\ufffeb", "a\ud800b"])
def test_a_name_that_the_file_cannot_hold_is_refused(site: str) -> None:
    with pytest.raises(ValueError, match="SiteName"):
        write_credentials(replace(KEY, site=site))


def test_repr_shows_no_certificate() -> None:
    assert "REDACTED" not in repr(KEY)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no XML"),
        (b"MZ\x90\x00", "no XML"),
        (WRITTEN[:700], "no XML"),
        (WRITTEN + WRITTEN, "no XML"),
        (b"<RSVaultAsrCreds/>", "no registration key for Site Recovery"),
        (WRITTEN.replace(b"RSVaultAsrCreds", b"ASRVaultCreds"), "older kind"),
        (WRITTEN.replace(b"RSVaultAsrCreds", b"RSBackupVaultAADCreds"), "Azure Backup"),
        (WRITTEN.replace(NAMESPACE.encode(), b"urn:other"), "no registration key for Site Recovery"),
        (WRITTEN.replace(b"<Version>2.0", b"<Version>3.0"), "another version"),
        (WRITTEN.replace(b"<Location>centraluseuap</Location>", b""), "Location is missing"),
        (WRITTEN.replace(b"ForPowershell</SiteName>", b"x</SiteName><SiteName>y</SiteName>"), "built another way"),
        (WRITTEN.replace(b"h2atest</ResourceName>", b"x" * 5000 + b"</ResourceName>"), "far too long"),
        (WRITTEN + b" " * MAX_BYTES, "far too large"),
        (WRITTEN.replace(b'encoding="utf-8"', b'encoding="ebcdic-x"'), "no XML"),
    ],
)
def test_what_is_no_key_is_refused_with_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(NotVaultCredentials, match=says) as refused:
        read_credentials(content)
    assert str(refused.value).endswith(".")


def test_entities_are_not_taken_and_nothing_is_opened() -> None:
    declared = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    for used in (b"&b;", b"&c;", b""):
        content = WRITTEN.replace(b"?>\n", b"?>\n" + declared, 1).replace(b"ForPowershell", used)
        with pytest.raises(NotVaultCredentials, match="document type"):
            read_credentials(content)


def test_elements_within_elements_without_end_are_refused() -> None:
    deep = b"<a>" * 20_000
    with pytest.raises(NotVaultCredentials, match="built another way"):
        read_credentials(WRITTEN.replace(b"<SiteName>", deep + b"<SiteName>"))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_file_does_more_harm_than_a_sentence(content: bytes) -> None:
    for hostile in (content, WRITTEN[: len(content) * 5] + content, content + WRITTEN):
        assert what_is_wrong(hostile).endswith(".")


@settings(deadline=None)
@given(st.integers(0, len(WRITTEN) - 1), st.integers(0, 255))
def test_a_file_with_a_broken_byte_is_read_or_refused(place: int, byte: int) -> None:
    content = WRITTEN[:place] + bytes((byte,)) + WRITTEN[place + 1 :]
    assert what_is_wrong(content).endswith(".")
