"""`factcheck serve` gets SIGTERM while 64 requests are under way, at many moments; every one of them is answered."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import subprocess
from collections.abc import Mapping
from typing import Any

from proofs.proof import CannotRunError, Proof, Work, hold, python

CLIENTS, ENDS = 64, 20
_TEXT = "The Danube flows into the Baltic Sea."


def prove(work: Work, *, clients: int = CLIENTS, ends: int = ENDS) -> Mapping[str, Any]:
    """End a service at a moment that moves through the work, and count answers.

    Args:
        work: see there.
        clients: requests at the same time.
        ends: how many services are ended.
    """
    try:
        import httpx2  # noqa: F401
    except ImportError as error:
        raise CannotRunError("the extra 'serve' is not installed") from error
    for point in work.points(ends):
        after = random.Random(point).uniform(0.0, 1.0)  # noqa: S311
        child = python("-m", "factcheck", "serve", "--port", "0", "--json")
        try:
            line = child.stdout.readline() if child.stdout is not None else b""
            hold(line, f"service {point} did not start")
            answered = asyncio.run(_under_fire(child, json.loads(line)["url"], clients, after * clients))
            hold(answered == clients, f"service {point}: {answered} of {clients} requests were answered")
            hold(child.wait(60) == 0, f"service {point} ended with {child.returncode}")
        finally:
            child.kill()
            child.communicate()
        work.tally["requests answered"] += clients
        work.tally["services ended"] += 1
    return dict(work.tally)


async def _under_fire(child: subprocess.Popen[bytes], url: str, clients: int, answers: float) -> int:
    """Send everything at once, end the service after so many answers, and return how many were right in the end."""
    import httpx2

    sent = asyncio.Event()
    done = 0

    async with httpx2.AsyncClient(timeout=300, limits=httpx2.Limits(max_connections=clients)) as http:

        async def one() -> bool:
            nonlocal done
            answer = await http.post(f"{url}/v1/check", json={"text": _TEXT})
            done += 1
            if done > answers:
                sent.set()
            return answer.status_code == 200 and answer.json()["summary"]["refuted"] == 1

        tasks = [asyncio.ensure_future(one()) for _ in range(clients)]
        await asyncio.wait({asyncio.ensure_future(sent.wait()), *tasks}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait_for(sent.wait(), 300)
        child.send_signal(signal.SIGTERM)
        return sum(result is True for result in await asyncio.gather(*tasks, return_exceptions=True))


PROOF = Proof(
    name="serve-end",
    title=f"`factcheck serve`, ended by SIGTERM with {CLIENTS} requests under way, {ENDS} times, answers each of them",
    prove=prove,
)
