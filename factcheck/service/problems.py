"""Errors to answers: every refusal has a status, a code and one line that says what to do."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

from factcheck.errors import FactCheckError, InputError, ServiceError, UsageError
from factcheck.service.schema import Problem, ProblemResponse

JSON = "application/json"


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """An answer other than 200.

    Attributes:
        close: whether the connection ends here, because the rest of the request is not read.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        close: bool = False,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.close = close
        self.param = param


def respond(refusal: Refusal) -> Response:
    """Return a refusal as an answer."""
    headers = dict(refusal.headers)
    if refusal.close:
        headers["Connection"] = "close"
    return Response(
        msgspec.json.encode(ProblemResponse(error=problem_of(refusal))),
        status_code=refusal.status,
        media_type=JSON,
        headers=headers,
    )


def problem_of(refusal: Refusal) -> Problem:
    """Return what a refusal says."""
    kind = "invalid_request_error" if refusal.status < 500 else "server_error"
    return Problem(message=refusal.message, type=kind, code=refusal.code, param=refusal.param)


def refusal_of(error: FactCheckError) -> Refusal:
    """Return the answer for an error of the package."""
    if isinstance(error, UsageError | InputError):
        return Refusal(422, error.code, str(error))
    if isinstance(error, ServiceError):
        return Refusal(502, error.code, str(error))
    return Refusal(500, error.code, str(error))


def busy(seconds: int, message: str = "too much to do at the moment") -> Refusal:
    """Return the answer when a request is shed."""
    return Refusal(503, "busy", f"{message}; try again in {seconds} s", headers={"Retry-After": str(seconds)})
