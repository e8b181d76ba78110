"""The OpenAPI document, from the same types that decode requests."""

from __future__ import annotations

from typing import Any

import msgspec

from factcheck.report.rows import ReportRow
from factcheck.service import schema

_REF = "#/components/schemas/{name}"
_STATUSES = {
    "400": "the body is not what this page describes",
    "401": "the key is missing or wrong",
    "403": "a host name or an origin that this service does not serve",
    "408": "the body did not come in time",
    "413": "the body is larger than the service allows",
    "415": "the body is not application/json",
    "422": "the values make no sense together, or a text cannot be used",
    "500": "a defect of this service",
    "503": "too much to do; try again after Retry-After seconds",
    "504": "it took longer than the service allows",
}


def document(*, version: str, proxy: bool, keyed: bool) -> dict[str, Any]:
    """Return the document.

    Args:
        version: of the package.
        proxy: whether `/v1/chat/completions` is served.
        keyed: whether a key is asked for.
    """
    types = [
        schema.CheckRequest,
        schema.ReviseRequest,
        schema.AskRequest,
        schema.ScoreRequest,
        ReportRow,
        schema.ScoreResponse,
        schema.ProblemResponse,
        schema.Health,
        *([schema.ChatRequest, schema.ChatResponse] if proxy else []),
    ]
    refs, components = msgspec.json.schema_components(types, ref_template=_REF)
    ref = dict(zip((t.__name__ for t in types), refs, strict=True))
    paths: dict[str, Any] = {
        "/v1/check": _post("check", "Judge the claims of a text.", ref["CheckRequest"], ref["ReportRow"], ref),
        "/v1/revise": _post("revise", "Judge a text and put it right.", ref["ReviseRequest"], ref["ReportRow"], ref),
        "/v1/ask": _post("ask", "Answer a question from the evidence.", ref["AskRequest"], ref["ReportRow"], ref),
        "/v1/score": _post("score", "Judge claims on given evidence.", ref["ScoreRequest"], ref["ScoreResponse"], ref),
        "/livez": _get("live", "Whether the process answers.", ref["Health"], keyed=False),
        "/readyz": _get("ready", "Whether it takes requests.", ref["Health"], ("503",), keyed=False),
        "/metrics": _get("metrics", "Counters in Prometheus' text format.", None),
        "/openapi.json": _get("openapi", "This document.", {"type": "object"}),
    }
    if proxy:
        chat = _post("chat", "Ask the upstream; the answer is checked.", ref["ChatRequest"], ref["ChatResponse"], ref)
        chat["post"]["responses"]["200"]["content"]["text/event-stream"] = {"schema": {"type": "string"}}
        chat["post"]["responses"]["502"] = _problem("the upstream cannot be reached or answers nonsense", ref)
        chat["post"]["responses"]["default"] = {"description": "what the upstream refused, with its status"}
        paths["/v1/chat/completions"] = chat
        paths["/v1/models"] = _get("models", "The upstream's models.", {"type": "object"}, ("502", "503", "504"))
        paths["/v1/models"]["get"]["responses"]["default"] = {"description": "what the upstream refused"}
    found: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "factcheck",
            "version": version,
            "summary": "Which claims of a text hold, and how it reads once the false ones are put right.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": components},
    }
    if keyed:
        found["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        found["security"] = [{"key": []}]
    return found


def _post(name: str, summary: str, request: Any, answer: Any, ref: dict[str, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {"200": {"description": "done", "content": {"application/json": {"schema": answer}}}}
    responses.update({status: _problem(text, ref) for status, text in _STATUSES.items()})
    body = {"required": True, "content": {"application/json": {"schema": request}}}
    return {"post": {"operationId": name, "summary": summary, "requestBody": body, "responses": responses}}


def _problem(text: str, ref: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": text,
        "content": {"application/json": {"schema": ref["ProblemResponse"]}},
    }
    if text == _STATUSES["503"]:
        found["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
    return found


def _get(name: str, summary: str, answer: Any, also: tuple[str, ...] = (), *, keyed: bool = True) -> dict[str, Any]:
    media = (
        {"text/plain": {"schema": {"type": "string"}}} if answer is None else {"application/json": {"schema": answer}}
    )
    responses: dict[str, Any] = {"200": {"description": "as asked", "content": media}}
    for status in (*(("401", "403") if keyed else ("403",)), *also):
        responses[status] = {"description": "see the other operations"}
    operation = {"operationId": name, "summary": summary, "responses": responses}
    return {"get": operation if keyed else {**operation, "security": []}}
