import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from search.trial.process import Process

HERE = Process.current()
WAITS = "import sys; sys.stdin.read()"


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives until its standard input is closed."""
    with subprocess.Popen([sys.executable, "-S", "-c", WAITS], stdin=subprocess.PIPE) as process:
        yield process


def described(child: subprocess.Popen[bytes]) -> Process:
    return Process(socket.gethostname(), child.pid, psutil.Process(child.pid).create_time())


def end_unreaped(child: subprocess.Popen[bytes]) -> None:
    """Let it end, and wait until it has; as nobody has asked how, it stays a zombie."""
    assert child.stdin is not None
    child.stdin.close()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)


def test_this_process_lives_here() -> None:
    assert (HERE.host, HERE.pid) == (socket.gethostname(), os.getpid())
    assert HERE.is_here
    assert not HERE.is_dead()
    assert Process.current() == HERE


def test_another_process_of_this_machine_lives_until_it_ends(
    child: subprocess.Popen[bytes],
) -> None:
    process = described(child)
    assert process != HERE
    assert process.is_here
    assert not process.is_dead()
    end_unreaped(child)
    child.wait()
    assert process.is_dead()


def test_a_zombie_is_dead(child: subprocess.Popen[bytes]) -> None:
    process = described(child)
    end_unreaped(child)
    assert psutil.pid_exists(process.pid)
    assert process.is_dead()


@pytest.mark.parametrize("seconds", [-3600.0, -10.0, 10.0])
def test_a_process_that_began_at_another_time_is_dead_and_its_number_is_used_again(
    seconds: float,
) -> None:
    assert replace(HERE, born=HERE.born + seconds).is_dead()


@pytest.mark.parametrize("seconds", [-1.0, 1.0])
def test_a_clock_that_was_set_a_little_ends_no_process(seconds: float) -> None:
    assert not replace(HERE, born=HERE.born + seconds).is_dead()


@pytest.mark.parametrize(
    "process",
    [
        pytest.param(replace(HERE, host="far"), id="same number and time"),
        pytest.param(replace(HERE, host="far", born=0.0), id="another time"),
        pytest.param(Process("far", 2**31, 0.0), id="no such number here"),
    ],
)
def test_a_process_of_another_machine_is_never_called_dead(process: Process) -> None:
    assert not process.is_here
    assert not process.is_dead()


@pytest.mark.parametrize(
    "process",
    [
        pytest.param(HERE, id="this one"),
        pytest.param(Process("far", 12, 0.1 + 0.2), id="all digits of the time"),
        pytest.param(Process("far", 12, 1.7e9), id="whole seconds"),
        pytest.param(Process("my own machine", 12, 5.0), id="a host with spaces"),
    ],
)
def test_a_process_is_read_as_it_was_written(process: Process) -> None:
    assert Process.parse(str(process)) == process
    assert Process(**json.loads(json.dumps(process.as_dict()))) == process


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("far", id="host alone"),
        pytest.param("far 12", id="no time"),
        pytest.param("far twelve 5.0", id="no number"),
        pytest.param("far 12 noon", id="time is a word"),
    ],
)
def test_other_text_is_no_process(text: str) -> None:
    assert Process.parse(text) is None
