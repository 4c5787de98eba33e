"""What leaves the house: a feed for each partner, in which each thing stands once, at its newest."""
