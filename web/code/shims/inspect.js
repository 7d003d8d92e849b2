// Values as Node's console writes them.

import { Buffer } from 'buffer';

const WIDTH = 76;

/** What `console.log` makes of its arguments. */
export function format(...args) {
  const parts = [];
  if (typeof args[0] === 'string' && args.length > 1) {
    const template = args.shift();
    parts.push(
      template.replace(/%[sdifjoOc%]/g, (directive) => {
        if (directive === '%%') return '%';
        if (args.length === 0) return directive;
        const value = args.shift();
        switch (directive) {
          case '%s': return typeof value === 'object' && value !== null ? inspect(value, { depth: 0 }) : String(value);
          case '%d': return String(typeof value === 'bigint' ? `${value}n` : Number(value));
          case '%i': return String(Number.parseInt(value, 10));
          case '%f': return String(Number.parseFloat(value));
          case '%j': return JSON.stringify(value);
          case '%c': return '';
          default: return inspect(value, { depth: 4 });
        }
      }),
    );
  }
  for (const value of args) parts.push(typeof value === 'string' ? value : inspect(value));
  return parts.join(' ');
}

/** A value as source code, more or less; objects down to `depth`. */
export function inspect(value, { depth = 2 } = {}) {
  return show(value, depth, [], 0);
}

function show(value, depth, above, indent) {
  switch (typeof value) {
    case 'string': return quoted(value);
    case 'bigint': return `${value}n`;
    case 'symbol': return value.toString();
    case 'function': return /^class\b/.test(Function.prototype.toString.call(value)) ? `[class ${value.name || '(anonymous)'}]` : `[Function${value.name ? `: ${value.name}` : ' (anonymous)'}]`;
    case 'object': return value === null ? 'null' : showObject(value, depth, above, indent);
    default: return Object.is(value, -0) ? '-0' : String(value);
  }
}

function quoted(text) {
  const quote = !text.includes("'") ? "'" : !text.includes('"') ? '"' : '`';
  const escapes = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
  // eslint-disable-next-line no-control-regex
  const body = text.replace(/[\n\r\t\\]/g, (c) => escapes[c]).replace(/[\x00-\x1f\x7f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return quote + body + quote;
}

function showObject(value, depth, above, indent) {
  if (above.includes(value)) return '[Circular *1]';
  if (Buffer.isBuffer(value)) return showBuffer(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return 'Promise {}';
  if (value instanceof Error && above.length > 0) return `[${value.stack ? String(value) : value.name}]`;
  if (value instanceof Error) return showError(value, depth, above, indent);
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return `[${value.constructor.name}: ${show(value.valueOf(), 0, [], 0)}]`;

  const name = nameOf(value);
  const isArray = Array.isArray(value) || ArrayBuffer.isView(value);
  if (depth < 0) return isArray ? '[Array]' : `[${name || 'Object'}]`;
  const inside = [...above, value];
  const deeper = (item) => show(item, depth - 1, inside, indent + 2);
  let prefix = name && name !== 'Object' && name !== 'Array' ? `${name} ` : '';
  let entries = [];
  if (value instanceof Map) {
    prefix = `${name}(${value.size}) `;
    entries = [...value].slice(0, 100).map(([key, item]) => `${deeper(key)} => ${deeper(item)}`);
  } else if (value instanceof Set) {
    prefix = `${name}(${value.size}) `;
    entries = [...value].slice(0, 100).map(deeper);
  } else if (isArray && !(value instanceof DataView)) {
    if (name !== 'Array') prefix = `${name}(${value.length}) `;
    entries = Array.from(value).slice(0, 100).map(deeper);
    if (value.length > 100) entries.push(`... ${value.length - 100} more item${value.length > 101 ? 's' : ''}`);
  }
  if (!ArrayBuffer.isView(value)) {
    for (const key of Reflect.ownKeys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (!property.enumerable || (Array.isArray(value) && /^\d+$/.test(String(key)))) continue;
      const label = typeof key === 'symbol' ? `[${key.toString()}]` : /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
      const item = property.get ? (property.set ? '[Getter/Setter]' : '[Getter]') : property.set ? '[Setter]' : deeper(property.value);
      entries.push(`${label}: ${item}`);
    }
  }
  const [open, close] = isArray ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return `${prefix}${open}${close}`;
  const line = `${prefix}${open} ${entries.join(', ')} ${close}`;
  if (indent + line.length <= WIDTH && !line.includes('\n')) return line;
  const gap = ' '.repeat(indent + 2);
  return `${prefix}${open}\n${gap}${entries.join(`,\n${gap}`)}\n${' '.repeat(indent)}${close}`;
}

function nameOf(value) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return '[Object: null prototype]';
  return typeof prototype.constructor === 'function' ? prototype.constructor.name : '';
}

function showBuffer(bytes) {
  const shown = Array.from(bytes.subarray(0, 50), (byte) => byte.toString(16).padStart(2, '0'));
  const more = bytes.length > 50 ? ` ... ${bytes.length - 50} more bytes` : '';
  return `<Buffer${shown.map((byte) => ` ${byte}`).join('')}${more}>`;
}

/** A stack is for whoever knows the files; here it is the message and what the error carries. */
function showError(error, depth, above, indent) {
  const text = errorText(error);
  const carried = Object.keys(error).filter((key) => key !== 'stack' && key !== 'message' && key !== 'name');
  if (carried.length === 0) return text;
  const fields = Object.fromEntries(carried.map((key) => [key, error[key]]));
  return `${text} ${show(fields, depth - 1, [...above, error], indent)}`;
}

let errorText = (error) => error.stack || String(error);

/** Says how an error's text is made, when its stack has frames that nobody knows. */
export function writeErrorsAs(text) {
  errorText = text;
}
