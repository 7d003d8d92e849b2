// <code-editor value="..." problem-line="3" problem="..." label="...">: an editor for JavaScript. Tells of changes by the event `edit`; `value` is the text.
//
// Escape and then Tab leaves it by keyboard.

import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const setProblem = StateEffect.define();

/** The line that went wrong, with what went wrong below it. */
const problems = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setProblem)) next = marksOf(transaction.state, effect.value);
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function marksOf(state, problem) {
  if (!problem || problem.line < 1 || problem.line > state.doc.lines) return Decoration.none;
  const line = state.doc.line(problem.line);
  return Decoration.set([
    Decoration.line({ class: 'cm-problem' }).range(line.from),
    Decoration.widget({ widget: new Message(problem.text), block: true, side: 1 }).range(line.to),
  ]);
}

class Message extends WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }

  eq(other) {
    return other.text === this.text;
  }

  toDOM() {
    const message = document.createElement('div');
    message.className = 'cm-message';
    message.textContent = `✕ ${this.text}`;
    return message;
  }
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.modifier], color: 'var(--k4)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--k0)' },
  { tag: tags.comment, color: 'var(--soft)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--k0)' },
]);

const looks = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', color: 'var(--ink)', backgroundColor: 'var(--card)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '8px 0' },
  '.cm-gutters': { backgroundColor: 'var(--card)', color: 'var(--soft)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--ink) 4%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--k0) 24%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'color-mix(in srgb, var(--k0) 18%, transparent)' },
  '.cm-line.cm-problem': { backgroundColor: 'var(--accent-soft)' },
  '.cm-message': { padding: '2px 14px 4px 6px', color: 'var(--accent)', backgroundColor: 'var(--accent-soft)', fontFamily: 'var(--sans)', fontSize: '12.5px', overflowWrap: 'anywhere', whiteSpace: 'normal' },
});

class CodeEditor extends HTMLElement {
  static observedAttributes = ['value', 'problem-line', 'problem'];
  #view = null;

  connectedCallback() {
    if (this.#view) return;
    const tell = EditorView.updateListener.of((update) => {
      if (update.docChanged) this.dispatchEvent(new Event('edit'));
    });
    const extensions = [
      lineNumbers(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      bracketMatching(),
      indentOnInput(),
      javascript(),
      syntaxHighlighting(colours),
      problems,
      looks,
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      EditorState.tabSize.of(2),
      EditorView.contentAttributes.of({ 'aria-label': this.getAttribute('label') ?? '', tabindex: '0', autocapitalize: 'off', autocorrect: 'off', spellcheck: 'false' }),
      tell,
    ];
    this.#view = new EditorView({ doc: this.getAttribute('value') ?? '', extensions, parent: this });
    // The page has keys of its own; what is typed here is not for it.
    this.addEventListener('keydown', (event) => event.stopPropagation());
    this.#showProblem();
  }

  disconnectedCallback() {
    this.#view?.destroy();
    this.#view = null;
  }

  attributeChangedCallback(name, _, value) {
    if (!this.#view) return;
    if (name !== 'value') this.#showProblem();
    else if (value !== this.value) this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: value ?? '' } });
  }

  get value() {
    return this.#view ? this.#view.state.doc.toString() : (this.getAttribute('value') ?? '');
  }

  #showProblem() {
    const line = Number(this.getAttribute('problem-line') ?? 0);
    this.#view.dispatch({ effects: setProblem.of(line > 0 ? { line, text: this.getAttribute('problem') ?? '' } : null) });
  }
}

customElements.define('code-editor', CodeEditor);
