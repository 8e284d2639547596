"""The readers of recorded traffic, on small files of our own; the recordings themselves need not be at hand."""

from __future__ import annotations

import json

import pytest

from tests.support import recordings, session_files


def _framework_session(**entry: object) -> bytes:
    whole = {
        "RequestMethod": "GET",
        "RequestUri": "/Subscriptions/s/resourceGroups/g?api-version=2018-01-10",
        "RequestBody": "",
        "StatusCode": 200,
        "ResponseHeaders": {},
        "ResponseBody": "",
    }
    return b"\xef\xbb\xbf" + json.dumps({"Entries": [whole | entry]}, indent=1).encode()


def test_session_with_byte_order_mark_is_read() -> None:
    (exchange,) = session_files.parse_session(
        "vault-2017/mark.json",
        _framework_session(
            RequestMethod="PUT",
            RequestBody='{"properties": {}}',
            StatusCode=202,
            ResponseHeaders={"Retry-After": ["30"], "Cache-Control": ["no-cache", "no-store"]},
            ResponseBody='{"name": "Küche"}',
        ),
    )

    assert (exchange.method, exchange.path, exchange.status) == ("PUT", "/Subscriptions/s/resourceGroups/g", 202)
    assert exchange.query == {"api-version": "2018-01-10"}
    assert exchange.request_body == {"properties": {}}
    assert exchange.headers == {"retry-after": "30", "cache-control": "no-store"}
    assert exchange.body == {"name": "Küche"}
    assert (exchange.year, exchange.label) == (2017, "vault-2017/mark.json#0")


def test_stray_line_before_the_entries_is_dropped() -> None:
    content = _framework_session().replace(b'"Entries": [\n', b'"Entries": [\n//[ kept by hand\n')

    (exchange,) = session_files.parse_session("vault-2017/stray.json", content)

    assert b"//[" in content
    assert exchange.status == 200


def test_path_with_a_doubled_slash_is_no_host() -> None:
    content = _framework_session(RequestUri="//Subscriptions/s/resourceGroups/g?api-version=1")

    (exchange,) = session_files.parse_session("a-2017/slash.json", content)

    assert (exchange.host, exchange.path) == (session_files.MANAGEMENT_HOST, "/Subscriptions/s/resourceGroups/g")


def test_cassette_is_read() -> None:
    (exchange,) = session_files.parse_session(
        "cli-2023/one.yaml",
        b"""
interactions:
- request:
    body: null
    headers: {Accept: ['*/*']}
    method: GET
    uri: https://graph.example.net/v1.0/things?$filter=name%20eq%20%27a%27&skip=
  response:
    body: {string: '{"value":[],"nextLink":null}'}
    headers: {content-type: [application/json; charset=utf-8]}
    status: {code: 200, message: OK}
version: 1
""",
    )

    assert (exchange.host, exchange.path) == ("graph.example.net", "/v1.0/things")
    assert exchange.query == {"$filter": "name eq 'a'", "skip": ""}
    assert exchange.request_body is None
    assert exchange.headers == {"content-type": "application/json; charset=utf-8"}
    assert exchange.body == {"value": [], "nextLink": None}
    assert exchange.year == 2023


def test_transcript_is_read() -> None:
    entry = {
        "request": {"method": "POST", "path": "/Subscriptions/s/x/remove", "api-version": "2021-11-01"},
        "response": {"status": 204},
    }

    (exchange,) = session_files.parse_session(
        "transcribed-excerpts/gone.json", json.dumps({"entries": [entry]}).encode()
    )

    assert (exchange.method, exchange.status, exchange.year) == ("POST", 204, 2021)
    assert exchange.body is None


@pytest.mark.parametrize("text", ["<html>no</html>", "plain words"])
def test_body_that_is_not_json_stays_text(text: str) -> None:
    (exchange,) = session_files.parse_session("a-2017/text.json", _framework_session(ResponseBody=text))

    assert exchange.body == text


@recordings.needs_recordings
@pytest.mark.slow
def test_every_recorded_file_yields_exchanges() -> None:
    sessions = {exchange.session for exchange in recordings.all_exchanges()}

    root = recordings.wire_folder() / "recordings"
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.suffix in {".json", ".yaml"}}
    assert sessions == files
