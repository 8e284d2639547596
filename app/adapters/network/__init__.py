"""How this program gets out of a company's network: which proxy, whose certificates, and what went wrong."""
