"""The blob service: what an upload measurement needs, and its refusals."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from xml.etree import ElementTree as ET

import pytest

from app.simulator.blobs import KEPT_PER_ACCOUNT
from tests.simulator.client import Client, Reply

BLOB = "https://stcontosoasrweu.blob.practice.invalid"


@pytest.fixture
def client() -> Client:
    made = Client()
    assert made.send("PUT", f"{BLOB}/probe?restype=container").status == 201
    return made


def put(client: Client, name: str, content: bytes) -> Reply:
    return client.send("PUT", f"{BLOB}/probe/{name}", content, x_ms_blob_type="BlockBlob")


def names(reply: Reply) -> list[str | None]:
    return [entry.text for entry in ET.fromstring(reply.body).iter("Name")]


def test_what_was_put_can_be_read_whole_and_in_part(client: Client) -> None:
    made = put(client, "a.txt", b"hello world")
    assert made.status == 201
    whole = client.send("GET", f"{BLOB}/probe/a.txt")
    assert (whole.status, whole.body) == (200, b"hello world")
    part = client.send("GET", f"{BLOB}/probe/a.txt", x_ms_range="bytes=6-8")
    assert (part.status, part.body, part.headers["Content-Range"]) == (206, b"wor", "bytes 6-8/11")
    head = client.send("HEAD", f"{BLOB}/probe/a.txt")
    assert (head.status, head.headers["Content-Length"], head.body) == (200, "11", b"")
    assert head.headers["ETag"] == made.headers["ETag"]
    assert client.send("GET", f"{BLOB}/probe/a.txt", x_ms_range="bytes=11-").status == 416


def test_blocks_become_a_blob_in_the_order_of_the_list(client: Client) -> None:
    blocks = {b64encode(name).decode(): content for name, content in ((b"1", b"one "), (b"2", b"two "))}
    for block, content in blocks.items():
        url = f"{BLOB}/probe/b?comp=block&blockid={block.replace('=', '%3D')}"
        assert client.send("PUT", url, content).status == 201
    listed = "".join(f"<Latest>{block}</Latest>" for block in reversed(blocks))
    body = f"<?xml version='1.0' encoding='utf-8'?><BlockList>{listed}</BlockList>".encode()
    assert client.send("PUT", f"{BLOB}/probe/b?comp=blocklist", body).status == 201
    assert client.send("GET", f"{BLOB}/probe/b").body == b"two one "


def test_a_block_that_was_not_put_is_refused(client: Client) -> None:
    body = b"<BlockList><Latest>MQ==</Latest></BlockList>"
    reply = client.send("PUT", f"{BLOB}/probe/b?comp=blocklist", body)
    assert (reply.status, reply.headers["x-ms-error-code"]) == (400, "InvalidBlockList")


def test_large_content_is_measured_and_not_kept(client: Client) -> None:
    content = b"x" * (KEPT_PER_ACCOUNT + 1)
    made = put(client, "large", content)
    read = client.send("GET", f"{BLOB}/probe/large")
    assert made.headers["Content-MD5"] == b64encode(hashlib.md5(content).digest()).decode()
    assert read.headers["Content-MD5"] == made.headers["Content-MD5"]
    assert read.body == bytes(len(content))


def test_blobs_are_listed_by_prefix_and_in_pages(client: Client) -> None:
    for name in ("b1", "a2", "a1"):
        put(client, name, b"x")
    listing = f"{BLOB}/probe?restype=container&comp=list"
    assert names(client.send("GET", listing)) == ["a1", "a2", "b1"]
    assert names(client.send("GET", f"{listing}&prefix=a")) == ["a1", "a2"]
    first = client.send("GET", f"{listing}&maxresults=2")
    marker = ET.fromstring(first.body).findtext("NextMarker")
    assert names(client.send("GET", f"{listing}&marker={marker}")) == ["b1"]
    assert names(client.send("GET", f"{BLOB}/?comp=list")) == ["probe"]


def test_a_removed_container_takes_its_blobs_with_it(client: Client) -> None:
    put(client, "a", b"x")
    assert client.send("DELETE", f"{BLOB}/probe/a").status == 202
    assert client.send("GET", f"{BLOB}/probe/a").headers["x-ms-error-code"] == "BlobNotFound"
    put(client, "a", b"x")
    assert client.send("DELETE", f"{BLOB}/probe?restype=container").status == 202
    assert put(client, "a", b"x").headers["x-ms-error-code"] == "ContainerNotFound"
    client.send("PUT", f"{BLOB}/probe?restype=container")
    assert names(client.send("GET", f"{BLOB}/probe?restype=container&comp=list")) == []


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PUT", "/probe?restype=container", 409, "ContainerAlreadyExists"),
        ("PUT", "/Bad_Name?restype=container", 400, "InvalidResourceName"),
        ("GET", "/none?restype=container", 404, "ContainerNotFound"),
        ("GET", "/probe/none", 404, "BlobNotFound"),
        ("PUT", "/probe/x", 400, "InvalidHeaderValue"),
        ("PUT", "/probe/x?comp=appendblock", 501, "NotImplemented"),
    ],
)
def test_refusals(client: Client, method: str, path: str, status: int, code: str) -> None:
    reply = client.send(method, f"{BLOB}{path}", b"" if method == "PUT" else None)
    assert (reply.status, reply.headers["x-ms-error-code"]) == (status, code)


def test_content_that_was_changed_on_the_way_is_refused(client: Client) -> None:
    wrong = b64encode(hashlib.md5(b"other").digest()).decode()
    reply = client.send("PUT", f"{BLOB}/probe/x", b"this", x_ms_blob_type="BlockBlob", Content_MD5=wrong)
    assert reply.headers["x-ms-error-code"] == "Md5Mismatch"


def test_a_credential_and_an_account_are_needed(client: Client) -> None:
    client.headers = {}
    assert client.send("GET", f"{BLOB}/?comp=list").headers["x-ms-error-code"] == "NoAuthenticationInformation"
    assert client.send("GET", f"{BLOB}/?comp=list&sig=abc").status == 200
    assert client.send("GET", "https://nobody.blob.practice.invalid/?comp=list&sig=abc").status == 404
