"""The target page in the wizard over the practice vault: what is read of accounts after their list, and in what order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from app.simulator.messages import Request, Response
from tests.support.practice import contoso_draft, open_practice, refusal
from tests.support.roles import Administrator
from tests.support.waiting import until
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.wizard.draft_store import DraftStore
from ui.wizard.pages.target import TargetPage
from ui.wizard.window import SetUpWizard

pytestmark = pytest.mark.slow

Show = Callable[[QWidget], Awaitable[None]]
