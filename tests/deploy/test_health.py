"""The health check of the container, against real HTTP servers."""

import contextlib
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator

from tests.deploy.files import PROJECT


@contextlib.contextmanager
def serving(status: int) -> Iterator[int]:
    """A process on a free port that answers `/healthz` with `status`."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def health(*arguments: str, **ports: int) -> int:
    # Port 1 answers nobody, so a process that the test does not run cannot answer by accident.
    names = ("API_PORT", "ESTATE_PORT", "WORKER_HEALTH_PORT", "SWEEPER_HEALTH_PORT")
    env = dict.fromkeys(names, "1") | {name: str(port) for name, port in ports.items()}
    argv = (sys.executable, "-m", "deploy.health", *arguments)
    return subprocess.run(argv, cwd=PROJECT, env=env, capture_output=True, check=False).returncode


def test_a_process_that_answers_is_well() -> None:
    with serving(200) as port:
        assert health("worker", WORKER_HEALTH_PORT=port) == 0
        assert health(WORKER_HEALTH_PORT=port) == 0


def test_a_process_that_answers_503_is_not_well() -> None:
    with serving(503) as port:
        assert health("api", API_PORT=port) == 1


def test_another_process_does_not_answer_for_the_one_asked_for() -> None:
    with serving(200) as port:
        assert health("worker", API_PORT=port) == 1


def test_a_process_that_is_gone_is_not_well() -> None:
    assert health() == 1


def test_an_unknown_process_is_refused() -> None:
    assert health("database") == 64
