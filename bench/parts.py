"""The scenarios that break the platform's own parts, or hold an outside system."""

import json
import signal

from temporalio.service import RPCError

from bench.live import WorkerProcess, poison_file
from bench.people import SRE
from bench.upheaval import Deed, Part, Stage
from estate.client import Row
from models.domain.decommission import TaskKind
from workflows.names import decommission_workflow_id, site_workflow_id


async def _kill_worker(stage: Stage) -> None:
    stage.ground.live.worker.kill()


async def _start_worker(stage: Stage) -> None:
    await stage.ground.live.worker.start()


async def _restart_worker(stage: Stage) -> None:
    await _kill_worker(stage)
    await _start_worker(stage)


async def _freeze_worker(stage: Stage) -> None:
    stage.ground.live.worker.freeze()


async def _thaw_worker(stage: Stage) -> None:
    stage.ground.live.worker.freeze(thaw=True)


def _signal(child: str, number: signal.Signals) -> Deed:
    async def deed(stage: Stage) -> None:
        stage.ground.live.rig.stack.kill(child, number)

    return deed


async def _kill_and_await(stage: Stage, child: str) -> None:
    stage.ground.live.rig.stack.kill(child)
    await stage.ground.live.rig.stack.wait_ready(child)


async def _kill_temporal(stage: Stage) -> None:
    await _kill_and_await(stage, "temporal")


async def _kill_postgres(stage: Stage) -> None:
    await _kill_and_await(stage, "postgres")
    await stage.ground.live.estate_answers()


async def _kill_estate(stage: Stage) -> None:
    await _kill_and_await(stage, "estate")
    await stage.ground.live.estate_answers()


async def _kill_sweeper_and_hang(stage: Stage) -> None:
    place = stage.places[0]
    await stage.ground.live.rig.estate.put_fault(
        "while-no-sweeper", "hang", system="billing", site=place.site
    )
    stage.ground.live.rig.stack.kill("sweeper")


async def _end_hang(stage: Stage) -> None:
    await stage.ground.live.rig.estate.clear_faults("while-no-sweeper")


async def _deploy_defect(stage: Stage) -> None:
    """A worker with a defect takes the place of the good one; the defect is told before it runs."""
    live = stage.ground.live
    sites = [str(site_id) for place in stage.places for site_id, _ in place.sites]
    if stage.memory.get("where") == "workflow":
        told: dict[str, object] = {"workflows": sites}
    else:
        told = {"activities": [[site, TaskKind.PORTS.value] for site in sites]}
    poison_file(live.settings).write_text(json.dumps(told))
    live.worker.stop()
    bad = WorkerProcess(live.settings, "bench.poisoned_worker")
    stage.ground.spare.append(bad)
    await bad.start()


async def _defect_in_workflow(stage: Stage) -> None:
    stage.memory["where"] = "workflow"
    await _deploy_defect(stage)


async def _deploy_cure(stage: Stage) -> None:
    stage.ground.spare.pop().stop()
    await _start_worker(stage)
    stage.told.append("a worker without the defect is deployed")


async def _after_defect(stage: Stage) -> None:
    while stage.ground.spare:
        stage.ground.spare.pop().kill()
    if not stage.ground.live.worker.is_running:
        await _start_worker(stage)


async def _hold_wifi(stage: Stage) -> None:
    hold = await stage.ground.people.post("/holds", {"system": "wifi", "site_id": None}, SRE)
    stage.memory["hold"] = hold["id"]


async def _release(stage: Stage) -> None:
    await stage.ground.people.post(f"/holds/{stage.memory['hold']}/release", who=SRE)
    stage.told.append("hold released")


def _everywhere(system: str, effect: str, **spec: object) -> Deed:
    async def deed(stage: Stage) -> None:
        await stage.ground.live.rig.estate.put_fault(f"all-{system}", effect, system=system, **spec)

    return deed


def _well_again(system: str) -> Deed:
    async def deed(stage: Stage) -> None:
        await stage.ground.live.rig.estate.clear_faults(f"all-{system}")
        stage.told.append("the provider is back; the breaker's probe finds it out")

    return deed


async def _give_device_away(stage: Stage) -> None:
    place = stage.places[0]
    path = f"/wifi/sites/{place.site}/owned?owner={place.owner}"
    estate = stage.ground.live.rig.estate
    found = await estate._ask("GET", path)  # the client has no reading of its own
    items: list[dict[str, str]] = found["items"]  # type: ignore[assignment]  # rows of JSON
    device = next(item for item in items if item["kind"] == "wifi_device")
    rows = [Row("wifi_device", device["handle"], "SOMEBODY-ELSE")]
    await estate.provision("wifi", place.site, rows)


async def _terminate_sites(stage: Stage) -> None:
    for place, run in zip(stage.places, stage.runs, strict=True):
        for site_id, _ in place.sites:
            await _terminate(stage, site_workflow_id(run, site_id))


async def _terminate_all(stage: Stage) -> None:
    for run in stage.runs:
        await _terminate(stage, decommission_workflow_id(run))
    await _terminate_sites(stage)


async def _terminate(stage: Stage, workflow_id: str) -> None:
    try:
        await stage.ground.live.rig.client.get_workflow_handle(workflow_id).terminate()
    except RPCError:
        stage.told.append("nothing to terminate")


PARTS: tuple[Part, ...] = (
    Part("worker killed, another started", "worker", _restart_worker),
    Part("all workers dead", "worker", _kill_worker, _start_worker, expects="no_worker"),
    Part("worker frozen", "worker", _freeze_worker, _thaw_worker, expects="no_worker"),
    Part(
        *("a defect in an activity", "worker", _deploy_defect, _deploy_cure),
        clean_up=_after_defect,
        expects="retrying|bug",
        slow_ms=1200,
    ),
    Part(
        *("a defect in the workflow", "worker", _defect_in_workflow, _deploy_cure),
        clean_up=_after_defect,
        expects="workflow_failing",
        slow_ms=1200,
    ),
    Part("Temporal killed", "temporal", _kill_temporal),
    Part(
        "Temporal frozen",
        "temporal",
        _signal("temporal", signal.SIGSTOP),
        _signal("temporal", signal.SIGCONT),
        expects="engine_away",
    ),
    Part("database killed", "postgres", _kill_postgres),
    Part("every outside system restarted", "estate", _kill_estate),
    Part(
        *("sweeper killed, then a system hangs", "sweeper", _kill_sweeper_and_hang, _end_hang),
        expects="stuck|failed",
        clean_up=_end_hang,
    ),
    Part("a site's run terminated", "temporal", _terminate_sites, waits_s=1.0),
    Part("all runs terminated", "temporal", _terminate_all, expects="run_gone"),
    Part(
        *("held by hand", "wifi", _hold_wifi, _release),
        expects="held",
        slow_ms=300,
    ),
    Part(
        "provider down for everybody",
        "switching",
        _everywhere("switching", "outage"),
        _well_again("switching"),
        expects="held",
        places=8,
        clean_up=_well_again("switching"),
    ),
    Part(
        "credentials expired for everybody",
        "accounts",
        _everywhere("accounts", "error", statuses={"401": 1.0}),
        _well_again("accounts"),
        expects="held",
        places=8,
        clean_up=_well_again("accounts"),
    ),
    Part("a device is somebody else's by now", "wifi", _give_device_away, slow_ms=1500, places=1),
)
