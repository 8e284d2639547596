"""Lists of records: columns, the keyed model, the table with its states, filter bar and editing."""
