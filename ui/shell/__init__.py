"""The frame around all pages: which connection this is, where one can go, and what is under way."""
