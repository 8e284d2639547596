"""The door without a window: `python -m app selftest`, `serve-simulator`, `sign-in`, `run-flow`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

# Command, where it lives, and its help. A command's module is imported only when it is asked for, so that each works,
# and starts quickly, whatever the others need.
COMMANDS = (
    ("selftest", "app.selftest", "check this copy of the program, without a window"),
    ("serve-simulator", "app.simulator.command", "serve the practice vault on loopback for any ARM client"),
    ("sign-in", "app.sign_in.command", "sign in to a cloud, or out of it, and say where tokens are kept"),
    ("run-flow", "app.flows.command", "carry out a saved draft without a window"),
)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m app", description="Site Recovery Desk without a window.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    asked_for = next((argument for argument in argv if not argument.startswith("-")), None)
    for name, module_name, help_text in COMMANDS:
        command = commands.add_parser(name, help=help_text, description=help_text[0].upper() + help_text[1:] + ".")
        if name == asked_for:
            module = import_module(module_name)
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    arguments = parser.parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
