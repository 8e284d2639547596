"""Every answer of a practice vault is judged by the published description; a test that got a wrong one fails.

Answers in this process are heard at `Simulator.handle`, those of processes that tests start through files they leave
(`in_children`). They are judged when a test's body has ended; what is heard while one test is taken down and the next
one set up counts for the next, and after the last test nothing is judged any more.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.published.answers import Answer, Count
from tests.published.in_children.answers_tap import tap
from tests.published.in_children.sitecustomize import FOLDER_VARIABLE
from tests.support.recordings import shared_folder

_IN_CHILDREN = Path(__file__).with_name("in_children")
_PROPERTY = "answers judged"
_NAME = "answers by the published description"
_MOST_TOLD = 5
_LONG, _MUCH = 1 << 16, 1 << 26
"""Bytes: from where on answers are not compared with one another, and are judged before their test has ended."""


class Heard:
    """Answers heard, and what was found wrong with them.

    Those that say the same again, as polls do, are kept once. When much has come together it is judged at once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read_up_to: dict[Path, int] = {}
        self._answers: dict[Answer, int] = {}
        self._long: list[Answer] = []
        self._size = 0
        self._told: dict[str, None] = {}
        self._count = Count()

    def take(self, method: str, url: str, status: int, body: bytes, is_sample: bool) -> None:
        answer = Answer(method, url, status, body, is_sample)
        times = self._answers.get(answer, 0) if len(body) < _LONG else 0
        if len(body) < _LONG:
            self._answers[answer] = times + 1
        else:
            self._long.append(answer)
        if not times:
            self._size += len(body)
            if self._size > _MUCH:
                self._judge()

    def verdict(self) -> tuple[list[str], Count]:
        """What is wrong with all that was heard since the last time, and how much that was."""
        for file in sorted(self._folder.iterdir()):
            for line in self._written(file):
                method, url, status, body, is_sample = json.loads(line)
                self.take(method, url, status, body.encode(), is_sample)
        self._judge()
        told, count = list(self._told), self._count
        self._told, self._count = {}, Count()
        return told, count

    def _judge(self) -> None:
        from tests.published.judge import the_judge  # not before it is needed: it reads the description

        answers = [*self._answers.items(), *((answer, 1) for answer in self._long)]
        self._answers, self._long, self._size = {}, [], 0
        if answers:
            self._told |= dict.fromkeys(the_judge().judge(answers, self._count))

    def _written(self, file: Path) -> list[bytes]:
        begin = self._read_up_to.get(file, 0)
        if file.stat().st_size == begin:
            return []
        with file.open("rb") as stream:
            stream.seek(begin)
            content = stream.read()
        whole = content[: content.rfind(b"\n") + 1]  # the last line may still be in the making
        self._read_up_to[file] = begin + len(whole)
        return whole.splitlines()


class AnswersByDescription:
    def __init__(self) -> None:
        self._ends = contextlib.ExitStack()
        self._heard: Heard | None = None

    def pytest_sessionstart(self) -> None:
        from app.simulator.service import Simulator

        folder = self._ends.enter_context(tempfile.TemporaryDirectory(prefix="answers-"))
        self._heard = Heard(Path(folder))
        self._ends.callback(tap(Simulator, self._heard.take))
        self._ends.callback(_set_in_environment(FOLDER_VARIABLE, folder))
        path = os.pathsep.join(filter(None, (str(_IN_CHILDREN), os.environ.get("PYTHONPATH"))))
        self._ends.callback(_set_in_environment("PYTHONPATH", path))

    def pytest_sessionfinish(self) -> None:
        self._ends.close()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        failed = True
        try:
            result = yield
            failed = False
        finally:
            told = self._judge(item)
            if told and failed:
                item.add_report_section("call", _NAME, told)
        if told:
            pytest.fail(f"The practice vault's answers are not as published:\n{told}", pytrace=False)
        return result

    def _judge(self, item: pytest.Item) -> str:
        told, count = self._heard.verdict() if self._heard is not None else ([], Count())
        if count:
            item.user_properties.append((_PROPERTY, json.dumps(count.as_json())))
        return "\n".join(told[:_MOST_TOLD])


class Summary:
    """Tells after the run how much was judged; in parallel runs the workers' figures come with their reports."""

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        count = Count()
        for outcome in ("passed", "failed"):
            for report in terminalreporter.getreports(outcome):
                for name, text in report.user_properties if report.when == "call" else ():
                    if name == _PROPERTY:
                        count.add(json.loads(text))
        if count:
            terminalreporter.write_line(f"\n{summary(count)}")


class Missing:
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line("\nAnswers were not judged: the published description is not at hand.")


def summary(count: Count) -> str:
    from tests.published.judge import the_judge

    answers, operations = count.judged.total(), len({key.rpartition(" ")[0] for key in count.judged})
    all_operations = len(the_judge().specification.operations)
    lines = [
        f"Answers by the published description: {answers} judged, of {operations} operations ({all_operations} are "
        f"described); {count.sampled} long pages by a sample, {count.undescribed.total()} answers at addresses that "
        "are not described:"
    ]
    lines += [f"  {number:6} {shape}" for shape, number in sorted(count.undescribed.items())]
    return "\n".join(lines)


def register(config: pytest.Config) -> None:
    """Judge in this run, where the description is at hand."""
    if config.pluginmanager.has_plugin(_NAME):
        return
    if shared_folder() is None:
        config.pluginmanager.register(Missing(), _NAME)
        return
    if importlib.util.find_spec("jsonschema_rs") is None:
        raise pytest.UsageError("jsonschema-rs is missing: install the development packages of requirements.lock anew.")
    config.pluginmanager.register(Summary(), _NAME)
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):  # else workers run the tests
        config.pluginmanager.register(AnswersByDescription())


def pytest_configure(config: pytest.Config) -> None:
    """For runs that name this module as a plug-in."""
    register(config)


def _set_in_environment(name: str, value: str) -> Callable[[], None]:
    before = os.environ.get(name)
    os.environ[name] = value

    def restore() -> None:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before

    return restore
