#!/usr/bin/env bash
# Records everything in this folder anew from Apache Kafka:
#   record.sh LIBS            LIBS: a folder with the jars of org.apache.kafka:kafka_2.13:4.3.1 and kafka-tools
#   record.sh LIBS expected   only the answers
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,4s/^# //p' "$0"; exit 1; }
here=$(cd "$(dirname "$0")" && pwd)
libs=$(cd "$1" && pwd)
work=$(mktemp -d)
address=127.0.0.1:22001
java=(java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "-Dlog4j2.configurationFile=$here/log4j2.xml" -cp "$work/classes:$libs/*")

start() {
  { cat "$here/server.properties"; echo "log.dirs=$work/$1"; } >"$work/$1.properties"
  "${java[@]}" kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg --feature eligible.leader.replicas.version=0 -c "$work/$1.properties" >/dev/null
  "${java[@]}" -Xmx512M kafka.Kafka "$work/$1.properties" >"$work/$1.log" 2>&1 &
  broker=$!
  until (exec 3<>"/dev/tcp/${address%:*}/${address#*:}") 2>/dev/null; do kill -0 $broker; sleep 0.1; done
}
stop() { kill "$broker"; wait "$broker" || true; broker=; }
broker=
trap '[ -z "$broker" ] || kill "$broker"; rm -rf "$work"' EXIT

javac -cp "$libs/*" -d "$work/classes" "$here"/java/*.java
if [ "${2:-}" != expected ]; then
  "${java[@]}" Golden batches "$here/golden"
  "${java[@]}" Refusals "$here/refusals.json5" "$here/golden"

  start story
  "${java[@]}" Story $address
  stop
  "${java[@]}" Golden group "$here/golden/consumer_offsets.txt" "$work"/story/__consumer_offsets-*/*.log
  "${java[@]}" Golden metadata "$here/golden/cluster_metadata.txt" "$work"/story/__cluster_metadata-0/*.log

  start configs
  "${java[@]}" Configs $address >"$here/configs.jsonl"
  stop
fi

start cases
"${java[@]}" Conformance $address "$here/expected" "$here"/cases/*.json5
stop
