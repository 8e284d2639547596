"""The Qt binding keeps its promises on this Python.

PySide6 6.12.0 on CPython 3.11 loses a reference to `None` at each call without a result, and one to `True` at each
emission, until the interpreter aborts. An upgrade that brings this back must fail here and not at a customer's.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.source import ROOT

PROBE = """
import json, sys
from PySide6.QtCore import QObject, Signal

class Sender(QObject):
    fired = Signal()

sender = Sender()
sender.fired.connect(lambda: None)

def calls():
    for _ in range(200):
        sender.setObjectName("x")

def emissions():
    for _ in range(200):
        sender.fired.emit()

def drift(act):
    act()  # whatever is cached at first use is cached now
    before = sys.getrefcount(None), sys.getrefcount(True)
    act()
    return [sys.getrefcount(None) - before[0], sys.getrefcount(True) - before[1]]

print(json.dumps({"calls": drift(calls), "emissions": drift(emissions)}))
"""

# A few references come and go with the probe's own tuples; the fault costs one for each of 200.
STEADY = 20


@pytest.mark.slow
def test_calls_and_emissions_lose_no_reference() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    drifts = json.loads(done.stdout)
    assert all(abs(change) < STEADY for pair in drifts.values() for change in pair), drifts


KEPT_SOURCES = """
import importlib, linecache, sys
importlib.import_module(sys.argv[1])
import wave
from PySide6 import QtCore, QtGui, QtWidgets
for module in (QtCore, QtGui, QtWidgets):
    for name in dir(module):
        getattr(module, name)
import sched
print(*(name.rpartition("/")[2] for name in linecache.cache))
"""


def kept_sources(first: str) -> set[str]:
    """The source files in memory after an import, one of a module of Qt and one more, with `first` imported before."""
    command = [sys.executable, "-c", KEPT_SOURCES, first]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.slow
def test_imports_read_no_source_once_the_window_has_taken_the_hook_off() -> None:
    assert kept_sources("ui") & {"wave.py", "sched.py"} == set()


@pytest.mark.slow
def test_the_hook_is_still_there_to_be_taken_off() -> None:
    """When this fails, `ui.import_hook` can go."""
    assert {"wave.py", "sched.py"} <= kept_sources("PySide6.QtCore")
