"""Finding the vault to work with: everything that the signed-in account reaches."""
