from __future__ import annotations

import argparse
from importlib import import_module

import pytest

from app.__main__ import COMMANDS, main


@pytest.mark.parametrize("module_name", [module for _, module, _ in COMMANDS])
def test_every_command_is_there(module_name: str) -> None:
    module = import_module(module_name)
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)

    assert callable(module.run)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name, _, _ in COMMANDS)


@pytest.mark.parametrize("argv", [[], ["no-such-command"], ["selftest", "--no-such-option"]])
def test_wrong_use_says_how_and_is_status_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)

    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err
