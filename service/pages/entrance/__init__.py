"""The way in and out: signing in, the second step, one's own account, the language."""
