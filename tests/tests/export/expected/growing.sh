#!/usr/bin/env bash
# Written by Ottla's tutorial: the scene with Kafka's own tools, against a broker on this machine (`ottla` starts one).
# The tools wait for real time: so does this script.

# 0 topic employee-topic partitions=3
kafka-topics --bootstrap-server localhost:9092 --create --topic employee-topic --partitions 3

# 0 producer shop topic=employee-topic idempotence=false

# 0 consumer worker-1 group=project topics=employee-topic
kafka-console-consumer --bootstrap-server localhost:9092 --topic employee-topic --group project --from-beginning \
  --consumer-property session.timeout.ms=10000 \
  --consumer-property heartbeat.interval.ms=3000 \
  --consumer-property partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor &
pid_worker_1=$!
sleep 1

# 1s consumer worker-2 group=project topics=employee-topic work=100ms commit=after
kafka-console-consumer --bootstrap-server localhost:9092 --topic employee-topic --group project --from-beginning \
  --consumer-property session.timeout.ms=10000 \
  --consumer-property heartbeat.interval.ms=3000 \
  --consumer-property partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor &
pid_worker_2=$!
sleep 4

# 5s send shop count=4
# shop sends 4
kafka-console-producer --bootstrap-server localhost:9092 --topic employee-topic --property parse.key=true --property key.separator=: <<'END'
0:value-1
1:value-2
2:value-3
3:value-4
END
sleep 1

# 6s crash worker-1
kill -KILL "$pid_worker_1"
sleep 14

# What there is now
kafka-topics --bootstrap-server localhost:9092 --describe --exclude-internal
kafka-consumer-groups --bootstrap-server localhost:9092 --describe --all-groups
kill $(jobs -p) 2>/dev/null
