"""What services need from outside, as protocols; adapters make them real."""
