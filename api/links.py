"""Addresses of the Temporal Web UI."""

from urllib.parse import quote

from models.settings import Settings


def workflow_url(settings: Settings, workflow_id: str, run_id: str | None = None) -> str:
    """Where the Temporal Web UI shows the workflow, or the history of one run of it."""
    namespace = quote(settings.temporal_namespace, safe="")
    base = f"{settings.temporal_web_url.rstrip('/')}/namespaces/{namespace}/workflows"
    url = f"{base}/{quote(workflow_id, safe='')}"
    return f"{url}/{quote(run_id, safe='')}/history" if run_id else url
