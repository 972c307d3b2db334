"""A real child for the supervisor's tests: answers /healthz until told not to.

python tiny_server.py PORT [grandchild]
"""

import http.server
import subprocess
import sys


class Answer(http.server.BaseHTTPRequestHandler):
    """200 everywhere."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The access log would bury what the test looks for."""


def main() -> None:
    port, *rest = sys.argv[1:]
    if rest:
        subprocess.Popen(["sleep", "600"])
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Answer).serve_forever()


if __name__ == "__main__":
    main()
