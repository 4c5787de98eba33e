"""The embedded engine: exact while small, snapshots that a crash cannot hurt."""

from index.faiss.engine import FaissIndex

__all__ = ["FaissIndex"]
