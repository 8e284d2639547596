"""Everything but pixels: rules, services, adapters and the practice vault. No Qt in here."""
