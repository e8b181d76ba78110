"""What the operator of a service decides; nothing of it can be said by a request."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from factcheck.config import ServeSettings
from factcheck.errors import UsageError
from factcheck.follow import Mode

API_KEY = "FACTCHECK_API_KEY"
"""The environment variable with the key that clients must send."""
UPSTREAM_KEY = "FACTCHECK_UPSTREAM_API_KEY"
"""The environment variable with the key that the upstream asks for."""
_SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """Everything that a service is started with.

    Attributes:
        limits: sizes, times and numbers.
        api_key: what clients must send; None on loopback only.
        upstream: base URL of an OpenAI-compatible endpoint; None without a proxy.
        upstream_key: what the upstream asks for; never shown, never logged.
        mode: of the proxy.
        screens: texts are screened; one that could not be is handed on by no mode.
        by_sentence: clients that stream get each sentence when it is checked, not the whole answer when that is.
    """

    limits: ServeSettings
    api_key: str | None = None
    upstream: str | None = None
    upstream_key: str | None = None
    mode: Mode = Mode.ANNOTATE
    screens: bool = False
    by_sentence: bool = True

    def __repr__(self) -> str:
        """Leave the keys out: what is logged by mistake must hold no secret."""
        return f"ServiceOptions(host={self.limits.host!r}, upstream={self.upstream!r}, mode={self.mode.value!r})"

    @classmethod
    def from_environment(
        cls,
        limits: ServeSettings,
        *,
        upstream: str | None = None,
        mode: Mode = Mode.ANNOTATE,
        environment: Mapping[str, str] | None = None,
    ) -> ServiceOptions:
        """Take the keys from the environment, and refuse what would be open to everybody.

        Raises:
            UsageError: another address than loopback without a key, a key that is too short, or an upstream that is no
                HTTP URL or holds a password.
        """
        surroundings = os.environ if environment is None else environment
        api_key = surroundings.get(API_KEY) or None
        if api_key is None and not is_loopback(limits.host):
            raise UsageError(
                f"listening on {limits.host} needs a key",
                remedy=f"set {API_KEY}, or listen on 127.0.0.1",
            )
        if api_key is not None and (len(api_key) < _SHORTEST_KEY or not api_key.isascii() or not api_key.isprintable()):
            raise UsageError(
                f"the key must be at least {_SHORTEST_KEY} printable ASCII characters",
                where=API_KEY,
                remedy="make one with: python -c 'import secrets; print(secrets.token_urlsafe())'",
            )
        if upstream is not None:
            _check_upstream(upstream)
        return cls(
            limits=limits,
            api_key=api_key,
            upstream=None if upstream is None else upstream.rstrip("/"),
            upstream_key=surroundings.get(UPSTREAM_KEY) or None,
            mode=mode,
        )


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _check_upstream(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"is no URL ({error})", where="--proxy", remedy="write http://HOST:PORT/v1") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise UsageError("is no HTTP URL", where="--proxy", remedy="write http://HOST:PORT/v1")
    if parts.username or parts.password:
        raise UsageError("holds a password", where="--proxy", remedy=f"give the key in {UPSTREAM_KEY}")
    if parts.query or parts.fragment:
        raise UsageError("holds a query", where="--proxy", remedy="write http://HOST:PORT/v1")
