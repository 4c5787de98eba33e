"""One file for each signal: measured facts in, signals out; no database, no clock."""
