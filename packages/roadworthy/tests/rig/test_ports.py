"""Ports are free, different, and not those of outgoing connections."""

import socket

import pytest

from roadworthy.model.error import RoadworthyError
from roadworthy.rig import ports
from roadworthy.rig.ports import LOOPBACK, bound_socket, free_port


def test_free_ports_are_different_and_can_be_bound() -> None:
    given = [free_port() for _ in range(50)]

    assert len(set(given)) == 50
    for port in given:
        with socket.create_server((LOOPBACK, port)):
            continue


def test_a_port_is_outside_the_range_of_outgoing_connections() -> None:
    low, high = ports._ephemeral()

    assert not low <= free_port() <= high


def test_a_bound_port_refuses_until_it_listens() -> None:
    with bound_socket() as bound:
        port = bound.getsockname()[1]
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((LOOPBACK, port))

        bound.listen(1)
        socket.create_connection((LOOPBACK, port)).close()


def test_a_taken_port_is_named() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken, pytest.raises(RoadworthyError, match=r"port \d+ is taken"):
        bound_socket(taken.getsockname()[1])
