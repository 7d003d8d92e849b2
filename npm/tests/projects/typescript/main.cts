import { Ottla } from 'ottla';

export async function topics(): Promise<string[]> {
  const ottla: Ottla = await Ottla.start({ topics: { orders: {} } });
  try {
    return ottla.topics().map(({ name }) => name);
  } finally {
    await ottla.close();
  }
}

topics().then((names) => console.log(names.join()));
