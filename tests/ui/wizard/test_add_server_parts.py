"""The parts of the sheet that adds a server: what they say of answers, keys and hosts, and what they ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QWidget

from app.domain.host_set_up import HostKind, HostProxy, HostSetUp, ProxyKind
from app.domain.practice import HostCheck, HostCheckResult, HostRun, PracticeState, WaitingHost
from app.domain.registration_key import KeyWay, RegistrationKey
from app.errors import Conflict
from app.flows.draft import SetUpDraft
from app.flows.step import Context
from tests.support import estates
from tests.support.estates import NOW
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.widgets.disclosure import Disclosure
from ui.widgets.labels import StatusLine
from ui.widgets.line_edit import LineEdit
from ui.wizard.pages.add_server.part import Ground
from ui.wizard.pages.add_server.sheet import AddServerSheet
from ui.wizard.requests import LookAtKey, MakeKey, PrepareScripts, RunScript, SaveHostScripts, SaveScripts

Show = Callable[[QWidget], Awaitable[None]]

NODES = HostSetUp(HostKind.CLUSTER, "HQ-CLUSTER", ("HV-HQ-01", "HV-HQ-09"))
PRACTICE = PracticeState("empty", NOW, 1.0, False, (WaitingHost("HV-HQ-09", 12, "HQ-CLUSTER"),))


def key(context: Context, left: timedelta) -> RegistrationKey:
    site = context.estate.sites[0]
    vault = site.id.up_to("vaults")
    until = NOW + left
    return RegistrationKey(
        site.internal_id, site.friendly_name, vault.vault_name, vault.subscription, vault.resource_group, "westeurope",
        until - timedelta(days=5), until, "AB" * 20, Path("/keys/HQ.VaultCredentials"), until - timedelta(days=5),
    )  # fmt: skip


class Opened:
    """The sheet over the source page's ground; edits come back as the page gives them back."""

    def __init__(self, theme: Theme, hosts: HostSetUp, part: str, *, left: timedelta | None = None) -> None:
        self.context = estates.context()
        if left is not None:
            self.context = replace(self.context, keys=(key(self.context, left),))
        self.draft = replace(estates.ready_draft(), hosts=hosts)
        self.requests: list[object] = []
        self.sheet = AddServerSheet(theme, self.ground, part=part)
        self.sheet.draft_edited.connect(self._take)
        self.sheet.requested.connect(self._note)
        self.sheet.resize(1000, 860)
        self.sheet.open_part(part)
        self.sheet.load(self.ground)

    @property
    def ground(self) -> Ground:
        return Ground(self.draft, self.context, PRACTICE)

    def _take(self, draft: SetUpDraft) -> None:
        self.draft = draft
        self.sheet.load(self.ground)

    def _note(self, request: object) -> None:
        if not isinstance(request, PrepareScripts):  # asked for by the sheet itself, whatever is pressed
            self.requests.append(request)

    def find(self, name: str) -> QWidget:
        found = self.sheet.findChild(QWidget, name)
        assert found is not None, name
        return found

    def press(self, name: str) -> None:
        button = self.find(name)
        assert isinstance(button, QAbstractButton)
        button.click()

    def type(self, name: str, text: str) -> None:
        edit = self.find(name)
        assert isinstance(edit, LineEdit)
        edit.setText(text)
        edit.textEdited.emit(text)

    def line(self, name: str) -> str:
        line = self.find(name)
        assert isinstance(line, StatusLine)
        return "" if line.isHidden() else line.text

    def says(self) -> str:
        return " ".join(line.text for line in self.sheet.findChildren(StatusLine) if not line.isHidden())


@pytest.fixture
async def open_sheet(theme: Theme, shown: Show) -> Callable[..., Awaitable[Opened]]:
    async def opened(hosts: HostSetUp = NODES, part: str = "hosts", *, left: timedelta | None = None) -> Opened:
        found = Opened(theme, hosts, part, left=left)
        await shown(found.sheet)
        return found

    return opened


Open = Callable[..., Awaitable[Opened]]


async def test_names_go_into_the_draft_as_they_are_pasted_and_wrong_ones_stop_next(open_sheet: Open) -> None:
    opened = await open_sheet(HostSetUp())
    names = opened.find("add-server-names")
    assert isinstance(names, QPlainTextEdit)
    names.setPlainText("hv-01; hv'02")
    assert opened.draft.hosts.names == ("hv-01", "hv'02")
    opened.press("add-server-next")
    assert "“hv'02” is no computer name." in opened.says()
    assert opened.sheet.part.id == "hosts"
    names.setPlainText("hv-01")
    opened.press("add-server-next")
    assert opened.sheet.part.id == "key"


