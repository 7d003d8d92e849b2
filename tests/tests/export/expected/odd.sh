#!/usr/bin/env bash
# Written by Ottla's tutorial: the scene with Kafka's own tools, against a broker on this machine (`ottla` starts one).
# The tools wait for real time: so does this script.

# 0 topic a retention.ms=60000
kafka-topics --bootstrap-server localhost:9092 --create --topic a --partitions 1 --config retention.ms=60000

# 0 producer if topic=a keys=none value="it's \\ \"odd\"" partitioner=murmur2_random

# 0 consumer one topics=a on-poison=skip
kafka-console-consumer --bootstrap-server localhost:9092 --topic a --from-beginning \
  --consumer-property session.timeout.ms=10000 \
  --consumer-property heartbeat.interval.ms=3000 \
  --consumer-property partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor &
pid_one=$!

# 0 consumer c-1 group=g topics=a from=latest instance=c-1 on-poison=skip
kafka-console-consumer --bootstrap-server localhost:9092 --topic a --group g \
  --consumer-property session.timeout.ms=10000 \
  --consumer-property heartbeat.interval.ms=3000 \
  --consumer-property partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor \
  --consumer-property group.instance.id=c-1 &
pid_c_1=$!
sleep 1

# 1s send if

# 1s send if key=x:y value=poison
# if sends 1
kafka-console-producer --bootstrap-server localhost:9092 --topic a <<'END'
it's \ "odd"
END
# if sends 1
kafka-console-producer --bootstrap-server localhost:9092 --topic a --property parse.key=true --property key.separator='|' <<'END'
x:y|poison
END
sleep 1

# 2s pause c-1
# (no command does this)

# 2s seek one a-0 end
# (no command does this)
sleep 1

# 3s partitions a 2
kafka-topics --bootstrap-server localhost:9092 --alter --topic a --partitions 2

# 3s configure a retention.ms=
kafka-configs --bootstrap-server localhost:9092 --alter --entity-type topics --entity-name a --delete-config retention.ms
sleep 1

# 4s freeze one
kill -STOP "$pid_one"
sleep 1

# 5s thaw one
kill -CONT "$pid_one"

# 5s leave c-1
kill -TERM "$pid_c_1"
sleep 3

# 8s restart c-1
kafka-console-consumer --bootstrap-server localhost:9092 --topic a --group g \
  --consumer-property session.timeout.ms=10000 \
  --consumer-property heartbeat.interval.ms=3000 \
  --consumer-property partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor \
  --consumer-property group.instance.id=c-1 &
pid_c_1=$!
sleep 1

# 9s links latency=50ms
# (no command does this)

# 9s broker stop
# end the broker's process with ctrl-C
sleep 1

# 10s broker start
# start the broker again, with the same --data
sleep 2

# What there is now
kafka-topics --bootstrap-server localhost:9092 --describe --exclude-internal
kafka-consumer-groups --bootstrap-server localhost:9092 --describe --all-groups
kill $(jobs -p) 2>/dev/null
