"""`python -m flows.serve`: one long-lived process that registers the deployments and starts each run as a child."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from prefect import serve
from prefect.client.schemas.responses import DeploymentResponse

from flows import doctor, operate
from flows.deployments import deployments
from flows.local_server import environment
from flows.settings import Settings, SettingsError, load


def keep_automations(settings: Settings, notify_block: str = "") -> tuple[str, ...]:
    """Bring the automations on the server up to date; see `operate.keep_automations`.

    Raises LookupError for a block that is not there, ConnectionError where the server does not answer, or not to us.
    """
    for one in (*doctor.CHECKS["prefect"](settings), *doctor.CHECKS["prefect settings"](settings)):
        if one.verdict is doctor.Verdict.WRONG:
            raise ConnectionError(f"Prefect: {one.found}: {one.advice}")
    plan = settings.schedule
    least = timedelta(minutes=plan.silent_minutes)
    silent = operate.silence(plan.ingest, plan.timezone, datetime.now(UTC), least=least)
    return asyncio.run(operate.keep_automations(notify_block or plan.notify_block, silent=silent))


def _belong_here(there: Iterable[DeploymentResponse]) -> None:
    """Raise LookupError for deployments that a work pool runs: Prefect would leave them there, and half as ours."""
    pooled = [one for one in there if one.work_pool_name]
    if pooled:
        names = ", ".join(sorted(one.name for one in pooled))
        raise LookupError(
            f"the work pool {pooled[0].work_pool_name!r} runs {names}, and they are run one way only: "
            "delete those deployments (in the UI, or 'prefect deployment delete FLOW/NAME'; their runs stay) to serve them here, "
            "or run its worker"
        )


def main(notify_block: str = "") -> int:
    settings = load()
    settings.signing_links  # noqa: B018 (raises for a secret that cannot be used: here, and not in every pass)
    # For the children that run the flows; what the operator set wins.
    os.environ.update(environment())
    for line in keep_automations(settings, notify_block):
        # Printed: a logger of ours would send it to the API, which takes lines of runs only.
        print(line, flush=True)
    there = asyncio.run(operate.deployed())
    _belong_here(there)
    made = deployments(settings, [one.name for one in there if one.paused])
    for one in made:
        if one.paused:
            print(f"{one.name} stays paused: resume it in the UI", flush=True)
    # Paused at the end, a second process that stops would leave the first with nothing to run, and what falls due in a
    # restart, as the Lage of a week, would be left out. What is late when we come back runs once: see deployments.ONE_AT_A_TIME.
    serve(*made, limit=4, pause_on_shutdown=False)
    return 0


# The guard is needed: the children that run flows import this module again.
if __name__ == "__main__":
    try:
        sys.exit(main())
    except (LookupError, SettingsError, ConnectionError) as error:
        if isinstance(error, KeyError | IndexError):  # a fault of ours, and no block that is not there
            raise
        print(f"depesche: {error}", file=sys.stderr)
        sys.exit(2)
