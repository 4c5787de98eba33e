"""What is written to the log, and how: each record with the id of the request in whose course it was written."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Of the request in whose context this is read; `-` outside of one."""

_CHATTY = ("alembic.runtime.plugins", "huey.consumer", "onnx_ir", "onnxscript")
_TEXT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    """One object a line: `at`, `level`, `logger`, `request_id`, `message` and, after an error, `exception`."""


def log_to_stderr(form: LogFormat) -> None:
    """Write what every logger has to say, from INFO upwards, to the standard error; nothing else does from here on."""
    put_request_id_in_logs()
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form is LogFormat.JSON else logging.Formatter(_TEXT))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def put_request_id_in_logs() -> None:
    """Every log record carries `request_id`, so that a format may name it wherever it is written."""
    before = logging.getLogRecordFactory()
    if getattr(before, "knows_request_id", False):
        return

    def make(*args: object, **kwargs: object) -> logging.LogRecord:
        record: logging.LogRecord = before(*args, **kwargs)
        record.request_id = request_id.get()
        return record

    make.knows_request_id = True  # type: ignore[attr-defined] # a mark on the function, not to wrap it twice
    logging.setLogRecordFactory(make)
