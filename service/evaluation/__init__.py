"""Evaluations of the whole service: through the ordinary enrol and check path, not around it."""
