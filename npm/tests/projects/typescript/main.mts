import { Kafka, logLevel } from 'kafkajs';
import { Ottla, OttlaError, type TopicRecord } from 'ottla';

{
  await using ottla = await Ottla.start({ topics: { orders: { partitions: 3, config: { 'retention.ms': 60_000 } } }, seed: 1n });
  const kafka = new Kafka({ brokers: ottla.brokers, socketFactory: ottla.socketFactory(), logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'orders', messages: [{ key: 'anna', value: 'tea' }] });
  const records: TopicRecord[] = await ottla.topic('orders').count(1, { timeout: '5s' });
  await producer.disconnect();
  await using listener = await ottla.listen();
  console.log(`${records[0]?.key} ${records[0]?.value} ${records[0]?.offset} ${listener.port > 0}`);
  try {
    await ottla.group('nobody').stable({ timeout: 10 });
  } catch (error) {
    if (!(error instanceof OttlaError) || error.code !== 'ERR_TIMEOUT') throw error;
  }
}
