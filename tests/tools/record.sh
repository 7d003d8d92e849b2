#!/usr/bin/env bash
# Records scenarios anew from Apache Kafka, each on a broker of its own:
#   record.sh LIBS [NAME...]   LIBS: a folder with the jars of org.apache.kafka:kafka_2.13:4.3.1 and kafka-tools
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,3s/^# //p' "$0"; exit 1; }
here=$(cd "$(dirname "$0")" && pwd)
libs=$(cd "$1" && pwd)
shift
[ $# -ge 1 ] || set -- $(cd "$here" && ls -- *.txt | sed 's/\.txt$//')
work=$(mktemp -d)
address=127.0.0.1:22001
java=(java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "-Dlog4j2.configurationFile=$here/../conformance/log4j2.xml" -cp "$libs/*")
broker=
stop() { [ -z "$broker" ] || { kill "$broker"; wait "$broker" || true; broker=; }; }
trap 'stop; rm -rf "$work"' EXIT

for name in "$@"; do
  { cat "$here/../conformance/server.properties"; echo "log.dirs=$work/$name"; } >"$work/$name.properties"
  "${java[@]}" kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg --feature eligible.leader.replicas.version=0 -c "$work/$name.properties" >/dev/null
  "${java[@]}" -Xmx512M kafka.Kafka "$work/$name.properties" >"$work/$name.log" 2>&1 &
  broker=$!
  until (exec 3<>"/dev/tcp/${address%:*}/${address#*:}") 2>/dev/null; do kill -0 $broker; sleep 0.1; done
  OTTLA_TEST_BOOTSTRAP=$address cargo run -q -p ottla-tests --example record_tools -- "$name" ||
    { echo "$name was not recorded" >&2; exit 1; }
  stop
done
