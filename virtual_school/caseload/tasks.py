"""Figures for the board, worked out where all rows may be read."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .board import work_out


@app.task(name="caseload.board_figures", retry=3)
def board_figures(code: int) -> None:
    with acting(service(code), action="figures for the board"):
        work_out(code)


def ask_for_figures(code: int) -> None:
    try:
        with transaction.atomic():
            board_figures.configure(queueing_lock=f"caseload.board.{code}").defer(code=code)
    except AlreadyEnqueued:
        pass
