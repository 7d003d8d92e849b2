// What every project does with the package: KafkaJS produces and consumes, a wait fails with a message, a closed broker refuses.
// CommonJS, so that everybody can load it.

module.exports = async function story({ Ottla, OttlaError }, { Kafka, logLevel, Partitioners }) {
  const ottla = await Ottla.start({ topics: { orders: { partitions: 3 } } });
  const kafka = new Kafka({ clientId: 'app', brokers: ottla.brokers, socketFactory: ottla.socketFactory(), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic: 'orders', messages: [{ key: 'anna', value: 'tea' }] });
  const consumer = kafka.consumer({ groupId: 'billing', maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true });
  const seen = [];
  await consumer.run({ eachMessage: async ({ message }) => void seen.push(message.value.toString()) });
  await ottla.group('billing').caughtUp();
  const refusal = await ottla.group('nobody').stable({ timeout: 10 }).catch((error) => error);
  await consumer.disconnect();
  await producer.disconnect();
  const [record] = ottla.topic('orders').records();
  await ottla.close();
  if (!(refusal instanceof OttlaError) || refusal.code !== 'ERR_TIMEOUT') throw refusal;
  return `${seen.join()} ${record.key} ${record.value} ${record.offset}`;
};
