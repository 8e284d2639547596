"""The head of the target page: subscription, resource group, region, and the deployment model."""

from __future__ import annotations

from dataclasses import replace
from operator import is_

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.azure import Subscription
from app.domain.deployment import classic_items
from app.domain.issue import Issue, blocking
from app.domain.wording import named
from app.flows.adapting import in_subscription
from app.flows.draft import SetUpDraft, TargetChoice
from app.flows.places import location_of
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.choice import RadioButton
from ui.widgets.fixed_value import FixedValue
from ui.widgets.form_field import FormField, TextField
from ui.widgets.labels import StatusLine, Text
from ui.widgets.picker import Option, Picker

_NEW = "new"
"""The key of "create one" among the resource groups; no group's key can be the same, since those are ids."""


class TargetPlaces(QWidget):
    """Where in Azure machines come alive.

    Signals:
        chosen: another subscription or group; carries the `TargetChoice`.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._target = TargetChoice()
        self._context: Context | None = None
        self._wrong: tuple[str, ...] = ()
        self._offered = ""
        self._offered_of: tuple[object, ...] = ((),) * 2
        self._subscriptions = Picker(theme, placeholder=self.tr("Choose a subscription"))
        self._subscriptions.setObjectName("target-subscription")
        self._subscription = FormField(theme, self.tr("Subscrip&tion"), self._subscriptions)
        self._groups = Picker(theme, placeholder=self.tr("Choose a resource group"))
        self._groups.setObjectName("target-resource-group")
        self._group = FormField(theme, self.tr("Resource &group"), self._groups)
        self._new_group = TextField(theme, self.tr("Name of the new resource gr&oup"))
        self._new_group.edit.setObjectName("target-new-resource-group")
        self._region = FixedValue(theme, "")
        self._model = RadioButton(theme, self.tr("Resource Manager"))
        self._classic = RadioButton(theme, self.tr("Classic"))
        self._old = StatusLine(theme, Status.WARNING, tinted=True)
        self._old.setObjectName("target-classic-items")
        self._build(theme)
        self._subscriptions.picked.connect(self._on_subscriptions_picked)
        self._groups.picked.connect(self._on_groups_picked)
        self._new_group.value_edited.connect(lambda name: self.chosen.emit(replace(self._target, resource_group=name)))

    @property
    def group_message(self) -> str:
        """What stands below the resource group, the chosen one or the new one."""
        return self._group_field.message

    @property
    def subscription_message(self) -> str:
        return self._subscription.message

    @property
    def classic_text(self) -> str:
        """What is said of machines that fail over to the classic model; empty where there is none."""
        return "" if self._old.isHidden() else self._old.text

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Offer what there is; `show_target` then shows the answers."""
        self._context = context
        estate = context.estate
        self._region.set_text(context.rules.region_name(location_of(draft, estate)) or "–")
        own = draft.vault.subscription.lower()
        self._subscriptions.set_options([self._option(each, own) for each in estate.subscriptions])
        self._classic.set_detail(context.rules.deployment.end_text)
        self._tell_classic(context)

    def show_target(self, target: TargetChoice) -> None:
        """Show these answers; groups are those of its subscription, as soon as they were read."""
        context, self._target = self._context, target
        if context is None:
            return
        estate = context.estate
        subscription = estate.subscription(target.subscription)
        self._subscriptions.set_current(subscription.id if subscription is not None else None)
        self._offer_groups(target.subscription, context)
        is_new = target.create_resource_group
        group = None if is_new else estate.group(target.subscription, target.resource_group)
        self._groups.set_current(_NEW if is_new else group.id.key if group is not None else None)
        self._new_group.setVisible(is_new)
        if is_new:
            self._new_group.set_text(target.resource_group)

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        found = {issue.field.removeprefix("target."): issue.text for issue in reversed(blocking(issues))}
        self._wrong = tuple(found) if insist else ()
        self._subscription.set_issue(found.get("subscription"))
        of_group = found.get("resource_group")
        for field in (self._group, self._new_group):
            field.set_issue(of_group if field is self._group_field else None)
        if self._target.create_resource_group and not of_group:
            self._tell_taken_group()
        if insist:
            for field in (self._subscription, self._group, self._new_group):
                field.reveal()

    def first_focus(self) -> QWidget | None:
        """The first control that is wrong, once the user wanted to go on."""
        if "subscription" in self._wrong:
            return self._subscriptions
        return self._group_field.control if "resource_group" in self._wrong else None

    @property
    def start(self) -> QWidget:
        """Where the keyboard starts."""
        return self._group_field.control

    @property
    def _group_field(self) -> FormField:
        return self._new_group if self._target.create_resource_group else self._group

    def _build(self, theme: Theme) -> None:
        places = QHBoxLayout()
        places.setSpacing(Space.L)
        region = FormField(
            theme, self.tr("Region"), self._region, hint=self.tr("The vault’s: storage, network and vault share one.")
        )
        group = QVBoxLayout()
        group.setSpacing(Space.M)
        for field in (self._group, self._new_group):  # without an alignment a field gets no room for a third line
            group.addWidget(field, 0, Qt.AlignmentFlag.AlignTop)
        group.addStretch(1)
        places.addWidget(self._subscription, 1, Qt.AlignmentFlag.AlignTop)
        places.addLayout(group, 1)
        places.addWidget(region, 1, Qt.AlignmentFlag.AlignTop)
        self._model.setObjectName("target-resource-manager")
        self._model.setChecked(True)
        self._model.set_detail(self.tr("How machines are made in Azure today."))
        self._classic.setObjectName("target-classic")
        self._classic.setEnabled(False)
        models = QHBoxLayout()
        models.setSpacing(Space.XL)
        models.addWidget(self._model)
        models.addWidget(self._classic, 1)
        self._old.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addLayout(places)
        column.addWidget(Text(self.tr("Deployment model after failover"), TextStyle.LABEL))
        column.addLayout(models)
        column.addWidget(self._old)

    def _option(self, subscription: Subscription, own: str) -> Option:
        note = self.tr("the vault’s") if subscription.id.lower() == own else ""
        reason = self.tr("Disabled") if subscription.is_read_only else ""
        return Option(subscription.id, subscription.name, note, "subscription", reason)

    def _offer_groups(self, subscription: str, context: Context) -> None:
        groups, rules = context.estate.resource_groups, context.rules
        if self._offered == subscription and all(map(is_, (groups, rules), self._offered_of)):
            return
        self._offered, self._offered_of = subscription, (groups, rules)
        self._groups.set_options(
            [
                *(
                    Option(each.id.key, each.name, rules.region_name(each.location), "resource_group")
                    for each in context.estate.groups_of(subscription)
                ),
                Option(_NEW, self.tr("New resource group…"), icon="create"),
            ]
        )

    def _tell_classic(self, context: Context) -> None:
        old = classic_items(context.estate.protected_items, context.rules.deployment)
        self._old.setVisible(bool(old))
        if old:
            names = named([item.friendly_name for item in old])
            text = self.tr(
                "Still set to fail over to the classic model, which can’t work any more: {names}. Disable replication "
                "for them, then enable it anew with this target. Their first copy is sent again."
            )
            self._old.set_status(Status.WARNING, text.format(names=names))

    def _tell_taken_group(self) -> None:
        """A group of that name does no harm, but whoever makes one should know that it is there."""
        context, target = self._context, self._target
        there = context.estate.group(target.subscription, target.resource_group) if context is not None else None
        if context is not None and there is not None:
            text = self.tr("There is a resource group {name} already, in {region}. It will be used as it is.")
            region = context.rules.region_name(there.location)
            self._new_group.set_issue(text.format(name=there.name, region=region), Status.INFO)

    def _on_subscriptions_picked(self, picked: str) -> None:
        if picked.lower() != self._target.subscription.lower():
            self.chosen.emit(in_subscription(self._target, picked))

    def _on_groups_picked(self, picked: str) -> None:
        assert self._context is not None
        if picked == _NEW:
            name = self._new_group.text
            self.chosen.emit(replace(self._target, resource_group=name, create_resource_group=True))
            self._new_group.edit.setFocus()
            return
        groups = self._context.estate.groups_of(self._target.subscription)
        group = next(each for each in groups if each.id.key == picked)
        self.chosen.emit(replace(self._target, resource_group=group.name, create_resource_group=False))
