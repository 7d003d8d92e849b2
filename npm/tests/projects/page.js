// What a page does with the package: a socket of the factory asks for the broker's versions; topics are there.

export async function page({ Ottla }) {
  const ottla = await Ottla.start({ topics: { orders: { partitions: 3 } } });
  const answer = await new Promise((resolve, reject) => {
    const socket = ottla.socketFactory()({
      host: 'ottla',
      port: 9092,
      // ApiVersions, version 0, correlation id 7, no client id.
      onConnect: () => socket.write(Uint8Array.of(0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 255, 255)),
    });
    socket.on('data', resolve);
    socket.on('error', reject);
  });
  const [topic] = ottla.topics();
  const refusal = await ottla.listen().catch((error) => error.code);
  const fork = ottla.fork();
  const forked = fork.topics().length;
  await fork.close();
  await ottla.close();
  return `${answer[7]} ${topic.name} ${topic.partitions.length} ${refusal} ${forked}`;
}
