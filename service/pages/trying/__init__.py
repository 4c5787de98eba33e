"""A page to try the product out on one picture."""
