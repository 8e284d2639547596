"""Connect to Azure: sign in, choose a vault or create one, and say what the connection is called."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.connection import AzureSpec, spec_for
from app.domain.azure import Tenant
from app.ports.sign_in import SignedIn
from app.runtime.progress import Report
from app.saved_connections import SavedConnection, new_connection
from app.services.account import Account
from app.services.vault_catalogue import VaultEntry
from ui.asking import Asking, SheetHost
from ui.calls import Calls
from ui.connections.colours import colour_of, free_colour
from ui.connections.form import ConnectionForm
from ui.notices import NoticeHub
from ui.sign_in.attempt import OpenSignIn
from ui.sign_in.panel import SignInPanel
from ui.sign_in.progress import OpenPage, open_in_browser
from ui.sign_in.sheet import SignInSheet
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle, Width
from ui.views.connect.vaults import VaultChooser
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.facts_box import Pairs
from ui.widgets.focus_ring import lead_focus
from ui.widgets.footer import Footer
from ui.widgets.labels import Text
from ui.widgets.page import Page
from ui.widgets.surface import horizontal_line, lie_on_content

OpenAccount = Callable[[SignedIn, Report], Awaitable[Account]]
"""Opens what a signed-in account reaches."""


class ConnectView(QWidget):
    """Three steps; going back keeps what was answered.

    Signals:
        connected: keep this connection and open it; carries the `SavedConnection`.
        left: back to where one came from.
        check_requested: see whether this computer reaches what signing in needs.
    """

    connected = Signal(object)
    left = Signal()
    check_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        open_sign_in: OpenSignIn,
        open_account: OpenAccount,
        notices: NoticeHub,
        host: SheetHost,
        asking: Asking,
        *,
        connections: Callable[[], Sequence[SavedConnection]],
        open_page: OpenPage = open_in_browser,
    ) -> None:
        """`connections` are those that are kept already."""
        super().__init__()
        self.setObjectName("page-connect")
        lie_on_content(self)
        self._theme = theme
        self._open_sign_in = open_sign_in
        self._open_account = open_account
        self._notices = notices
        self._host = host
        self._connections = connections
        self._open_page = open_page
        self._calls = Calls(self, notices)
        self._account: Account | None = None
        self._signed_in: SignedIn | None = None
        self._entry: VaultEntry | None = None
        self._banners: QWidget | None = None
        self.panel = SignInPanel(theme, open_sign_in, notices, asking, open_page=open_page)
        self.chooser: VaultChooser | None = None
        self.form = ConnectionForm(theme)
        self._facts = Pairs()
        self._waiting = EmptyState(theme, "vault", self.tr("Preparing the list of vaults"))
        self._waiting.setObjectName("connect-waiting")
        self._steps = QStackedWidget()
        self._pages = (self._build_sign_in(), self._build_vaults(), self._build_name())
        self._build()

    async def aclose(self) -> None:
        """Let go of what the account reaches."""
        self._calls.cancel_all()
        await self._drop_account()

    def set_banners(self, banners: QWidget) -> None:
        """Stand `banners` below the header of the step that is open."""
        self._banners = banners
        self._pages[self._steps.currentIndex()].set_banners(banners)

    def first_focus(self) -> QWidget:
        """Where the keyboard starts in the step that is open."""
        if self._steps.currentIndex() == 0:
            return self.panel.first_focus()
        if self._steps.currentIndex() == 1 and self.chooser is not None:
            return self.chooser.first_focus()
        return self.form.first_focus()

    def refresh(self) -> None:
        """Read the vaults anew, as F5 does."""
        if self._steps.currentIndex() == 1 and self.chooser is not None:
            self.chooser.read()

    def regions(self) -> Sequence[QWidget]:
        """What F6 goes through."""
        if self._steps.currentIndex() == 1 and self.chooser is not None:
            return self.chooser.regions()
        return (self._steps.currentWidget(),)

    # Parts

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(horizontal_line())
        for page in self._pages:
            self._steps.addWidget(page)
        column.addWidget(self._steps, 1)
        self.panel.signed_in.connect(self._on_signed_in)
        self.panel.left.connect(self._on_sign_in_left)
        shortcut = QShortcut(QKeySequence("Alt+Left"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._go_back)

    def _build_sign_in(self) -> Page:
        page, footer = self._page(self.tr("Connect to Azure"), self.tr("Step 1 of 3: sign in"), scrolls=True)
        card = Card()
        card.body.addWidget(self.panel)
        card.setMaximumWidth(2 * Width.DETAILS)
        line = QHBoxLayout()
        line.addWidget(card, 1_000)
        line.addStretch(1)
        page.body.addLayout(line)
        help_line = QHBoxLayout()
        help_line.setSpacing(Space.S)
        help_line.addWidget(Text(self.tr("Behind a company proxy?"), TextStyle.BODY, Role.TEXT2))
        check = Button(self._theme, self.tr("Check the connection"), kind=Kind.LINK)
        check.setObjectName("connect-check")
        check.clicked.connect(self.check_requested)
        help_line.addWidget(check)
        help_line.addStretch(1)
        page.body.addLayout(help_line)
        page.body.addStretch(1)
        self.next_button = Button(self._theme, self.tr("&Next"), kind=Kind.PRIMARY)
        self.next_button.setObjectName("connect-next")
        self.next_button.clicked.connect(self._show_vaults)
        self.next_button.hide()
        footer.add_right(self.next_button)
        return page

    def _build_vaults(self) -> Page:
        page = Page(self.tr("Choose a vault"), self.tr("Step 2 of 3"))
        page.body.setContentsMargins(0, 0, 0, 0)
        page.body.addWidget(self._waiting, 1)
        self._vaults_back = self._back_button("connect-vaults-back")
        page.header.add_button(self._vaults_back)
        return page

    def _build_name(self) -> Page:
        page, footer = self._page(self.tr("Name the connection"), self.tr("Step 3 of 3"), scrolls=True)
        card = Card()
        card.setMaximumWidth(2 * Width.DETAILS)
        card.body.setSpacing(Space.L)
        card.body.addWidget(self._facts)
        card.body.addWidget(horizontal_line())
        card.body.addWidget(self.form)
        line = QHBoxLayout()
        line.addWidget(card, 1_000)
        line.addStretch(1)
        page.body.addLayout(line)
        page.body.addStretch(1)
        self.connect_button = Button(self._theme, self.tr("&Connect"), icon="production", kind=Kind.PRIMARY)
        self.connect_button.setObjectName("connect-finish")
        self.connect_button.clicked.connect(self._finish)
        footer.add_right(self.connect_button)
        return page

    def _page(self, title: str, purpose: str, *, scrolls: bool) -> tuple[Page, Footer]:
        page = Page(title, purpose, scrolls=scrolls)
        footer = Footer(self._theme)
        footer.add_left(self._back_button(""))
        page.add_footer(footer)
        return page, footer

    def _back_button(self, name: str) -> Button:
        back = Button(self._theme, self.tr("&Back"), icon="back")
        back.setObjectName(name or "connect-back")
        back.clicked.connect(self._go_back)
        return back

    # From step to step

    def _go(self, step: int) -> None:
        self._steps.setCurrentIndex(step)
        if self._banners is not None:
            self._pages[step].set_banners(self._banners)
        QTimer.singleShot(0, self, lambda: lead_focus(self.first_focus()))

    def _go_back(self) -> None:
        step = self._steps.currentIndex()
        if step == 0:
            self.panel.cancel()
            self.left.emit()
        else:
            self._go(step - 1)

    # Signing in

    def _on_signed_in(self, signed_in: SignedIn) -> None:
        self._signed_in = signed_in
        self.next_button.show()
        self._show_vaults()

    def _on_sign_in_left(self) -> None:
        self._signed_in = None
        self.next_button.hide()

    # The vaults

    def _show_vaults(self) -> None:
        signed_in = self._signed_in
        if signed_in is None:
            return
        self._pages[1].header.set_purpose(
            self.tr("Step 2 of 3: what {} reaches").format(signed_in.account.name or self.tr("the application"))
        )
        self._go(1)
        if self.chooser is not None and self.chooser.property("account") == signed_in.wish.key:
            return

        async def open_account(report: Report) -> Account:
            await self._drop_account()
            return await self._open_account(signed_in, report)

        self._waiting.show()
        self._calls.run_with_progress(
            "account",
            open_account,
            doing=self.tr("Preparing the list of vaults"),
            on_result=lambda account: self._take_account(account, signed_in),
            busy=self._waiting,
        )

    def _take_account(self, account: Account, signed_in: SignedIn) -> None:
        self._account = account
        self.chooser = VaultChooser(self._theme, account, self._notices, who=signed_in.account.name)
        self.chooser.setProperty("account", signed_in.wish.key)
        self.chooser.chosen.connect(self._on_vault_chosen)
        self.chooser.sign_in_requested.connect(self._on_tenant_sign_in_requested)
        self._waiting.hide()
        self._pages[1].body.addWidget(self.chooser, 1)
        lead_focus(self.chooser.first_focus())

    async def _drop_account(self) -> None:
        chooser, self.chooser = self.chooser, None
        account, self._account = self._account, None
        if chooser is not None:
            chooser.hide()
            chooser.deleteLater()
        if account is not None:
            await account.aclose()

    def _on_tenant_sign_in_requested(self, tenant: Tenant) -> None:
        """A directory wants a sign-in of its own, such as with a second factor."""
        if self._signed_in is None or self.chooser is None:
            return
        wish = replace(self._signed_in.wish, tenant=tenant.id)
        sheet = SignInSheet(
            self._theme,
            self._open_sign_in,
            self._notices,
            wish,
            account=self._signed_in.account.name,
            keep=self._signed_in.kept.is_lasting,
            open_page=self._open_page,
        )
        sheet.set_title(self.tr("Sign in to {}").format(tenant.name or tenant.id))
        chooser = self.chooser
        sheet.signed_in.connect(lambda signed_in: chooser.signed_in_to(tenant, signed_in.wish))
        self._host.open_sheet(sheet)
        if wish.method.is_interactive:
            sheet.begin()

    def _on_vault_chosen(self, entry: VaultEntry) -> None:
        if self._signed_in is None:
            return
        self._entry = entry
        vault = entry.vault
        same = self._same(spec_for(self._signed_in, vault.id, entry.reached_by))
        connections = self._connections()
        others = [each for each in connections if same is None or each.id != same.id]
        if same is None:
            taken = {each.name.casefold() for each in others}
            name = vault.name if vault.name.casefold() not in taken else f"{vault.name} ({entry.subscription.name})"
            self.form.load(name, free_colour(connections), others)
        else:
            self.form.load(same.name, colour_of(same), others, opens_read_only=same.opens_read_only)
        pairs = [
            (self.tr("Vault"), vault.name),
            (self.tr("Resource group"), vault.resource_group),
            (self.tr("Region"), self._region(entry)),
            (self.tr("Subscription"), entry.subscription.name),
            (self.tr("Account"), self._signed_in.account.name),
        ]
        self._facts.set_pairs([(label, value) for label, value in pairs if value])
        self._pages[2].header.set_purpose(
            self.tr("Step 3 of 3")
            if same is None
            else self.tr("Step 3 of 3: you have a connection to this vault already; it is kept with these answers")
        )
        self._go(2)

    # The connection

    def _finish(self) -> None:
        if self._entry is None or self._signed_in is None or not self.form.accept():
            return
        spec = spec_for(self._signed_in, self._entry.vault.id, self._entry.reached_by)
        more = {
            "colour": self.form.colour.value,
            "account": self._signed_in.account.name,
            "region": self._region(self._entry),
            "opens_read_only": self.form.opens_read_only,
        }
        same = self._same(spec)
        if same is not None:
            self.connected.emit(replace(same, name=self.form.name, spec=spec, **more))
        else:
            self.connected.emit(new_connection(self.form.name, spec, **more))

    def _same(self, spec: AzureSpec) -> SavedConnection | None:
        """The connection that leads there already."""
        return next((each for each in self._connections() if each.spec.key == spec.key), None)

    def _region(self, entry: VaultEntry) -> str:
        assert self._account is not None
        return self._account.rules.region_name(entry.vault.location)
