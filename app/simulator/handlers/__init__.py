"""One module per family of paths; each offers `ROUTES`."""
