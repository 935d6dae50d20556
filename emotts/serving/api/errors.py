"""Errors as clients of OpenAI's API expect them: a status and ``{"error": {message, type, param, code}}``.

No message names a file or folder of the server.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from emotts.errors import EmottsError, TextError, printable

__all__ = ["ApiError", "answer_errors", "shown"]

_LOG = logging.getLogger(__name__)


class ApiError(EmottsError):
    """A request that is not answered with speech.

    Args:
        what: the problem, as of :class:`EmottsError`.
        status: of HTTP.
        param: the parameter that is wrong.
        code: a word that a program can compare.
        headers: of the answer.
        found, wanted, remedy: as of :class:`EmottsError`.
    """

    def __init__(
        self,
        what: str,
        *,
        status: int = 400,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        found: object | None = None,
        wanted: object | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(what, found=found, wanted=wanted, remedy=remedy)
        self.status = status
        self.param = param
        self.code = code
        self.headers = headers

    @classmethod
    def of(cls, error: EmottsError, *, param: str | None) -> ApiError:
        """Return a stated problem of speaking as one of the request, without its place on the server."""
        return cls(error.what, param=param, found=error.found, wanted=error.wanted, remedy=error.remedy)


def shown(error: EmottsError) -> str:
    """Return an error's message in one line, without where it is."""
    parts = [error.what]
    parts += [f"{name}: {part}" for name, part in (("found", error.found), ("wanted", error.wanted)) if part]
    if error.remedy is not None:
        parts.append(f"to do: {error.remedy}")
    return printable("; ".join(parts))


def answer_errors(app: FastAPI) -> None:
    """Let an application answer every problem in OpenAI's form."""

    async def api_error(_: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, ApiError):
            error = ApiError.of(error, param="input" if isinstance(error, TextError) else None)  # type: ignore[arg-type]
        return _answer(error.status, shown(error), param=error.param, code=error.code, headers=error.headers)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        problems = error.errors() if isinstance(error, RequestValidationError) else []
        if problems[0]["type"] == "json_invalid":
            return _answer(400, "the body is no JSON", code="invalid_json")
        param = ".".join(str(part) for part in problems[0]["loc"][1:]) or None
        message = "; ".join(_explained(problem) for problem in problems)
        return _answer(400, message, param=param, code="invalid_value")

    async def http_error(_: Request, error: Exception) -> JSONResponse:
        status, said = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
        code = "too_large" if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else None
        return _answer(status, said, code=code, headers=getattr(error, "headers", None))

    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        _LOG.error("a request failed", exc_info=error)
        return _answer(500, "the server failed; its log says why")

    app.add_exception_handler(EmottsError, api_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, unexpected)


def _explained(problem: Mapping[str, object]) -> str:
    place = problem["loc"]
    names = [str(part) for part in place[1:]] if isinstance(place, Sequence) else []
    return printable(f"{'.'.join(names) or 'the body'}: {problem['msg']}")


def _answer(
    status: int,
    message: str,
    *,
    param: str | None = None,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    kinds = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
    kind = kinds.get(status, "invalid_request_error" if status < 500 else "server_error")
    error = {"message": message, "type": kind, "param": param, "code": code}
    return JSONResponse({"error": error}, status_code=status, headers=None if headers is None else dict(headers))
