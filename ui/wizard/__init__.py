"""The guided set-up: step rail, pages, review and run."""
