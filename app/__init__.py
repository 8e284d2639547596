"""Everything but pixels: rules, services, adapters and the practice vault. No Qt in here."""

__version__ = "0.1.0"
