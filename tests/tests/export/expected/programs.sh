#!/usr/bin/env bash
# Written by Ottla's tutorial: the scene with Kafka's own tools, against a broker on this machine (`ottla` starts one).
# The tools wait for real time: so does this script.
# It runs the programs of the scene with Node, in a folder that has KafkaJS (`npm install kafkajs`): read them first, if they are not your own.

# 0 topic orders partitions=3
kafka-topics --bootstrap-server localhost:9092 --create --topic orders --partitions 3

# 0 producer till topic=orders keys=a,b

# 0 code shop.js
node --input-type=module <<'END_' &
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import { Kafka } from 'kafkajs';
const kafka = new Kafka({ brokers: ['localhost:9092'] });
throw new Error(`
END
$(id)\\`)
END_
pid_shop_js=$!
sleep 1

# 1s code watch.js
node --input-type=module <<'END' &
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
setInterval(() => {}, 1000)
END
pid_watch_js=$!
sleep 1

# 2s freeze watch.js
kill -STOP "$pid_watch_js"
sleep 1

# 3s thaw watch.js
kill -CONT "$pid_watch_js"

# 3s send till count=2
# till sends 2
kafka-console-producer --bootstrap-server localhost:9092 --topic orders --property parse.key=true --property key.separator=: <<'END'
a:value-1
b:value-2
END
sleep 1

# 4s crash watch.js
kill -KILL "$pid_watch_js"
sleep 1

# 5s restart watch.js
node --input-type=module <<'END' &
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
setInterval(() => {}, 1000)
END
pid_watch_js=$!
sleep 1

# 6s code watch.js
kill -KILL "$pid_watch_js"
node --input-type=module <<'END' &
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
setInterval(() => {}, 1000);
process.on('SIGTERM', () => process.exit())
END
pid_watch_js=$!
sleep 1

# 7s leave watch.js
kill -TERM "$pid_watch_js"
sleep 1

# What there is now
kafka-topics --bootstrap-server localhost:9092 --describe --exclude-internal
kill $(jobs -p) 2>/dev/null
