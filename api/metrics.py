"""Prometheus figures of one API process; `GET /metrics` shows them."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from api.figures import PlatformFigures

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class ApiMetrics:
    """The collectors, in a registry of their own, so that several apps can live in a process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "api_requests",
            "Requests by route template and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.latency = Histogram(
            "api_request_seconds",
            "Seconds until the reply began.",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.subscribers = Gauge(
            "api_stream_subscribers", "Open progress streams.", registry=self.registry
        )
        self.starts = Counter(
            "api_starts_accepted", "Decommissions that were accepted.", registry=self.registry
        )
        self.platform = PlatformFigures()
        self.registry.register(self.platform)

    def render(self) -> bytes:
        """The text format of Prometheus."""
        return generate_latest(self.registry)
