"""The sink never waits, never grows without bound, and says what it lost."""

import os
import threading
import time

import pytest

from roadworthy_runtime.logs.sink import Sink


def read_all(descriptor: int, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += os.read(descriptor, 1 << 16)
    return data


def test_lines_arrive_complete_and_in_order() -> None:
    reading, writing = os.pipe()
    sink = Sink(writing)
    lines = [b"line %d\n" % number for number in range(1000)]

    for line in lines:
        sink.write(line)

    assert read_all(reading, sum(map(len, lines))) == b"".join(lines)
    assert sink.flush()
    assert sink.dropped == 0


def test_pipe_nobody_reads_costs_lines_and_nothing_else() -> None:
    reading, writing = os.pipe()
    sink = Sink(writing, max_bytes=200_000)
    line = b"x" * 99 + b"\n"

    slowest = 0.0
    for _ in range(10_000):
        began = time.thread_time()
        sink.write(line)
        slowest = max(slowest, time.thread_time() - began)

    assert sink.dropped >= 10_000 - (200_000 + 65_536 + 4096) // 100
    assert slowest < 1.0
    written = 10_000 - sink.dropped
    assert read_all(reading, written * 100) == line * written


def test_writing_from_many_threads_keeps_lines_whole() -> None:
    reading, writing = os.pipe()
    sink = Sink(writing)

    def write(letter: bytes) -> None:
        for _ in range(200):
            sink.write(letter * 49 + b"\n")

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c", b"d")]
    for thread in threads:
        thread.start()
    data = read_all(reading, 4 * 200 * 50)
    for thread in threads:
        thread.join()

    assert {line for line in data.split(b"\n") if line} == {letter * 49 for letter in (b"a", b"b", b"c", b"d")}


def test_closed_output_is_survived() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    sink = Sink(writing)

    sink.write(b"one\n")

    assert sink.flush()
    assert sink.dropped == 1


def test_closed_sink_waits_for_each_line() -> None:
    reading, writing = os.pipe()
    sink = Sink(writing)
    sink.write(b"one\n")

    sink.close()
    sink.write(b"two\n")

    os.set_blocking(reading, False)
    assert os.read(reading, 100) == b"one\ntwo\n"


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_forked_child_writes_its_own_lines_only() -> None:
    reading, writing = os.pipe()
    sink = Sink(writing)
    sink.write(b"parent\n")
    assert sink.flush()

    child = os.fork()
    if child == 0:
        sink.write(b"child\n")
        sink.flush()
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reading, 100) == b"parent\nchild\n"
