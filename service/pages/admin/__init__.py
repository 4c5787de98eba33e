"""What an administrator looks after: people, keys, mandates, partners, the encoder, jobs, the log, settings."""
