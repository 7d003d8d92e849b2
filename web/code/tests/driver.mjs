// Programs for a world that asks over standard input: a JSON document a line, bytes in hexadecimal.
//
//   ◀─ { name, start: null or { source, seed }, turns: [{ at, inputs }] }      with `start` the program of that name begins anew
//   ─▶ { ops, deadline, prints, end }

import { createInterface } from 'node:readline';

import { Program } from './support.mjs';

const programs = new Map();
const encode = ([kind, socket, what, ...rest]) => [kind, socket, what instanceof Uint8Array ? Buffer.from(what).toString('hex') : what, ...rest];
const decode = ([kind, socket, what]) => [kind, socket, kind === 'received' ? new Uint8Array(Buffer.from(what, 'hex')) : what];

for await (const line of createInterface({ input: process.stdin })) {
  const { name, start, turns } = JSON.parse(line);
  if (start) {
    await programs.get(name)?.end();
    programs.set(name, new Program(start.source, { name, seed: start.seed }));
  }
  const answer = await programs.get(name).turns(...turns.map(({ at, inputs }) => ({ at, inputs: inputs.map(decode) })));
  answer.ops = answer.ops.map(encode);
  console.log(JSON.stringify(answer));
}
for (const program of programs.values()) await program.end();
