"""The overview of one vault."""
