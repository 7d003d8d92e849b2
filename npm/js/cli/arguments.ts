import { OttlaError, type TopicOptions } from '../index.js';

export const HELP = `\
A Kafka-compatible broker, in memory: for tests and first steps.

npx ottla [options]                    a broker on port 9092
npx ottla [options] --run "npm test"   a broker on a free port while a command runs, which finds the address in KAFKA_BROKERS

  --port PORT          the port (9092; with --run a free one)
  --host ADDRESS       the address (127.0.0.1)
  --topic NAME[:N]     a topic that is there from the start, with N partitions (1); as often as you like
  --config KEY=VALUE   the broker's configuration, by Kafka's names; as often as you like
  --seed NUMBER        what ids are made from: the same seed, the same ids
  --run COMMAND        runs a command of the shell, and ends with its exit code
  --wasm FILE          writes the engine's WebAssembly into a file, for those who may compile nothing at run time
  --help, --version`;

/** What is asked for on the command line. */
export interface Settings {
  host: string;
  port: number;
  topics: Record<string, TopicOptions>;
  config: Record<string, string>;
  seed: bigint | undefined;
  run: string | undefined;
  wasm: string | undefined;
  isHelp: boolean;
  isVersion: boolean;
}

/** Reads the words behind `ottla`; `--port 9092` and `--port=9092` are the same. */
export function parse(words: string[]): Settings {
  const settings: Settings = {
    host: '127.0.0.1',
    port: -1,
    topics: {},
    config: {},
    seed: undefined,
    run: undefined,
    wasm: undefined,
    isHelp: false,
    isVersion: false,
  };
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, flag = word, inline] = /^(--[a-z]+)=(.*)$/s.exec(word) ?? [];
    const value = () => inline ?? rest.shift() ?? refuse(`${flag} wants a value`);
    switch (flag) {
      case '--help':
      case '-h':
        settings.isHelp = true;
        break;
      case '--version':
      case '-v':
        settings.isVersion = true;
        break;
      case '--host':
        settings.host = value();
        break;
      case '--port':
        settings.port = whole(flag, value(), 65_535);
        break;
      case '--seed':
        settings.seed = seed(value());
        break;
      case '--run':
        settings.run = value() || refuse('--run wants a command, in quotation marks: --run "npm test"');
        break;
      case '--wasm':
        settings.wasm = value();
        break;
      case '--topic':
        addTopic(settings, value());
        break;
      case '--config':
        addConfig(settings, value());
        break;
      default:
        refuse(`there is no option ${word}; npx ottla --help shows those that there are`);
    }
  }
  if (settings.port < 0) settings.port = settings.run === undefined ? 9092 : 0;
  return settings;
}

function addTopic(settings: Settings, value: string): void {
  const [, name = '', count = '1'] = /^([^:]*)(?::(.*))?$/s.exec(value) ?? [];
  settings.topics[name] = { partitions: whole('--topic', count, 10_000, value) };
}

function addConfig(settings: Settings, value: string): void {
  const place = value.indexOf('=');
  if (place < 1) refuse(`--config ${value}: KEY=VALUE is wanted, for example --config auto.create.topics.enable=false`);
  settings.config[value.slice(0, place)] = value.slice(place + 1);
}

function whole(flag: string, text: string, most: number, said = text): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  return refuse(`${flag} ${said}: a whole number is wanted, ${most} at most`);
}

function seed(text: string): bigint {
  return /^\d{1,20}$/.test(text) ? BigInt(text) : refuse(`--seed ${text}: a whole number is wanted`);
}

function refuse(message: string): never {
  throw new OttlaError('ERR_OPTION', message);
}
