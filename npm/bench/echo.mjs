// A broker that does nothing: it passes requests on to a real one the first time, and answers the same ones out of its memory from then on.

import net from 'node:net';

const PRODUCE = 0;

/** Listens before the broker at `bootstrap`; Produce requests of a size that was seen before are answered at once. */
export async function echo(bootstrap) {
  const [host, port] = bootstrap.split(':');
  const known = new Map();
  const sockets = new Set();
  const server = net.createServer({ noDelay: true }, (socket) => {
    const real = net.connect(Number(port), host);
    const asked = [];
    for (const one of [socket, real]) {
      sockets.add(one);
      one.on('error', () => one.destroy());
    }
    socket.on('close', () => real.destroy());
    frames(socket, (frame) => {
      const [api, correlation] = [frame.readInt16BE(4), frame.readInt32BE(8)];
      const answer = api === PRODUCE ? known.get(frame.length) : undefined;
      if (answer) {
        answer.writeInt32BE(correlation, 4);
        return void socket.write(answer);
      }
      asked.push({ api, size: frame.length });
      real.write(frame);
    });
    frames(real, (frame) => {
      const { api, size } = asked.shift();
      // The address in Metadata is the real broker's: clients are to come here.
      const answer = Buffer.from(frame.toString('latin1'), 'latin1');
      replacePort(answer, Number(port), server.address().port);
      if (api === PRODUCE) known.set(size, Buffer.from(answer));
      socket.write(answer);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { bootstrap: `127.0.0.1:${server.address().port}`, close };
}

/** The real port, as the four bytes behind the host, becomes this one's. */
function replacePort(answer, from, to) {
  const wanted = Buffer.concat([Buffer.from('127.0.0.1'), Buffer.alloc(4)]);
  wanted.writeInt32BE(from, 9);
  const place = answer.indexOf(wanted);
  if (place >= 0) answer.writeInt32BE(to, place + 9);
}

/** Calls with each frame, its length in front. */
function frames(socket, take) {
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const size = 4 + rest.readInt32BE(0);
      take(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
  });
}
