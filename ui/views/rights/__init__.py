"""Rights: what one may do, what is missing, and what to ask for."""
