from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.logs import redact, start_logging, stop_logging
from app.ports.secrets import Secret


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    root_level = logging.getLogger().level
    file = tmp_path / "logs" / "desk.log"
    handler = start_logging(file)
    yield file
    stop_logging(handler)
    logging.getLogger().setLevel(root_level)


def test_secret_is_hidden_in_message_arguments_and_traceback(log_file: Path) -> None:
    secret = Secret("correct horse battery")
    try:
        raise ValueError(f"cannot use {secret.reveal()}")
    except ValueError:
        logging.getLogger("desk").exception("tried with %s", secret.reveal())

    text = log_file.read_text(encoding="utf-8")
    assert "tried with ***" in text
    assert "ValueError: cannot use ***" in text
    assert "horse" not in text


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Authorization: Bearer eyJ0eXAi.eyJhdWQi.c2lnbmF0dXJl", "Authorization: Bearer ***"),
        ("GET https://x.test/c?sv=2024&sig=a%2Bb%3D&se=2026", "GET https://x.test/c?sv=2024&sig=***&se=2026"),
        ("AccountName=a;AccountKey=Zm9v==;EndpointSuffix=e", "AccountName=a;AccountKey=***;EndpointSuffix=e"),
        ("the bearer is late", "the bearer is late"),
    ],
)
def test_what_gives_access_is_hidden_unregistered(line: str, shown: str) -> None:
    assert redact(line) == shown


def test_short_secret_does_not_blank_ordinary_words() -> None:
    Secret("any")

    assert redact("any company") == "any company"


def test_libraries_keep_quiet_and_still_warn(log_file: Path) -> None:
    library = logging.getLogger("azure.core.pipeline.policies.http_logging_policy")
    library.info("Request URL")
    library.warning("retry ended")

    text = log_file.read_text(encoding="utf-8")
    assert "Request URL" not in text
    assert "retry ended" in text


def test_log_stops_when_told(log_file: Path) -> None:
    handlers = len(logging.getLogger().handlers)
    second = start_logging(log_file.with_name("second.log"))
    stop_logging(second)

    assert len(logging.getLogger().handlers) == handlers
