"""Readers of recorded Azure traffic: where the recordings are, and one value per exchange whatever file holds it.

Three kinds of file are read: test-framework sessions (`Entries`, JSON with a byte-order mark, one with a stray `//[`
line), VCR cassettes (YAML, absolute addresses) and hand-made transcripts (`entries`). The recordings are not part of
this repository; tests that need them are skipped, visibly, where they are missing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER_VARIABLE = "SITE_RECOVERY_DESK_SHARED"
MANAGEMENT_HOST = "management.azure.com"

# The C reader is ten times quicker; a build of PyYAML without libyaml has only the other one.
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded request and its answer.

    Header names are lower case; a header given several times keeps its last value. Bodies are decoded JSON where they
    are JSON, None where they are empty, and text otherwise.
    """

    session: str
    """The file's path below the recordings folder."""
    index: int
    method: str
    host: str
    path: str
    query: Mapping[str, str]
    request_body: Any
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)

    @property
    def label(self) -> str:
        return f"{self.session}#{self.index}"

    @property
    def year(self) -> int:
        """The year of the traffic, as the folders tell it; the transcripts are of 2021."""
        folder = self.session.split("/", 1)[0]
        return int(folder[-4:]) if folder[-4:].isdigit() else 2021


def shared_folder() -> Path | None:
    """The folder beside the checkout (or named by the variable) that holds the recordings; None where there is none."""
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named) if named else REPOSITORY.parent / "shared"
    return folder if (folder / "wire" / "recordings").is_dir() else None


def wire_folder() -> Path:
    folder = shared_folder()
    assert folder is not None, "guard the test with needs_recordings"
    return folder / "wire"


needs_recordings = pytest.mark.skipif(
    shared_folder() is None,
    reason=f"the recorded traffic is not at hand: no ../shared/wire/recordings, and {FOLDER_VARIABLE} names none",
)


@cache
def read_session(name: str) -> tuple[Exchange, ...]:
    """All exchanges of one file, named by its path below the recordings folder."""
    return parse_session(name, (wire_folder() / "recordings" / name).read_bytes())


def all_exchanges() -> Iterator[Exchange]:
    """Every exchange of every recording, file by file in name order."""
    root = wire_folder() / "recordings"
    for path in sorted((*root.rglob("*.json"), *root.rglob("*.yaml"))):
        yield from read_session(path.relative_to(root).as_posix())


def read_derived(name: str) -> Any:
    """One of the tables that were computed from the recordings, such as `jobs.json`."""
    return json.loads((wire_folder() / "derived" / name).read_bytes())


def parse_session(name: str, content: bytes) -> tuple[Exchange, ...]:
    text = content.decode("utf-8-sig")
    if name.endswith(".yaml"):
        return _from_cassette(name, yaml.load(text, Loader=_YAML_LOADER))
    document = json.loads("\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//[")))
    if "Entries" in document:
        return _from_framework_session(name, document)
    return _from_transcript(name, document)


def _from_framework_session(name: str, document: Mapping[str, Any]) -> tuple[Exchange, ...]:
    return tuple(
        _exchange(
            name,
            index,
            entry["RequestMethod"],
            entry["RequestUri"],
            entry["RequestBody"],
            int(entry["StatusCode"]),
            entry["ResponseHeaders"],
            entry["ResponseBody"],
        )
        for index, entry in enumerate(document["Entries"])
    )


def _from_cassette(name: str, document: Mapping[str, Any]) -> tuple[Exchange, ...]:
    return tuple(
        _exchange(
            name,
            index,
            interaction["request"]["method"],
            interaction["request"]["uri"],
            interaction["request"]["body"],
            int(interaction["response"]["status"]["code"]),
            interaction["response"]["headers"],
            interaction["response"]["body"]["string"],
        )
        for index, interaction in enumerate(document["interactions"])
    )


def _from_transcript(name: str, document: Mapping[str, Any]) -> tuple[Exchange, ...]:
    return tuple(
        _exchange(
            name,
            index,
            entry["request"]["method"],
            entry["request"]["path"],
            entry["request"].get("body"),
            int(entry["response"]["status"]),
            entry["response"].get("headers") or {},
            entry["response"].get("body"),
        )
        for index, entry in enumerate(document["entries"])
    )


def _exchange(
    session: str,
    index: int,
    method: str,
    address: str,
    request_body: Any,
    status: int,
    headers: Mapping[str, Any],
    body: Any,
) -> Exchange:
    # A session writes paths only, two of them with a doubled slash, which would read as a host.
    parts = urlsplit(address if "://" in address else f"https://{MANAGEMENT_HOST}/{address.lstrip('/')}")
    return Exchange(
        session=session,
        index=index,
        method=method,
        host=parts.netloc,
        path=parts.path,
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        request_body=_decoded(request_body),
        status=status,
        headers={key.lower(): value[-1] if isinstance(value, list) else value for key, value in headers.items()},
        body=_decoded(body),
    )


def _decoded(body: Any) -> Any:
    if isinstance(body, bytes):
        body = body.decode()
    if not isinstance(body, str):
        return body
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except json.JSONDecodeError:
        return body
