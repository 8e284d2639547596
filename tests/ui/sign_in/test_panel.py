"""The panel with a keyboard and a screen reader, and what it offers before anybody signs in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from app.clouds import cloud_named
from app.domain.cloud import Cloud
from app.errors import SignInRequired
from app.ports.secrets import Secret
from app.ports.sign_in import Account, Kept, ShowCode, SignedIn, SignInMethod, SignInWish
from app.runtime.renewal import Renewal
from tests.support.sign_in_panel import PanelBench
from tests.support.waiting import until
from ui.theme.theme import Theme

Show = Callable[[QWidget], Awaitable[None]]


class StillPort:
    """Knows every way, and never answers whoever signs in. Implements app.ports.sign_in.SignIn."""

    def __init__(self, *methods: SignInMethod) -> None:
        self.known = methods or tuple(SignInMethod)
        self.asked: list[tuple[SignInWish, Secret | None, bool]] = []
        self.knows_where = asyncio.Event()
        self.knows_where.set()

    async def methods(self) -> tuple[SignInMethod, ...]:
        return self.known

    async def will_keep(self, method: SignInMethod) -> Kept:
        await self.knows_where.wait()
        return Kept("the test's keyring", is_lasting=True)

    def renewal(self, wish: SignInWish) -> Renewal:
        return Renewal(SignInRequired)

    async def cloud_at(self, address: str, *, ca: Path | None = None) -> Cloud:
        raise AssertionError("nobody asked for another cloud")

    async def sign_in(
        self,
        wish: SignInWish,
        secret: Secret | None = None,
        *,
        show: ShowCode,
        within_s: int = 300,
        keep: bool = True,
    ) -> SignedIn:
        self.asked.append((wish, secret, keep))
        await asyncio.Event().wait()
        raise AssertionError("never")

    async def resume(self, wish: SignInWish) -> SignedIn:
        return SignedIn(wish, Account("you@contoso.com", "t"), Kept("the test's keyring", is_lasting=True))

    async def sign_out(self, wish: SignInWish) -> None:
        """Nothing was kept."""

    async def aclose(self) -> None:
        """Nothing is open."""


async def opened(theme: Theme, shown: Show, port: StillPort) -> PanelBench:
    bench = PanelBench(theme, port)
    await shown(bench.window)
    await bench.is_prepared()
    return bench


async def test_the_windows_account_is_the_usual_way_where_it_is_there(theme: Theme, shown: Show) -> None:
    bench = await opened(theme, shown, StillPort())
    assert bench.panel.form.method is SignInMethod.WINDOWS_ACCOUNT
    await bench.leave()


async def test_elsewhere_it_is_not_offered_and_the_browser_is_the_usual_way(theme: Theme, shown: Show) -> None:
    others = tuple(method for method in SignInMethod if method is not SignInMethod.WINDOWS_ACCOUNT)
    bench = await opened(theme, shown, StillPort(*others))
    assert bench.panel.form.method is SignInMethod.BROWSER
    assert not bench.shows("sign-in-way-windows-account")
    await bench.leave()


async def test_a_way_that_was_chosen_stays_when_it_is_known_what_there_is(theme: Theme, shown: Show) -> None:
    bench = PanelBench(theme, StillPort())
    bench.panel.form.choose_method(SignInMethod.AZURE_CLI)
    await shown(bench.window)
    await until(lambda: bench.shows("sign-in-way-windows-account"))
    assert bench.panel.form.method is SignInMethod.AZURE_CLI
    await bench.leave()


async def test_each_cloud_is_offered(theme: Theme, shown: Show) -> None:
    port = StillPort(SignInMethod.BROWSER)
    bench = await opened(theme, shown, port)
    for name in ("public", "us-government", "china"):
        bench.pick_cloud(name)
        assert not bench.shows("sign-in-address")
        bench.sign_in()
        await until(lambda: port.asked)
        assert port.asked.pop()[0].cloud == cloud_named(name)
        bench.press("sign-in-cancel")
    bench.pick_cloud("other")
    assert bench.shows("sign-in-address")
    assert bench.shows("sign-in-ca")
    await bench.leave()


async def test_who_signs_in_before_it_is_known_where_it_is_kept_is_kept_all_the_same(theme: Theme, shown: Show) -> None:
    port = StillPort(SignInMethod.BROWSER)
    port.knows_where.clear()
    bench = PanelBench(theme, port)
    await shown(bench.window)
    await until(lambda: "Looking" in bench.kept)
    bench.sign_in()
    await until(lambda: port.asked)
    assert port.asked[0][2] is True
    port.knows_where.set()
    await bench.leave()


async def test_an_application_s_id_is_not_taken_over_for_a_person(theme: Theme, shown: Show) -> None:
    port = StillPort(SignInMethod.BROWSER, SignInMethod.CLIENT_SECRET)
    bench = await opened(theme, shown, port)
    bench.choose(SignInMethod.CLIENT_SECRET)
    bench.type("sign-in-client", "an-application")
    bench.type("sign-in-secret", "its-secret")
    bench.choose(SignInMethod.BROWSER)
    bench.sign_in()
    await until(lambda: port.asked)
    wish, secret, keep = port.asked[0]
    assert (wish.client_id, secret, keep) == ("", None, True)
    assert bench.panel.form.secret.edit.text() == ""
    await bench.leave()


async def test_it_begins_with_how_another_connection_is_signed_in_to(theme: Theme, shown: Show) -> None:
    port = StillPort()
    bench = await opened(theme, shown, port)
    cloud = Cloud("https://arm.local", "Local", "https://arm.local", "https://login.local", "a", is_custom=True)
    before = SignInWish(SignInMethod.CERTIFICATE, cloud, "t", "c", certificate=Path("c.pfx"), ca=Path("ca.pem"))
    bench.panel.set_wish(before)
    asked = bench.panel.form.asked
    assert (asked.method, asked.cloud, asked.tenant, asked.client_id) == (before.method, cloud.arm, "t", "c")
    assert (asked.certificate, asked.ca) == (before.certificate, before.ca)
    await bench.leave()


async def test_who_went_on_with_a_sign_in_is_shown(theme: Theme, shown: Show) -> None:
    port = StillPort()
    bench = await opened(theme, shown, port)
    cloud = cloud_named("public")
    assert cloud is not None
    bench.panel.show_signed_in(await port.resume(SignInWish(SignInMethod.BROWSER, cloud)))
    assert any("Signed in as you@contoso.com" in words for words in bench.words)
    assert any("kept in the test's keyring, until you sign out" in words for words in bench.words)
    assert bench.signed_in == []
    bench.press("sign-in-other")
    assert bench.panel.result is None
    assert bench.shows("sign-in-go")
    await bench.leave()


async def test_enter_in_a_field_signs_in_and_escape_is_left_to_the_page(theme: Theme, shown: Show) -> None:
    port = StillPort(SignInMethod.BROWSER)
    bench = await opened(theme, shown, port)
    bench.type("sign-in-tenant", "contoso.com")
    QTest.keyClick(bench.find(QLineEdit, "sign-in-tenant"), Qt.Key.Key_Return)
    await until(lambda: port.asked)
    assert port.asked[0][0].tenant == "contoso.com"
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "sign-in-cancel"
    QTest.keyClick(focused, Qt.Key.Key_Space)
    assert not bench.panel.is_busy
    assert bench.window.focusWidget() is bench.panel.sign_in_button
    await bench.leave()


async def test_every_stop_of_the_keyboard_has_a_name_and_no_mnemonic_is_given_twice(theme: Theme, shown: Show) -> None:
    bench = await opened(theme, shown, StillPort())
    bench.pick_cloud("other")
    for method in SignInMethod:
        bench.choose(method)
        stops = set()
        for _ in range(40):
            focused = QApplication.focusWidget()
            assert focused is not None
            stops.add(focused)
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        names = {stop: stop.accessibleName() or getattr(stop, "text", str)() for stop in stops}
        assert all(names.values()), names
        fields = [stop for stop in stops if isinstance(stop, QLineEdit | QComboBox)]
        assert len({names[field] for field in fields}) == len(fields)
        assert bench.panel.sign_in_button in stops
        letters = [
            text[text.index("&") + 1].lower()
            for part in bench.panel.findChildren(QWidget)
            if part.isVisible() and isinstance(part, QLabel | QAbstractButton)
            for text in [part.text()]
            if "&" in text
        ]
        assert len(set(letters)) == len(letters), (method, sorted(letters))
    await bench.leave()


async def test_closing_while_somebody_signs_in_leaves_nothing_behind(theme: Theme, shown: Show) -> None:
    port = StillPort(SignInMethod.BROWSER)
    bench = await opened(theme, shown, port)
    bench.sign_in()
    await until(lambda: port.asked)
    bench.window.close()
    bench.window.deleteLater()
    bench.panel.deleteLater()
    await asyncio.sleep(0)
