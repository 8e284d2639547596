"""The pages of the set-up, one for each step of the flow."""

from ui.theme.theme import Theme
from ui.wizard.page import WizardPage
from ui.wizard.pages.capacity import CapacityPage
from ui.wizard.pages.enable import EnablePage
from ui.wizard.pages.goal import GoalPage
from ui.wizard.pages.review import ReviewPage
from ui.wizard.pages.run import RunPage
from ui.wizard.pages.settings import SettingsPage
from ui.wizard.pages.source import SourcePage
from ui.wizard.pages.target import TargetPage
from ui.wizard.pages.vault import VaultPage


def build_pages(theme: Theme) -> tuple[WizardPage, ...]:
    """New pages, in the order of the flow."""
    pages = (VaultPage, GoalPage, SourcePage, TargetPage, SettingsPage, CapacityPage, EnablePage, ReviewPage, RunPage)
    return tuple(page(theme) for page in pages)
