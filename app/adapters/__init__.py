"""Ports made real: the only importers of azure.* and keyring."""
