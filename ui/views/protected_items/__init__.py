"""The replicated items: table, operations on what is selected, details."""
