"""Alert rules, runbooks and dashboard: they fit each other, and the metrics that processes tell."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from models.portfolio.sample.build import sample
from models.portfolio.sample.size import SampleSize
from models.settings import Settings
from tests.deploy.files import DEPLOY, Document, parsed, services
from tests.deploy.promql import asked
from tests.whole_stack import now, whole_stack

RUNBOOKS = DEPLOY / "runbooks"
SECTIONS = (
    "## What it means",
    "## Who is hit",
    "## First look",
    "## Decide",
    "## Act",
    "## Verify",
    "## Escalate",
)

OF_PROMETHEUS = {"up": {"job", "instance"}, "ALERTS": {"alertstate", "alertname"}}
FROM_THE_FIRST_FAILURE = {"temporal_workflow_task_execution_failed_total"}
"""Series of the SDK that it tells only once there is something to tell."""


def rules() -> list[Document]:
    return [rule for group in parsed("prometheus/alerts.yaml")["groups"] for rule in group["rules"]]


def runbook_name(alert: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", alert).lower() + ".md"


def dashboard() -> Document:
    found: Document = json.loads((DEPLOY / "grafana" / "decommissions.json").read_text())
    return found


def panels() -> list[Document]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    """Of the rules, and of the dashboard."""
    shown = [target["expr"] for panel in panels() for target in panel["targets"]]
    return [rule["expr"] for rule in rules()] + shown


@pytest.mark.parametrize("rule", rules(), ids=[rule["alert"] for rule in rules()])
def test_an_alert_says_how_urgent_it_is_and_what_to_read(rule: Document) -> None:
    assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert re.fullmatch(r"\d+[sm]", rule["for"])
    notes = rule["annotations"]
    assert set(notes) == {"summary", "description", "runbook_url"}
    assert notes["runbook_url"] == f"deploy/runbooks/{runbook_name(rule['alert'])}"
    told = set(re.findall(r"\$labels\.(\w+)", notes["summary"]))
    assert told <= asked(rule["expr"]).grouped, "a label that the expression does not keep"


def test_every_alert_has_its_runbook_and_every_runbook_its_alert() -> None:
    written = {path.name for path in RUNBOOKS.glob("*.md")} - {"README.md"}
    assert written == {runbook_name(rule["alert"]) for rule in rules()}


@pytest.mark.parametrize("rule", rules(), ids=[rule["alert"] for rule in rules()])
def test_a_runbook_says_everything_and_was_tried(rule: Document) -> None:
    text = (RUNBOOKS / runbook_name(rule["alert"])).read_text()
    assert text.startswith(f"# {rule['alert']}\n")
    places = [text.index(section) for section in SECTIONS]
    assert places == sorted(places)
    assert re.search(r"^Tried: \d{4}-\d{2}-\d{2}, ", text, re.MULTILINE)


def test_every_configuration_loads_the_rules_and_scrapes_the_jobs_that_they_name() -> None:
    named = set(re.findall(r'job="([\w-]+)"', "".join(expressions())))
    for name in ("prometheus/prometheus.yml", "prometheus/prometheus.local.yml"):
        config = parsed(name)
        assert config["rule_files"] == ["alerts.yaml"]
        assert named <= {job["job_name"] for job in config["scrape_configs"]}


def test_the_scraped_ports_are_those_of_the_processes() -> None:
    fields = {
        "api": "api_port",
        "worker": "worker_health_port",
        "worker-sdk": "worker_metrics_port",
        "sweeper": "sweeper_health_port",
    }
    jobs = {name: Settings.model_fields[field].default for name, field in fields.items()}
    local = parsed("prometheus/prometheus.local.yml")["scrape_configs"]
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in local}
    assert targets == {name: [f"127.0.0.1:{port}"] for name, port in jobs.items()}
    for job in parsed("prometheus/prometheus.yml")["scrape_configs"]:
        (place,) = job["dns_sd_configs"]
        (service,) = place["names"]
        assert service in services()
        assert place["port"] == jobs.get(job["job_name"], 9090)


def test_the_dashboard_takes_its_source_from_a_variable() -> None:
    (variable,) = dashboard()["templating"]["list"]
    assert (variable["name"], variable["type"]) == ("datasource", "datasource")
    assert dashboard()["schemaVersion"] >= 39
    chosen = {"type": "prometheus", "uid": "${datasource}"}
    for panel in panels():
        assert panel["datasource"] == chosen, panel["title"]
        assert all(target["datasource"] == chosen for target in panel["targets"]), panel["title"]
    numbers = [panel["id"] for panel in dashboard()["panels"]]
    assert len(set(numbers)) == len(numbers)


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_a_misspelt_function_or_a_lost_bracket_is_found() -> None:
    for wrong in ("summ(up)", "max by (job) (up", "rate(up[5m]))"):
        with pytest.raises(ValueError, match=r"unknown|unbalanced"):
            asked(wrong)
    found = asked('max by (job) (up{job="api"} == 1) or time() - b{c=~"d"} > 3')
    assert found.metrics == {"up", "b"}
    assert found.matched == {("up", "job"), ("b", "c")}
    assert found.grouped == {"job"}


async def test_every_metric_that_is_asked_for_is_told_by_a_running_stack() -> None:
    async with whole_stack() as stack:
        size = SampleSize(seed=1, operators=1, sites=1, occupiers=1, sites_per_occupier=1)
        for name, occupier_id in (await stack.load(sample(size, now()))).items():
            await stack.finished([await stack.decommission(name, occupier_id)])
        told = await _told(stack.settings)
    assert {"tasks_open", "task_attempts_total", "sweeper_loop_stumbles_total"} <= set(told)
    for expression in expressions():
        _check(expression, told)


def _check(expression: str, told: dict[str, set[str]]) -> None:
    wanted = asked(expression)
    known = told | OF_PROMETHEUS
    assert wanted.metrics - FROM_THE_FIRST_FAILURE <= set(known), expression
    for metric, label in wanted.matched:
        assert label in known[metric] | OF_PROMETHEUS["up"], expression
    there = set().union(*(known.get(metric, set()) for metric in wanted.metrics))
    assert wanted.grouped <= there | OF_PROMETHEUS["up"], expression


async def _told(settings: Settings) -> dict[str, set[str]]:
    """Every series of the four addresses with its labels."""
    ports = (
        settings.api_port,
        settings.worker_health_port,
        settings.worker_metrics_port,
        settings.sweeper_health_port,
    )
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        pages = await asyncio.gather(
            *(client.get(f"http://127.0.0.1:{port}/metrics") for port in ports)
        )
    told: dict[str, set[str]] = {}
    for page in pages:
        for name, labels in _samples(page.text):
            told.setdefault(name, set()).update(labels)
    return told


def _samples(page: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for family in text_string_to_metric_families(page):
        for each in family.samples:
            yield each.name, each.labels
