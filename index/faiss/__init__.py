"""The embedded engine: exact while small, trained when large, snapshots that a crash cannot hurt."""

from index.faiss.background import UpkeepFailed
from index.faiss.engine import FaissIndex, NoDirectory, saved_status
from index.faiss.manifest import WhyUnusable
from index.faiss.snapshot_store import Refused, SnapshotBusy
from index.faiss.status import Kind, PartStatus
from index.faiss.tuning import Tuning

__all__ = [
    "FaissIndex",
    "Kind",
    "NoDirectory",
    "PartStatus",
    "Refused",
    "SnapshotBusy",
    "Tuning",
    "UpkeepFailed",
    "WhyUnusable",
    "saved_status",
]
