"""Limits and figures: which are in force, from which documents, and files in their place."""
