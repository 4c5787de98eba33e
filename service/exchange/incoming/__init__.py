"""What partners sent: held apart from one's own, and gone with the partnership."""
