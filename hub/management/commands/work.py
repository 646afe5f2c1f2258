import asyncio
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from hub.jobs import SECONDS_TO_DEATH, retry_stalled


class Command(BaseCommand):
    help = "Run background jobs until told to stop (SIGTERM lets the running ones finish)."

    def handle(self, **options: Any) -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
            asyncio.run(self._work(worker_app))

    async def _work(self, worker_app: Any) -> None:
        async with worker_app.open_async():
            # What a killed worker left is taken up at once, not at the next full minute.
            await retry_stalled(worker_app)
            await worker_app.run_worker_async(
                concurrency=2,
                delete_jobs="successful",
                shutdown_graceful_timeout=20,
                stalled_worker_timeout=SECONDS_TO_DEATH,
            )
