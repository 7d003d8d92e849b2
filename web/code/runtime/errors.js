// Errors as the learner should read them: the message, and the places in the learner's own source.

/** The places in the source that a stack names, innermost first: [{ line, column }]. Written as V8, SpiderMonkey and JavaScriptCore do. */
export function placesOf(error, name) {
  if (error?.name === 'SyntaxError' && error.line > 0 && error.column > 0) return [{ line: error.line, column: error.column }];
  const stack = typeof error?.stack === 'string' ? error.stack : '';
  const file = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const place = new RegExp(`(?:(?:^|[\\s(@/])${file}|> (?:eval|Function)):(\\d+):(\\d+)\\)?$`);
  return stack.split('\n').flatMap((line) => {
    const found = place.exec(line.trimEnd());
    return found ? [{ line: Number(found[1]), column: Number(found[2]) }] : [];
  });
}

/** Message, cause, and where in the source it was. */
export function textOf(error, name) {
  if (!(error instanceof Error)) return String(error);
  const message = `${error.name}: ${error.message}`;
  const places = placesOf(error, name).slice(0, 5);
  const cause = error.cause instanceof Error ? `\n  because of ${textOf(error.cause, name)}` : '';
  return message + places.map(({ line, column }) => `\n    at ${name}:${line}:${column}`).join('') + cause;
}
