"""How jobs are told wherever they appear: their words, their errors explained, their text for a ticket."""
