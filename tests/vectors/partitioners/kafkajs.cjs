// KafkaJS's partitioners. Keyless records begin where `randomBytes` says: here shortly before its counter passes 2^32.
const START = 4294967290
const fs = require('fs')
const path = require('path')
Object.defineProperty(globalThis, 'crypto', {
  value: {
    randomBytes: size => {
      const bytes = Buffer.alloc(size)
      bytes.writeUInt32BE(START, 0)
      return bytes
    },
  },
})
const { Partitioners } = require(path.resolve(process.argv[3], 'node_modules/kafkajs'))

const COUNTS = [3, 12, 100, 999983]
const folder = process.argv[2]
const topic = count => Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 1 }))
const topics = COUNTS.map(topic)
const keys = fs.readFileSync(path.join(folder, 'keys.txt'), 'utf8').split('\n').slice(0, -1)

const write = (file, lines) =>
  fs.writeFileSync(path.join(folder, file), lines.map(line => line.join(' ') + '\n').join(''))
const keyed = create => {
  const partition = create()
  // Filtering a million partitions for each key takes long; only their number matters to a key.
  topics[3].filter = () => []
  return keys.map(hex => {
    const message = { key: Buffer.from(hex, 'hex') }
    return topics.map(partitionMetadata => partition({ topic: 'topic', partitionMetadata, message }))
  })
}
const keyless = leader => {
  const partition = Partitioners.DefaultPartitioner()
  const partitionMetadata = [0, 1, 2, 3, 4].map(partitionId => ({ partitionId, leader: leader(partitionId) }))
  return Array.from({ length: 12 }, () => partition({ topic: 'topic', partitionMetadata, message: { key: null } }))
}
write('kafkajs.txt', keyed(Partitioners.DefaultPartitioner))
write('kafkajs-legacy.txt', keyed(Partitioners.LegacyPartitioner))
write('kafkajs-keyless.txt', [keyless(id => (id === 1 || id === 4 ? -1 : 1)), keyless(() => -1)])
