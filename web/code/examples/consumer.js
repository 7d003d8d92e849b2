// A member of the group `billing`. Run it once more under another name, and the two share the work.
import { Kafka } from 'kafkajs';

const kafka = new Kafka({ clientId: 'billing', brokers: ['localhost:9092'] });
const consumer = kafka.consumer({ groupId: 'billing', sessionTimeout: 10_000 });

await consumer.connect();
await consumer.subscribe({ topic: 'orders', fromBeginning: true });

await consumer.run({
  eachMessage: async ({ partition, message }) => {
    console.log(`${message.key}: ${message.value} (partition ${partition}, offset ${message.offset})`);
  },
});

// "Stop" asks the program to end: whoever disconnects leaves the group at once.
process.once('SIGTERM', async () => {
  await consumer.disconnect();
  process.exit(0);
});
