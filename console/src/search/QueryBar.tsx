import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { acceptCompletion, autocompletion, closeCompletion, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Schemas } from '../api/client';

export type QueryBarHandle = { focus: () => void };
/** What may stand at a place, as the server knows it. */
export type Complete = (query: string, position: number, signal: AbortSignal) => Promise<Schemas['Completion']>;
type Wrong = { from: number; to?: number };
type Props = { ref: Ref<QueryBarHandle>; value: string; wrongAt: Wrong | undefined; complete: Complete; onRun: (q: string) => void; onEdit: (q: string) => void; /** What was run before the query that is shown (`back` 1), or after it (-1), if the bar shows nothing of the reader's own. */ older: (shown: string, back: 1 | -1) => string | undefined };

const language = StreamLanguage.define<object>({
  token(s) {
    if (s.eatSpace()) return null;
    if (s.match(/"(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?/)) return 'string';
    if (s.match(/`(?:``|[^`])*`?/)) return 'propertyName';
    if (s.match(/\|\s*[a-z]+/i)) return 'keyword';
    if (s.match(/(and|or|not|in|by|as|span|exists|is|null|between|cidr|(contains|startswith|endswith|like|matches|in)(_cs)?)\b/i)) return 'keyword';
    if (s.match(/[A-Za-z_@][\w@-]*(\.[\w@-]+)+|[A-Za-z_@][\w@-]*(?=\s*(!?=|!?~|[<>:]))/)) return 'propertyName';
    if (s.match(/\d+(\.\d+)*/)) return 'number';
    if (s.match(/[=!<>|~:]+/)) return 'operator';
    s.next();
    return null;
  },
});
const colours = HighlightStyle.define([
  { tag: tags.string, color: 'var(--ok)' },
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: tags.propertyName, color: 'var(--fg)' },
  { tag: tags.number, color: 'var(--high)' },
  { tag: tags.operator, color: 'var(--muted)' },
]);

const setWrong = StateEffect.define<Wrong | undefined>();
const wavy = Decoration.mark({ class: 'cm-wrong' });
const wrong = StateField.define({
  create: () => Decoration.none,
  update(marks, tr) {
    let next = tr.docChanged ? Decoration.none : marks;
    for (const e of tr.effects) {
      if (!e.is(setWrong)) continue;
      const size = tr.state.doc.length;
      // A query that ends too early is wrong behind its end: mark its last character.
      const from = e.value === undefined ? -1 : Math.max(0, Math.min(e.value.from - 1, size - 1));
      const rest = from < 0 ? '' : (/^(?:"(?:\\.|[^"\\])*"?|'[^']*'?|[\w.]+|.)/.exec(tr.state.doc.sliceString(from)) ?? [''])[0];
      const end = e.value?.to === undefined ? from + rest.length : Math.max(from + 1, Math.min(e.value.to, size));
      next = rest ? Decoration.set([wavy.range(from, end)]) : Decoration.none;
    }
    return next;
  },
  provide: (f) => EditorView.decorations.from(f),
});

/** The query: Enter runs it, Shift-Enter breaks the line; what may come next is offered, Tab takes it; the arrow up in an empty bar brings back what was run. */
export default function QueryBar({ ref, value, wrongAt, complete: ask, onRun, onEdit, older }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const now = useRef({ ask, onRun, onEdit, older });
  now.current = { ask, onRun, onEdit, older };

  useEffect(() => {
    const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
    let asking: AbortController | undefined;
    const complete = async (c: CompletionContext): Promise<CompletionResult | null> => {
      if (!c.explicit && c.pos === 0) return null;
      const given = new AbortController();
      asking = given;
      c.addEventListener('abort', () => given.abort());
      try {
        const found = await now.current.ask(c.state.doc.toString(), c.pos, given.signal);
        const options = found.candidates.map((o, i): Completion => ({ label: o.text, detail: o.detail ?? o.kind, boost: -i }));
        return options.length === 0 ? null : { from: found.start, to: found.end, options, filter: false };
      } catch {
        return null; // a query can be written without help; running it says what is wrong
      }
    };
    const run = (v: EditorView) => {
      asking?.abort(); // the answer is waited for now, not the offers
      closeCompletion(v);
      now.current.onRun(v.state.doc.toString());
      return true;
    };
    const recall = (back: 1 | -1) => (v: EditorView) => {
      const q = now.current.older(v.state.doc.toString(), back);
      if (q === undefined) return false;
      v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: q }, selection: { anchor: q.length } });
      return true;
    };
    const v = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(nonce),
          history(),
          autocompletion({ override: [complete], icons: false, activateOnTypingDelay: 90, defaultKeymap: false, interactionDelay: 0 }),
          // Enter runs the query, whatever is offered at the moment; Tab takes an offer.
          keymap.of([{ key: 'Tab', run: acceptCompletion }, ...completionKeymap.filter((k) => k.key !== 'Enter')]),
          Prec.high(keymap.of([{ key: 'Mod-Enter', run }])),
          keymap.of([{ key: 'Enter', run }, { key: 'ArrowUp', run: recall(1) }, { key: 'ArrowDown', run: recall(-1) }, { key: 'Escape', run: (x) => (x.contentDOM.blur(), true) }, ...historyKeymap, ...defaultKeymap]),
          language,
          syntaxHighlighting(colours),
          bracketMatching(),
          wrong,
          EditorView.lineWrapping,
          placeholder('Everything.  Try  cmd contains "powershell" | top host  or just words'),
          EditorView.contentAttributes.of({ 'aria-label': 'Query', 'aria-describedby': 'query-wrong', spellcheck: 'false', tabindex: '0' }),
          EditorView.updateListener.of((u) => { if (u.docChanged) now.current.onEdit(u.state.doc.toString()); }),
        ],
      }),
    });
    view.current = v;
    return () => v.destroy();
  }, []);

  useEffect(() => {
    const v = view.current;
    if (v && v.state.doc.toString() !== value) v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: value }, selection: { anchor: value.length } });
  }, [value]);
  useEffect(() => view.current?.dispatch({ effects: setWrong.of(wrongAt) }), [wrongAt, value]);
  useImperativeHandle(ref, () => ({ focus: () => view.current?.focus() }), []);

  return <div ref={box} className="qbar" data-testid="query" />;
}
