"""What is sent to enable a machine, held against the published description of its input."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.flows.draft import SetUpDraft
from tests.flows.test_replica import ON_MANAGED, ON_PREMIUM, ON_STANDARD, sent
from tests.support.recordings import needs_recordings, wire_folder

pytestmark = needs_recordings

INPUT = "HyperVReplicaAzureEnableProtectionInput"


def misfits(value: object, schema: dict[str, Any], definitions: dict[str, Any], place: str = "") -> list[str]:
    """Where a value is not as a schema says: unknown names, wrong types, words that no list has."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found = [f"{place}.{name} is not described" for name in value if name not in known]
        for name in value.keys() & known.keys():
            found += misfits(value[name], known[name], definitions, f"{place}.{name}")
        return found
    if isinstance(value, list):
        if schema.get("type") != "array":
            return [f"{place} is a list"]
        return [each for one in value for each in misfits(one, schema["items"], definitions, place)]
    if schema.get("type") != "string" or not isinstance(value, str):
        return [f"{place} is no text"]
    return [f"{place} is {value}"] if value not in schema.get("enum", [value]) else []


@pytest.mark.parametrize("draft", [ON_STANDARD, ON_PREMIUM, ON_MANAGED])
def test_each_kind_of_replica_is_asked_for_as_described(draft: SetUpDraft) -> None:
    path = wire_folder() / "spec" / "siterecovery-2024-04-01" / "service.json"
    definitions = json.loads(path.read_text(encoding="utf-8"))["definitions"]
    details = sent(draft)
    assert details.pop("instanceType") == definitions[INPUT]["x-ms-discriminator-value"]
    assert misfits(details, definitions[INPUT], definitions) == []
    assert misfits({"disksToInclude": "all"}, definitions[INPUT], definitions) == [".disksToInclude is no text"]
