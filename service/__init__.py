"""Who may ask, what they get, and what is kept."""
