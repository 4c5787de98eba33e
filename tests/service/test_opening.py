"""What holds for the whole process once it is open."""

from __future__ import annotations

import cv2
from fastapi.testclient import TestClient


def test_opencv_keeps_to_the_calling_thread(client: TestClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert cv2.getNumThreads() == 1
