"""Which function does which kind of job, and what such a function gets to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from service.jobs.context import JobContext

if TYPE_CHECKING:
    from typing import TypeVar

    _Function = TypeVar("_Function", bound="JobFunction")

JobFunction = Callable[[JobContext], dict[str, Any] | None]

_functions: dict[str, JobFunction] = {}


class UnknownJobKind(LookupError):
    """No module that this process loaded declares a function for the kind."""


def job_handler(kind: str) -> Callable[[_Function], _Function]:
    """Declare the function that does jobs of this kind.

    It may be run again from its last checkpoint after a kill or an error, so doing a step twice must be as good as
    doing it once. What it returns is the job's `result` and must be JSON.

    Raises:
        ValueError: another function does this kind already.
    """

    def register(function: _Function) -> _Function:
        if kind in _functions and _functions[kind] is not function:
            raise ValueError(f"Jobs of kind {kind!r} are done by {_functions[kind]!r} already.")
        _functions[kind] = function
        return function

    return register


def function_for(kind: str) -> JobFunction:
    """
    Raises:
        UnknownJobKind: nothing does this kind; import the module that does.
    """
    try:
        return _functions[kind]
    except KeyError:
        raise UnknownJobKind(
            f"No function does jobs of kind {kind!r}; import its module where the routers are listed."
        ) from None


def kinds() -> Mapping[str, JobFunction]:
    return dict(_functions)


__all__ = ["JobContext", "JobFunction", "UnknownJobKind", "function_for", "job_handler", "kinds"]
