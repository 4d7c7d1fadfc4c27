import asyncio
import logging
import os
import signal

from django.core.management.base import BaseCommand
from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from config.roles import refuse_old, refuse_unsafe_role

logger = logging.getLogger("virtual_school.worker")

STALLED_AFTER_SECONDS = 60.0
"""Without a heartbeat for so long, a worker is taken for dead. It beats six times as often."""
SWEEP_EVERY_SECONDS = 20.0
ATTEMPTS = 3


async def sweep(worker_app: App, stalled_after: float, every: float) -> None:
    """Frees the jobs of workers that died: the library leaves them "doing" for ever, and their locks held."""
    while True:
        try:
            for job in await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after):
                if job.attempts < ATTEMPTS:
                    await worker_app.job_manager.retry_job(job)
                    logger.warning("Job %s had lost its worker and is tried again.", job.id)
                else:
                    await worker_app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
                    logger.error("Job %s lost its worker %s times and was given up.", job.id, ATTEMPTS)
        except Exception:
            logger.exception("The sweep for stalled jobs failed; it goes on.")
        await asyncio.sleep(every)


async def work(concurrency: int, stalled_after: float, sweep_every: float) -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            await _work(worker_app, concurrency, stalled_after, sweep_every)


async def _work(worker_app: App, concurrency: int, stalled_after: float, sweep_every: float) -> None:
    sweeping = asyncio.create_task(sweep(worker_app, stalled_after, sweep_every))
    try:
        await worker_app.run_worker_async(
            concurrency=concurrency,
            update_heartbeat_interval=stalled_after / 6,
            stalled_worker_timeout=stalled_after,
            fetch_job_polling_interval=2.0,
            delete_jobs="never",
        )
    finally:
        sweeping.cancel()


class Command(BaseCommand):
    help = "Does the work in the background: imports, the nightly working out of duties."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--concurrency", type=int, default=int(os.environ.get("VIRTUAL_SCHOOL_WORKERS", "2")))
        parser.add_argument("--stalled-after", type=float, default=STALLED_AFTER_SECONDS, metavar="SECONDS")
        parser.add_argument("--sweep-every", type=float, default=SWEEP_EVERY_SECONDS, metavar="SECONDS")

    def handle(self, *args, concurrency: int, stalled_after: float, sweep_every: float, **options) -> None:
        refuse_unsafe_role(connection)
        refuse_old(connection.connection.info.server_version)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            asyncio.run(work(concurrency, stalled_after, sweep_every))
        except KeyboardInterrupt:
            pass
