"""What went wrong with an endpoint: whether to ask again, and what to tell the user."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from factcheck.errors import ServiceError
from factcheck.models.chat.answers import MalformedAnswerError
from factcheck.models.chat.settings import Limits

_TRANSIENT = frozenset({408, 429})
_LONGEST_MESSAGE = 300


def pause_before_retry(error: Exception, left: float | None) -> bool | float:
    """Say whether to ask again after an error, and how long to wait first if the endpoint says so.

    Args:
        error: of client or transport.
        left: seconds until the time for this request is over; None where that plays no part.

    Returns:
        False where another try cannot help, True for a pause of our own choice, else the pause in seconds.
    """
    import openai

    if isinstance(error, TimeoutError | MalformedAnswerError | openai.APIConnectionError):
        return True
    if isinstance(error, openai.APIResponseValidationError) or type(error) is ValueError or _is_broken_json(error):
        return True
    if not isinstance(error, openai.APIStatusError):
        return False
    status = error.status_code
    if status not in _TRANSIENT and status < 500:
        return False
    if status == 429 and error.code == "insufficient_quota":  # no pause brings money
        return False
    pause = _retry_after(error.response.headers)
    if pause is None:
        return True
    return False if left is not None and pause > left else pause


def refused_parameter(error: Exception, sent: Iterable[str]) -> str | None:
    """Return which of the parameters that were sent the endpoint refuses, if it says so."""
    import openai

    if not isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError):
        return None
    names = sorted(sent, key=len, reverse=True)
    if isinstance(error.param, str) and error.param:
        named = re.split(r"[.\[]", error.param)[0]
        return named if named in names or not names else None
    text = f"{error.message} {error.body}"
    aliases = {"response_format": ("response_format", "json_schema", "guided_json", "guided")}
    for name in names:
        if any(re.search(rf"(?<![\w-]){re.escape(alias)}(?![\w-])", text) for alias in aliases.get(name, (name,))):
            return name
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Words errors for one endpoint; the key never gets into them."""

    url: str
    model: str
    key: str = field(repr=False)
    key_variable: str

    def too_slow(self, limits: Limits) -> ServiceError:
        """Return the error for an answer that did not come in time."""
        what = f"did not answer within {limits.total_seconds:g} s, all tries together"
        return ServiceError(what, where=self.url, remedy="see whether it is up, or raise chat.total_seconds")

    def cause(self, error: Exception) -> Exception | None:
        """Return the error to chain, for traces; None where it, or what it came from, repeats the key."""
        told: BaseException | None = error
        while told is not None:
            if self.key and self.key in f"{told} {told!r}":
                return None
            told = told.__cause__ or told.__context__
        return error

    def explain(self, error: Exception, sent: Mapping[str, Any], limits: Limits) -> ServiceError:
        """Return the error to tell the user.

        Args:
            error: of client or transport, the last one.
            sent: the parameters of the request.
            limits: that were kept to.
        """
        import openai

        if isinstance(error, TimeoutError | openai.APITimeoutError):
            what = f"did not answer within {limits.timeout_seconds:g} s, {limits.attempts} times"
            return ServiceError(what, where=self.url, remedy="see whether it is up, or raise chat.timeout_seconds")
        if isinstance(error, openai.APIStatusError):
            return self._status(error, sent, limits)
        if isinstance(error, openai.APIConnectionError):
            cause = error.__cause__ or error
            what = f"cannot be reached, or breaks off ({self._plain(f'{type(cause).__name__}: {cause}')})"
            return ServiceError(what, where=self.url, remedy="check --base-url, and whether it is up")
        what = f"answers what is no chat completion ({self._plain(f'{type(error).__name__}: {error}')})"
        return ServiceError(what, where=self.url, remedy="check --base-url; as a rule it ends with /v1")

    def brief(self, error: Exception) -> str:
        """Return what happened in a few words, for the log."""
        import openai

        if isinstance(error, TimeoutError | openai.APITimeoutError):
            return "did not answer in time"
        if isinstance(error, openai.APIStatusError):
            return f"answered with status {error.status_code}"
        return "could not be reached" if isinstance(error, openai.APIConnectionError) else "answered in bad form"

    def _status(self, error: Any, sent: Mapping[str, Any], limits: Limits) -> ServiceError:
        status, said = error.status_code, self._plain(_said(error))
        if status in (400, 422):
            name = refused_parameter(error, (*sent, "model", "messages"))
            if name is not None:
                remedy = f"leave '{name}' unset, or set what this endpoint takes"
                return ServiceError(f"refuses the parameter '{name}' ({said})", where=self.url, remedy=remedy)
            return ServiceError(f"refuses the request ({said})", where=self.url, remedy="see its documentation")
        if status in (401, 403):
            remedy = f"put a key that is good for it into {self.key_variable}"
            return ServiceError(f"refuses the key, status {status} ({said})", where=self.url, remedy=remedy)
        if status == 404:
            remedy = "check the name of the model, and --base-url; as a rule it ends with /v1"
            return ServiceError(f"does not know '{self.model}', or the path ({said})", where=self.url, remedy=remedy)
        if status == 429:
            pause = _retry_after(error.response.headers)
            rest = "" if pause is None else f", and asks for {pause:.0f} s of rest"
            remedy = "ask for less at a time (chat.concurrency), wait, or see to the quota"
            return ServiceError(f"takes no more requests, status 429 ({said}){rest}", where=self.url, remedy=remedy)
        what = f"fails with status {status} ({said})" + (f", {limits.attempts} times" if status >= 500 else "")
        return ServiceError(what, where=self.url, remedy="see its logs")

    def _plain(self, message: str) -> str:
        line = " ".join(str(message).split())
        if self.key:
            line = line.replace(self.key, "***")
        line = re.sub(r"\bsk-[\w-]{6,}", "***", line)
        return line if len(line) <= _LONGEST_MESSAGE else line[:_LONGEST_MESSAGE] + "…"


def _said(error: Any) -> str:
    """Return the message of an error status; where it is no OpenAI error, what else the body says (`detail`)."""
    body = error.body
    detail = (body.get("detail") or body.get("message")) if isinstance(body, Mapping) else None
    return f"{error.message}: {detail}" if detail and str(detail) not in error.message else str(error.message)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After, in seconds or as a date (RFC 9110, section 10.2.3)."""
    value = (headers.get("retry-after") or "").strip()
    if re.fullmatch(r"\d{1,6}(?:\.\d+)?", value):
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _is_broken_json(error: Exception) -> bool:
    import json

    return isinstance(error, json.JSONDecodeError)
