// The learner's source, made ready to run as one async function, line for line: import and export become what a function may hold.

import { parse } from 'acorn';

/** An error in the source itself, with its place. */
export class SourceError extends Error {
  constructor(message, line, column) {
    super(message);
    Object.assign(this, { name: 'SyntaxError', line, column });
  }
}

/** A function's source: `(require, module, exports, importOf, importLater, __filename, __dirname) => Promise`. */
export function wrap(source, name) {
  const edits = [];
  for (const node of nodes(parsed(source))) edit(node, source, edits);
  edits.sort((a, b) => a.start - b.start);
  let [body, from] = ['', 0];
  for (const { start, end, text } of edits) {
    const lines = source.slice(start, end).match(/\n/g)?.length ?? 0;
    body += source.slice(from, start) + text + '\n'.repeat(lines);
    from = end;
  }
  body += source.slice(from);
  // On the first line, so that the lines of a stack are those of the source.
  return `"use strict";(async function (require, module, exports, __importOf, __importLater, __filename, __dirname) {${body}\n})\n//# sourceURL=${name}`;
}

function parsed(source) {
  try {
    return parse(source, { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true, allowReturnOutsideFunction: true, allowHashBang: true });
  } catch (error) {
    if (!error.loc) throw error;
    throw new SourceError(error.message.replace(/ \(\d+:\d+\)$/, ''), error.loc.line, error.loc.column + 1);
  }
}

/** All of a tree, without recursion: a source may be nested deeply. */
function* nodes(root) {
  const open = [root];
  while (open.length > 0) {
    const node = open.pop();
    yield node;
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) open.push(...value.filter((item) => item && typeof item.type === 'string'));
      else if (value && typeof value.type === 'string') open.push(value);
    }
  }
}

function edit(node, source, edits) {
  const put = (start, end, text) => edits.push({ start, end, text });
  switch (node.type) {
    case 'ImportDeclaration':
      return put(node.start, node.end, importOf(node));
    case 'ImportExpression':
      return put(node.start, node.start + 'import'.length, '__importLater');
    case 'MetaProperty':
      return node.meta.name === 'import' && put(node.start, node.end, '({ url: `file://${__filename}`, filename: __filename, dirname: __dirname })');
    case 'ExportNamedDeclaration':
      return node.declaration ? put(node.start, node.declaration.start, '') : put(node.start, node.end, ';');
    case 'ExportAllDeclaration':
      return put(node.start, node.end, ';');
    case 'ExportDefaultDeclaration':
      return put(node.start, node.declaration.start, node.declaration.id ? '' : 'exports.default = ');
    default:
      // A first line such as `#!/usr/bin/env node` is a comment to acorn, and not to a function.
      if (node.type === 'Program' && source.startsWith('#!')) put(0, 2, '//');
  }
}

function importOf({ specifiers, source }) {
  const module = `__importOf(${JSON.stringify(source.value)})`;
  const named = [];
  const statements = [];
  for (const { type, local, imported } of specifiers) {
    if (type === 'ImportNamespaceSpecifier') statements.push(`const ${local.name} = ${module}`);
    else if (type === 'ImportDefaultSpecifier') statements.push(`const ${local.name} = __importOf(${JSON.stringify(source.value)}, true)`);
    else named.push(`${JSON.stringify(imported.name ?? imported.value)}: ${local.name}`);
  }
  if (named.length > 0) statements.push(`const { ${named.join(', ')} } = ${module}`);
  return `${statements.length > 0 ? statements.join('; ') : module};`;
}
