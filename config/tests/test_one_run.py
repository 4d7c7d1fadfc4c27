import threading
from pathlib import Path

import pytest

from config import one_run


def test_a_second_run_of_a_home_is_told_where_the_first_one_serves(tmp_path: Path) -> None:
    with one_run.take(tmp_path, print) as first:
        one_run.tell(first, "http://localhost:8000")
        with pytest.raises(one_run.AlreadyRuns, match=r"already runs from .*: http://localhost:8000\. Stop that one"):
            one_run.take(tmp_path, print)


def test_a_run_waits_for_one_that_is_stopping(tmp_path: Path) -> None:
    said: list[str] = []
    first = one_run.take(tmp_path, said.append)
    one_run.tell(first, "http://localhost:8000")
    one_run.tell(first, "")
    ends = threading.Timer(0.3, first.close)
    ends.start()
    one_run.take(tmp_path, said.append).close()
    ends.join()
    assert said == ["Another run is starting or stopping; waiting for it …"]


def test_a_run_that_has_not_ended_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_run, "PATIENCE_SECONDS", 0.2)
    with one_run.take(tmp_path, print), pytest.raises(one_run.AlreadyRuns, match="has not ended"):
        one_run.take(tmp_path, print)


def test_what_a_killed_run_wrote_does_not_keep_the_next_one_out(tmp_path: Path) -> None:
    first = one_run.take(tmp_path, print)
    one_run.tell(first, "http://localhost:8000")
    first.close()  # as the system does for a process that was killed
    one_run.take(tmp_path, print).close()
    assert (tmp_path / "run.lock").read_text() == ""
