// One process that reads from one topic and writes to another.
import { Kafka } from 'kafkajs';

const kafka = new Kafka({ clientId: 'shipping', brokers: ['localhost:9092'] });
const producer = kafka.producer();
const consumer = kafka.consumer({ groupId: 'shipping' });

await producer.connect();
await consumer.connect();
await consumer.subscribe({ topic: 'orders', fromBeginning: true });

await consumer.run({
  eachMessage: async ({ message }) => {
    const value = `${message.value} is on its way`;
    await producer.send({ topic: 'parcels', messages: [{ key: message.key, value }] });
    console.log(value);
  },
});
