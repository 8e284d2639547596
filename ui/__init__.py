"""The window: Qt only. Nothing here knows Azure; what it shows comes from the services and feeds of `app`."""

from ui.import_hook import take_off

take_off()
