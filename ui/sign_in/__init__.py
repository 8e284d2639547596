"""Signing in to Azure in the window: the panel with every way, the sheet to sign in again, and signing out."""
