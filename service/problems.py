"""Turns errors into RFC 9457 problem documents, and lists the kinds of problems there are."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from model.encoders.base import EncoderBusy, EncoderTooSlow, FingerprintMismatch
from model.images import DecompressionBomb, FormatNotAllowed, NotAPicture, PictureError, PictureTooLarge
from service import errors

_log = logging.getLogger(__name__)
_MEDIA_TYPE = "application/problem+json"
_PICTURE_STATUS = {
    PictureTooLarge: 413,
    DecompressionBomb: 413,
    FormatNotAllowed: 415,
    NotAPicture: 415,
}

router = APIRouter(tags=["problems"])


class ProblemKind(BaseModel):
    type: str
    status: int
    title: str
    help: str


@router.get("/problems")
def list_problems() -> list[ProblemKind]:
    """Every kind of problem an answer may name in its `type`."""
    return [*map(_kind, errors.all_problems()), *map(_picture_kind, picture_errors())]


@router.get("/problems/{slug}")
def show_problem(slug: str) -> ProblemKind:
    """What a `type` means and what to do about it."""
    for kind in list_problems():
        if kind.type == f"/problems/{slug}":
            return kind
    raise errors.NotFound(f"No kind of problem is called {slug!r}; GET /problems lists them.")


class PictureRefused(errors.Problem):
    """The refusal of a picture by the model, under its own slug."""

    status = 422
    slug = "picture-refused"
    title = "A picture was refused"
    help = "The detail says what is wrong with the picture and what would be accepted."

    def __init__(self, error: PictureError, **members: Any) -> None:
        super().__init__(str(error), **members)
        self.status, self.slug = picture_status(type(error)), error.slug


def install_problem_answers(app: FastAPI) -> None:
    app.exception_handler(errors.Problem)(_answer_problem)
    app.exception_handler(PictureError)(_answer_picture_error)
    app.exception_handler(RequestValidationError)(_answer_invalid)
    app.exception_handler(HTTPException)(_answer_http)
    app.exception_handler(FingerprintMismatch)(_answer_mismatch)
    app.exception_handler(EncoderBusy)(_answer_busy)
    app.exception_handler(EncoderTooSlow)(_answer_too_slow)
    app.exception_handler(OperationalError)(_answer_database)
    app.exception_handler(PoolTimeout)(_answer_database)


def unforeseen(error: Exception) -> errors.Problem:
    """Log an error that nothing foresaw; what is said of it names no cause."""
    _log.error("unforeseen error", exc_info=error)
    return errors.Problem("An unforeseen error was logged; nothing was changed.")


def picture_status(kind: type[PictureError]) -> int:
    return _PICTURE_STATUS.get(kind, 422)


def picture_errors() -> list[type[PictureError]]:
    return sorted(PictureError.__subclasses__(), key=lambda kind: kind.slug)


def problem_response(problem: errors.Problem, request_id: str | None = None) -> JSONResponse:
    """The answer that tells of a problem; the id lets an operator find the request in the log."""
    document = problem.document() | ({"request_id": request_id} if request_id else {})
    headers = problem.headers | ({"X-Request-Id": request_id} if request_id else {})
    return JSONResponse(jsonable_encoder(document), problem.status, headers=headers, media_type=_MEDIA_TYPE)


async def _answer_problem(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, errors.Problem)  # noqa: S101 - registered for this class alone
    return problem_response(problem, getattr(request.state, "request_id", None))


async def _answer_picture_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PictureError)  # noqa: S101 - registered for this class alone
    return await _answer_problem(request, PictureRefused(error))


async def _answer_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    found = [
        {"at": list(each["loc"]), "message": each["msg"], "kind": each["type"]} for each in error.errors()
    ]
    fields = ", ".join(".".join(map(str, each["at"])) for each in found)
    return await _answer_problem(request, errors.Unprocessable(f"Not valid: {fields}.", errors=found))


async def _answer_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    match error.status_code:
        case 404:
            problem: errors.Problem = errors.NotFound("Nothing is served at this address; see /docs.")
        case 405:
            problem = errors.MethodNotAllowed("This address does not offer that method; see /docs.")
        case _:
            problem = errors.BadRequest(str(error.detail))
    problem.headers.update(error.headers or {})
    return await _answer_problem(request, problem)


async def _answer_mismatch(request: Request, error: Exception) -> JSONResponse:
    _log.warning("%s", error)
    return await _answer_problem(
        request, errors.Unavailable("The encoder is being changed; repeat the request.", retry_after=2)
    )


async def _answer_busy(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, EncoderBusy)  # noqa: S101 - registered for this class alone
    problem = errors.Unavailable(
        "More pictures are waiting than can be embedded.", retry_after=error.retry_after
    )
    return await _answer_problem(request, problem)


async def _answer_too_slow(request: Request, _error: Exception) -> JSONResponse:
    return await _answer_problem(
        request, errors.Unavailable("Embedding the picture took too long.", retry_after=5)
    )


async def _answer_database(request: Request, error: Exception) -> JSONResponse:
    cause = error.orig if isinstance(error, OperationalError) else error
    _log.error("database: %s", cause)
    return await _answer_problem(request, errors.Unavailable("The database does not answer.", retry_after=5))


def _kind(kind: type[errors.Problem]) -> ProblemKind:
    return ProblemKind(type=f"/problems/{kind.slug}", status=kind.status, title=kind.title, help=kind.help)


def _picture_kind(kind: type[PictureError]) -> ProblemKind:
    return ProblemKind(
        type=f"/problems/{kind.slug}",
        status=picture_status(kind),
        title=PictureRefused.title,
        help=(kind.__doc__ or PictureRefused.help).strip().splitlines()[0],
    )
