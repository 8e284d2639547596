"""Data the program reads: rules with source and date, practice scenarios. Read through `importlib.resources`."""
