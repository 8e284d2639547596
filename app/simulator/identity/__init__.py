"""The identity service beside the practice vault: metadata, ways to sign in, and the tokens that come of them."""
