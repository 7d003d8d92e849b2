"""Writes to a topic in transactions: one is aborted, one committed, one left open, with a record of nobody's between them. Argument: the topic."""

import os
import sys

from confluent_kafka import Producer

from support import config, unique

topic = sys.argv[1]


def produce(producer, *values):
    for value in values:
        producer.produce(topic, value, partition=0)
    producer.flush()


writer = Producer(config(transactional_id=unique("writer")))
writer.init_transactions()
writer.begin_transaction()
produce(writer, "aborted 1", "aborted 2")
writer.abort_transaction()
writer.begin_transaction()
produce(writer, "committed 1", "committed 2")
writer.commit_transaction()
produce(Producer(config()), "plain")
writer.begin_transaction()
produce(writer, "open")
# Without a word to the coordinator, so that the transaction stays open.
sys.stdout.flush()
os._exit(0)
