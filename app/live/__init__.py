"""Feeds: one poller per kind of data, shared by all views."""