async def test_a_proxy_by_https_is_refused_at_its_field_with_the_reason(open_sheet: Open) -> None:
    opened = await open_sheet()
    opened.press("add-server-proxy-custom")
    opened.type("add-server-proxy-address", "https://proxy.contoso.com")
    opened.type("add-server-proxy-port", "8080")
    opened.press("add-server-next")
    assert "can’t use a proxy that is itself reached by HTTPS" in opened.says()
    assert opened.draft.hosts.proxy == HostProxy(ProxyKind.CUSTOM, "https://proxy.contoso.com", "8080")
    opened.type("add-server-proxy-address", "http://proxy.contoso.com")
    opened.press("add-server-next")
    assert opened.sheet.part.id == "key"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (None, "No key was made here for this site."),
        (timedelta(days=4), "Valid until "),
        (timedelta(hours=3), "Valid until "),
        (-timedelta(hours=1), "Expired on "),
    ],
)
async def test_the_key_says_until_when_it_is_good(open_sheet: Open, left: timedelta | None, words: str) -> None:
    opened = await open_sheet(part="key", left=left)
    assert opened.line("add-server-key-state").startswith(words)
    is_good = left is not None and left > timedelta()
    assert opened.find("add-server-calendar").isVisible() is is_good


async def test_a_key_is_made_by_the_way_that_was_chosen_and_once(open_sheet: Open) -> None:
    opened = await open_sheet(part="key")
    opened.press("add-server-key-own")
    opened.press("add-server-make-key")
    request = MakeKey("Contoso-HQ", KeyWay.OWN)
    assert opened.requests == [request]
    opened.sheet.started(request)
    opened.press("add-server-make-key")
    assert opened.requests == [request]
    opened.sheet.finished(request, Conflict("busy", "The vault is busy.", "Try again in a minute."))
    assert opened.line("add-server-key-outcome") == "The vault is busy. Try again in a minute."
    opened.press("add-server-look-at-key")
    assert opened.requests[-1] == LookAtKey("Contoso-HQ")


async def test_an_expired_key_is_told_where_scripts_are_made(open_sheet: Open) -> None:
    opened = await open_sheet(part="install", left=-timedelta(hours=1))
    assert "no host can register" in opened.line("add-server-install-key")


async def test_scripts_are_shown_and_saved_for_all_or_for_each(open_sheet: Open) -> None:
    opened = await open_sheet(part="install", left=timedelta(days=4))
    shown = opened.sheet.findChild(Disclosure, "add-server-script")
    assert shown is not None
    assert "'HV-HQ-09'" in shown.text
    opened.press("add-server-save-scripts")
    (saved,) = opened.requests
    assert isinstance(saved, SaveScripts)
    assert saved.scripts[0].host is None
    opened.press("add-server-way-each")
    assert "'HV-HQ-01'" in shown.text
    opened.press("add-server-save-scripts")
    assert isinstance(opened.requests[-1], SaveHostScripts)
    opened.press("add-server-way-by-hand")
    assert not opened.find("add-server-save-scripts").isVisible()


async def test_waiting_begins_when_the_hosts_were_told_and_knows_who_is_there(open_sheet: Open) -> None:
    opened = await open_sheet(part="wait")
    opened.press("add-server-begin")
    assert opened.draft.hosts.asked_at == NOW.isoformat()
    await until(lambda: "HV-HQ-09 is not registered" in opened.says(), what="the warning")
    assert not opened.find("add-server-begin").isVisible()


async def test_a_practice_host_tells_what_its_checks_found(open_sheet: Open) -> None:
    opened = await open_sheet(part="wait")
    opened.press("add-server-run-HV-HQ-09")
    (request,) = opened.requests
    assert isinstance(request, RunScript)
    opened.sheet.started(request)
    assert not opened.find("add-server-run-HV-HQ-09").isEnabled()
    checks = (
        HostCheck("clock", "Clock", HostCheckResult.FAILED, "The clock is 7 minutes off."),
        HostCheck("role", "Role", HostCheckResult.OK, "Hyper-V is there."),
    )
    opened.sheet.finished(request, HostRun("HV-HQ-09", checks, False))
    assert "The clock is 7 minutes off." in opened.says()
    assert "1 check passed." in opened.says()
    assert "Nothing was installed or registered." in opened.says()
