"""A member of a group that says what it reads, "partition offset value", and commits it at once. SIGTERM lets it leave.

Arguments: the topic, then properties as key=value.
"""

import signal
import sys

from confluent_kafka import Consumer, KafkaException

from support import BOOTSTRAP

leaving = False


def leave(signal_number, frame):
    global leaving
    leaving = True


signal.signal(signal.SIGTERM, leave)
topic, *properties = sys.argv[1:]
config = {"bootstrap.servers": BOOTSTRAP, "enable.auto.commit": False, "auto.offset.reset": "earliest"}
consumer = Consumer(config | dict(item.split("=", 1) for item in properties))
consumer.subscribe([topic])
while not leaving:
    message = consumer.poll(0.2)
    if message is None:
        continue
    if message.error():
        raise KafkaException(message.error())
    print(message.partition(), message.offset(), message.value().decode(), flush=True)
    consumer.commit(message, asynchronous=False)
consumer.close()
