"""A workflow that stays open; alone in its file because the sandbox imports the file again."""

from temporalio import workflow


@workflow.defn
class WaitsForKeys:
    """Open until somebody brings the keys."""

    def __init__(self) -> None:
        self._keys = 0

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self._keys > 0)
        return self._keys

    @workflow.signal
    def bring(self, count: int) -> None:
        self._keys = count
