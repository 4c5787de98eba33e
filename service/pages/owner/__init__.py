"""What a brand owner, or its agent, enrols, looks after, and is asked for."""
