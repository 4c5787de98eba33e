"""The embedded engine: exact while small, snapshots that a crash cannot hurt."""

from index.faiss.engine import FaissIndex, NoDirectory
from index.faiss.manifest import WhyUnusable
from index.faiss.snapshot_store import Refused, SnapshotBusy

__all__ = ["FaissIndex", "NoDirectory", "Refused", "SnapshotBusy", "WhyUnusable"]
