"""What the flows share: the broker's address, names that no other run uses, checks, and waiting for a condition."""

import os
import time

BOOTSTRAP = os.environ["KAFKA_BOOTSTRAP"]
KEYS = [str(i) for i in range(10)]
KEYS_OF_PARTITION = {0: ["1", "5", "7", "8"], 1: ["4", "6"], 2: ["0", "2", "3", "9"]}


def unique(name):
    return name + os.environ.get("KAFKA_SUFFIX", "")


def config(**more):
    return {"bootstrap.servers": BOOTSTRAP} | {key.replace("_", "."): value for key, value in more.items()}


def step(text):
    """Says which part of a flow runs, so that a failure has a place."""
    print("-", text, flush=True)


def equal(what, actual, expected):
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def check(what, condition):
    if not condition:
        raise AssertionError(what)


def until(what, condition, within=30):
    deadline = time.monotonic() + within
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what}")
    return result


def refused(what, code, call):
    """Checks that the broker refuses with this error code."""
    from confluent_kafka import KafkaException

    try:
        call()
    except KafkaException as error:
        equal(what, error.args[0].name(), code)
        return
    raise AssertionError(f"{what}: expected {code}, but it succeeded")
