#!/usr/bin/env bash
# Asks the clients themselves. Needs python3, Java, Go, Node, and what `cargo xtask test` has brought into target/clients.
set -euo pipefail
cd "$(dirname "$0")"
clients=../../../target/clients
python=${PYTHON:-$clients/python/venv/bin/python}
"$python" keys.py >keys.txt
"$python" librdkafka.py .
java -cp "$clients/kafka-libs/*" Java.java .
node kafkajs.cjs . "$clients/kafkajs"
here=$PWD
# kafka-go's module file is that of the client tests.
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cp ../../clients/kafka-go/go.{mod,sum} kafka-go/main.go "$work"
(cd "$work" && go run . "$here")
