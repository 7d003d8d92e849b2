"""Prints the keys: one a line, in hexadecimal; the empty line is the empty key."""

import random

random.seed(20)
keys = [b""]
for size in range(1, 21):
    keys.append(bytes(size))
    keys.append(b"\xff" * size)
    keys.append(bytes(range(0x7f, 0x7f + size)))
    keys += [bytes(random.randrange(256) for _ in range(size)) for _ in range(4)]
keys += [str(number).encode() for number in range(60)]
keys += [str(number**7).encode() for number in range(1, 20)]
words = "alice bob carol kafka ottla user-1 user-2 order:1000 21 foobar null true"
keys += [word.encode() for word in words.split()]
keys += [
    word.encode()
    for word in ["ä", "é", "Ottla Kafková", "ключ", "鍵", "🔑", "👩‍💻 key", "naïve café", "\0", "a\0b", " "]
]
keys += [bytes(random.randrange(256) for _ in range(size)) for size in (31, 32, 33, 64, 100, 255, 1000)]
for key in keys:
    print(key.hex())
