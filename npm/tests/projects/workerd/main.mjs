import { readFileSync } from 'node:fs';
import { Ottla } from 'ottla';

// Nothing is inlined here: who gives nothing is told what to give.
const refusal = await Ottla.start().catch((error) => error);
const ottla = await Ottla.start({ wasm: new WebAssembly.Module(readFileSync('ottla.wasm')), topics: { orders: {} } });
console.log(refusal.code, /--wasm/.test(refusal.message), ottla.topics().length);
await ottla.close();
