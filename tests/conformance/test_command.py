"""The command that measures conformance: what it refuses, what it finds on recordings, and that it can fall."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.__main__ import main, measure
from tests.support.recordings import needs_recordings, wire_folder

LEAST_EQUAL, MOST_EXPLAINED = 0.98, 0.03

SESSION = {
    "Entries": [
        {
            "RequestUri": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v"
            "/replicationFabrics/HQ?api-version=2022-08-01",
            "RequestMethod": "GET",
            "RequestBody": "",
            "RequestHeaders": {},
            "ResponseBody": json.dumps({"error": {"code": "NotFound", "message": "gone", "details": []}}),
            "ResponseHeaders": {"Content-Type": ["application/json"]},
            "StatusCode": 404,
        }
    ]
}
"""A read of a site that is not there."""


def test_a_folder_that_is_not_there_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err == f"There is no folder {tmp_path / 'nowhere'}.\n"


def test_what_is_no_session_is_told_and_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    assert main([str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "broken.json" in told
    assert f"There are no recorded sessions in {tmp_path}." in told


def test_figures_are_written_as_json(tmp_path: Path) -> None:
    (tmp_path / "missing_site.json").write_text(json.dumps(SESSION), encoding="utf-8")
    file = tmp_path / "figures.out"
    assert main([str(tmp_path), "--json", str(file)]) == 0
    figures = json.loads(file.read_text("utf-8"))
    assert figures["sessions"] == 1
    assert figures["exchanges"] == figures["seeded"] + figures["computed"] == 1
    assert figures["equal"] + figures["explained"] + figures["different"] == 1


@pytest.mark.slow
@needs_recordings
def test_recordings_are_answered_as_the_service_did() -> None:
    figures = measure(wire_folder() / "recordings").as_json()
    assert figures["equal"] >= LEAST_EQUAL * figures["exchanges"]
    assert figures["equal_computed"] >= LEAST_EQUAL * figures["computed"]
    assert figures["explained"] <= MOST_EXPLAINED * figures["exchanges"]
    assert figures["different"] == 0
