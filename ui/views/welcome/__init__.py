"""The first page: connections, the practice vault, set-ups that are not finished."""
