"""What the log shows and what it hides."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
import structlog

from models.logging import configure
from models.settings import Settings


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, config = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.configure(**config)


def refuse(message: str) -> None:
    raise ValueError(message)


def written(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    line = json.loads(capsys.readouterr().err)
    assert isinstance(line, dict)
    return line


def test_a_structlog_line_carries_ids_bound_at_the_edge(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(), "worker")
    with structlog.contextvars.bound_contextvars(decommission_id="d-1"):
        structlog.get_logger("test").info("site.access_revoked", site_id="s-1", numbers=12)
    line = written(capsys)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {
        "event": "site.access_revoked",
        "site_id": "s-1",
        "decommission_id": "d-1",
        "numbers": 12,
        "level": "info",
        "logger": "test",
        "process": "worker",
    }


@pytest.mark.parametrize(
    "name", ["uvicorn.error", "temporalio.worker", "sqlalchemy.engine", "mine"]
)
def test_a_foreign_record_takes_the_same_shape(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(Settings(), "api")
    logging.getLogger(name).warning("attempt %d failed", 3, extra={"task_id": "t-1"})
    line = written(capsys)
    assert (line["event"], line["task_id"], line["logger"]) == ("attempt 3 failed", "t-1", name)


@pytest.mark.parametrize(
    "fields",
    [
        {"user_name": "CANARY"},
        {"password": "CANARY"},
        {"Authorization": "Bearer CANARY"},
        {"email": "x"},
        {"numbers": ["CANARY"]},
        {"macAddress": "CANARY"},
        {"url": "postgresql://u:CANARY@host/db"},
        {"detail": {"handles": [{"handle": "CANARY"}]}},
        {"detail": "mail to canary@example.org failed"},
        {"detail": "device 0A:1b:2c:3d:4e:5f is gone"},
        {"detail": "call to +44 20 7946 0958 failed"},
        {"person": object()},
    ],
)
def test_private_values_are_hidden(
    fields: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    configure(Settings(), "api")
    structlog.get_logger().info("case.opened", **fields)
    shown = capsys.readouterr().err
    for secret in ("CANARY", "canary@", '"x"', "0A:1b", "7946", "object at"):
        assert secret not in shown


def test_an_exception_keeps_its_trace_and_loses_its_values(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure(Settings(), "api")
    message = "broken\nDETAIL: Key (label)=(CANARY) exists.\n[parameters: {'label': 'CANARY'}]"
    try:
        refuse(message)
    except ValueError:
        structlog.get_logger().exception("case.refused")
    line = written(capsys)
    assert "test_logging.py" in str(line["exception"])
    assert "CANARY" not in str(line)


def test_an_access_line_has_neither_query_nor_client(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(), "api")
    logging.getLogger("uvicorn.access").info(
        '%s - "%s %s HTTP/%s" %d', "10.0.0.9:1", "GET", "/users?q=CANARY", "1.1", 200
    )
    assert written(capsys)["event"] == '- - "GET /users HTTP/1.1" 200'


def test_the_console_format_hides_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(log_format="console"), "api")
    structlog.get_logger().info("case.opened", contact_email="CANARY", case_id="c-1")
    shown = capsys.readouterr().err
    assert "c-1" in shown
    assert "CANARY" not in shown


@pytest.mark.parametrize("log_format", ["json", "console"])
@pytest.mark.parametrize(
    "nasty", ["a\x1b[2Jb", "a\r\nfake line", "a\x9b31mb", "a\u202eb", "a\u2028b", "a\x07\x00b"]
)
def test_nothing_that_is_logged_can_move_a_terminal_or_fake_a_line(
    nasty: str, log_format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(Settings(log_format=log_format), "api")
    structlog.get_logger().warning("request.refused", detail=nasty, nested={"a": [nasty]})
    logging.getLogger("uvicorn.error").warning("Invalid request: %s", nasty)
    try:
        refuse(nasty)
    except ValueError:
        structlog.get_logger().exception("request.failed")
    shown = capsys.readouterr().err
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown) if log_format == "console" else shown
    assert {character for character in plain if not character.isprintable()} <= {"\n"}
    assert "\nfake line" not in plain
