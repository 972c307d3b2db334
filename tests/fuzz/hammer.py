"""Sends the generated requests: `python -m tests.fuzz.hammer < plan.json`, a process of its own.

Alone, because Schemathesis generates on one core while the server answers on another, and because
its warnings and its settings of Hypothesis must not meet those of pytest. It writes a line
of JSON for each persona.
"""

import json
import random
import sys
from collections import Counter
from typing import Any, TypedDict

import schemathesis
from schemathesis import Case, GenerationMode, HookContext
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    ExamplesPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.config._checks import (
    MissingRequiredHeaderConfig,
    NegativeDataRejectionConfig,
)
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

_REFUSALS = ["4xx"]  # each says why in its own way: 412, 413, 414, 431 besides the usual ones


class Plan(TypedDict):
    """What to send."""

    url: str
    tokens: dict[str, str]  # by persona
    seed: int
    examples: int  # of each operation
    covering: list[str]  # personas that also send every boundary of every field in turn
    known: dict[str, list[str]]  # real ids by the name of the path parameter
    names: dict[str, str]  # of occupiers, by id


def main() -> None:
    """Fuzz as each persona in turn."""
    plan: Plan = json.load(sys.stdin)
    _use_what_exists(plan)
    for number, persona in enumerate(plan["tokens"]):
        found = _hammer(plan, plan["seed"] + number, persona)
        sys.stdout.write(json.dumps({"persona": persona, **found}) + "\n")
        sys.stdout.flush()


def _hammer(plan: Plan, seed: int, persona: str) -> dict[str, object]:
    config = _config(plan, seed, persona)
    schema = schemathesis.openapi.from_url(f"{plan['url']}/openapi.json", config=config)
    # The stream never ends; it has tests of its own (tests/api/test_stream.py).
    used = schema.exclude(path_regex=r"/stream$").exclude(path_regex=r"^/(dev-issuer|session)")
    total, statuses = Counter[str](), Counter[str]()
    findings: dict[str, str] = {}
    for event in from_schema(used).execute():
        if isinstance(event, events.NonFatalError):
            total["errors"] += 1
            findings.setdefault(f"error in {event.label}", str(event.info)[:2000])
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.ScenarioFinished):
            _count(event.recorder, total, statuses, findings)
    return {"counts": total, "statuses": statuses, "findings": findings}


def _count(
    recorder: ScenarioRecorder,
    total: Counter[str],
    statuses: Counter[str],
    findings: dict[str, str],
) -> None:
    for interaction in recorder.interactions.values():
        total["cases"] += 1
        status = interaction.response.status_code if interaction.response else 0
        statuses[str(status)] += 1
        total["server_errors"] += status >= 500 or not status
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.status is Status.FAILURE and check.failure_info:
                total[check.name] += 1
                response = recorder.interactions[case_id].response
                shown = f"{check.failure_info.failure} {check.failure_info.code_sample}"
                body = response.text[:600] if response else ""
                findings.setdefault(f"{check.name} in {recorder.label}", f"{shown}\n{body}")


def _config(plan: Plan, seed: int, persona: str) -> SchemathesisConfig:
    checks = ChecksConfig(
        # What is valid by the document may be refused for what is in the database: a name that is
        # not the occupier's, a version that is not its latest, a cursor that no list gave.
        positive_data_acceptance=PositiveDataAcceptanceConfig(enabled=False),
        missing_required_header=MissingRequiredHeaderConfig(expected_statuses=_REFUSALS),
        negative_data_rejection=NegativeDataRejectionConfig(expected_statuses=_REFUSALS),
    )
    return SchemathesisConfig(
        seed=seed,
        projects=ProjectsConfig(
            default=ProjectConfig(
                workers=1,  # with two, 4.32 fails in itself on Python 3.11
                continue_on_failure=True,
                request_timeout=30,
                headers={"Authorization": f"Bearer {plan['tokens'][persona]}"},
                checks=checks,
                generation=GenerationConfig(
                    max_examples=plan["examples"], no_shrink=True, database="none"
                ),
                phases=PhasesConfig(
                    examples=ExamplesPhaseConfig(enabled=persona in plan["covering"]),
                    coverage=CoveragePhaseConfig(enabled=persona in plan["covering"]),
                    stateful=StatefulPhaseConfig(enabled=False),
                ),
            )
        ),
    )


def _use_what_exists(plan: Plan) -> None:
    """Valid requests speak of what is there every second time, so that they do something."""
    dice = random.Random(plan["seed"])

    @schemathesis.hook
    def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
        meta = case.meta
        if (
            meta is None
            or meta.generation.mode is not GenerationMode.POSITIVE
            or dice.random() < 0.5
        ):
            return
        for name in case.path_parameters or {}:
            if ids := plan["known"].get(name):
                case.path_parameters[name] = dice.choice(ids)
        for name in case.headers or {}:
            if name.lower() == "if-match":
                case.headers[name] = dice.choice(['"1"', '"2"'])
        case.query.pop("cursor", None)
        if isinstance(case.body, dict) and "name" in case.body:
            occupier = str((case.path_parameters or {}).get("occupier_id"))
            case.body["name"] = plan["names"].get(occupier, case.body["name"])


if __name__ == "__main__":
    main()
