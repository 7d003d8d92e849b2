"""librdkafka's partitioners out of the library that confluent-kafka brings: they are part of its C interface."""

import ctypes
import glob
import pathlib
import sys

import confluent_kafka

COUNTS = [3, 12, 100, 999983]
folder = pathlib.Path(sys.argv[1])
libraries = pathlib.Path(confluent_kafka.__file__).parent.parent / "confluent_kafka.libs"
library = ctypes.CDLL(glob.glob(str(libraries / "librdkafka*.so*"))[0])
keys = [bytes.fromhex(line) for line in (folder / "keys.txt").read_text().split("\n")[:-1]]

for name in ["consistent", "murmur2", "fnv1a"]:
    partitioner = getattr(library, f"rd_kafka_msg_partitioner_{name}")
    partitioner.restype = ctypes.c_int32
    partitioner.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_int32,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    lines = []
    # The last line is that of no key at all.
    for key in keys + [None]:
        size = 0 if key is None else len(key)
        partitions = [partitioner(None, key, size, count, None, None) for count in COUNTS]
        lines.append(" ".join(map(str, partitions)) + "\n")
    (folder / f"librdkafka-{name}.txt").write_text("".join(lines))
