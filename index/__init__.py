"""Where the references are: one protocol, several engines, one contract test."""
