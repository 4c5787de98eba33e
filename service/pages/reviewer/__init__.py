"""What a marketplace's reviewer sees: the queue, decisions, appeals, how rules do, and whether scores drift."""
