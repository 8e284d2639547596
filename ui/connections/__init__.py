"""Connections that are kept: what one is called, in which colour, and how it opens."""
