"""Creating a vault before there is a connection to one: what is there, what is in the way, and the run."""

from __future__ import annotations

from app.domain.azure import Subscription
from app.domain.rules import Rules
from app.domain.vault import Vault
from app.flows.draft import SetUpDraft
from app.flows.new_vault import Obstacle, obstacle_in
from app.flows.places import vault_id_of
from app.flows.planning_vault import actions_for_vault
from app.flows.rights_subjects import subject_of_draft
from app.flows.step import Context
from app.ports.clock import Clock
from app.services.inventory import Inventory
from app.services.rights_check import RightsCheck
from app.services.runner import Runner
from app.services.runs import OnChange, ignore_change
from app.services.small_run import carry_out_all

_PURPOSE = "vault"


class VaultCreation:
    """One per tenant. Of a draft only the vault matters."""

    def __init__(self, inventory: Inventory, rights: RightsCheck, runner: Runner, rules: Rules, clock: Clock) -> None:
        self._inventory = inventory
        self._rights = rights
        self._runner = runner
        self._rules = rules
        self._clock = clock

    async def context(self, subscription: Subscription) -> Context:
        """What a new vault in the subscription is checked against."""
        estate = await self._inventory.ground_for_vault(subscription)
        return Context(estate, self._rules, self._clock.now())

    async def obstacle(self, draft: SetUpDraft, context: Context) -> Obstacle | None:
        """What rights and locks have against it, so far as they can be read."""
        return await find_obstacle(self._rights, draft, context)

    async def create(self, draft: SetUpDraft, context: Context, on_change: OnChange = ignore_change) -> Vault:
        """Carry out what `actions_for_vault` lists, and return the vault as Azure has it then.

        Raises:
            AppError: something of it could not be done; what was done stays, and is not done again.
        """
        actions = actions_for_vault(draft, context.estate, context.rules)
        vault = vault_id_of(draft.vault)
        await carry_out_all(self._runner, "Create vault", actions, key=f"vault {vault.key}", on_change=on_change)
        found = await self._inventory.vault(vault)
        assert found is not None, "the run has read it back"
        return found


async def find_obstacle(rights: RightsCheck, draft: SetUpDraft, context: Context) -> Obstacle | None:
    """What stands in the way of the draft's new vault."""
    report = await rights.read(subject_of_draft(draft, context.estate))
    return obstacle_in(report.of(_PURPOSE), context.rules.rights.roles, report.subject, report.caller)
