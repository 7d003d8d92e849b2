// KafkaJS, as it is in Node. The broker is the one in the picture.
import { Kafka } from 'kafkajs';

const kafka = new Kafka({ clientId: 'shop', brokers: ['localhost:9092'] });

const admin = kafka.admin();
await admin.connect();
const topics = await admin.listTopics();
if (!topics.includes('orders')) {
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] });
}
await admin.disconnect();

const producer = kafka.producer();
await producer.connect();

for (let number = 0; number < 30; number++) {
  const key = `customer-${number % 5}`;
  const [{ partition, baseOffset }] = await producer.send({
    topic: 'orders',
    messages: [{ key, value: `order ${number}` }],
  });
  console.log(`${key} -> partition ${partition}, offset ${baseOffset}`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

await producer.disconnect();
