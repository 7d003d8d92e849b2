#!/usr/bin/env bash
# Written by Ottla's tutorial: the scene with Kafka's own tools, against a broker on this machine (`ottla` starts one).
# The tools wait for real time: so does this script.

# 0 producer p topic=a keys=END,'$(id) value="END\n$(id)?`id`\r'+x+'"

# 0 producer q topic=a keys=none
sleep 1

# 1s send p count=3
# p sends 3
kafka-console-producer --bootstrap-server localhost:9092 --topic a --property parse.key=true --property key.separator=: <<'END'
END:END $(id) `id` '+x+'
'$(id):END $(id) `id` '+x+'
END:END $(id) `id` '+x+'
END
sleep 1

# 2s send q value=END
# q sends 1
kafka-console-producer --bootstrap-server localhost:9092 --topic a <<'END_'
END
END_
sleep 3

# What there is now
kafka-topics --bootstrap-server localhost:9092 --describe --exclude-internal
kill $(jobs -p) 2>/dev/null
