"""One way to open an ONNX file: a fixed number of threads, one pool, no spinning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime

from model.encoders.base import EncoderDamaged


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """A session over a file whose checksum the caller has verified.

    Raises:
        EncoderDamaged: ONNX Runtime cannot read the file.
    """
    return open_session_of(path, path, threads)


def open_session_of(graph: Path | bytes, path: Path, threads: int) -> onnxruntime.InferenceSession:
    """As `open_session`, of a graph that was changed in memory after it was read from `path`."""
    try:
        return onnxruntime.InferenceSession(
            graph, sess_options=_options(threads), providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's errors share no narrower public base
        raise EncoderDamaged(path, f"ONNX Runtime cannot read it ({error})") from error


def _options(threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options
