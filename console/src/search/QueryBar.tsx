import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { COMMON } from './fields';

export type QueryBarHandle = { focus: () => void };
type Props = { ref: Ref<QueryBarHandle>; value: string; wrongAt: number | undefined; fields: ReadonlySet<string>; onRun: (q: string) => void; onEdit: (q: string) => void };

const WORDS = ['and', 'or', 'not', 'in', 'exists', 'contains', 'startswith', 'endswith', 'like', 'matches', 'between', 'is null'];
const language = StreamLanguage.define<object>({
  token(s) {
    if (s.eatSpace()) return null;
    if (s.match(/"(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?/)) return 'string';
    if (s.match(/`(?:``|[^`])*`?/)) return 'propertyName';
    if (s.match(/(and|or|not|in|exists|is|null|between|cidr|(contains|startswith|endswith|like|matches|in)(_cs)?)\b/i)) return 'keyword';
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

const setWrong = StateEffect.define<number | undefined>();
const wavy = Decoration.mark({ class: 'cm-wrong' });
const wrong = StateField.define({
  create: () => Decoration.none,
  update(marks, tr) {
    let next = tr.docChanged ? Decoration.none : marks;
    for (const e of tr.effects) {
      if (!e.is(setWrong)) continue;
      const size = tr.state.doc.length;
      // A query that ends too early is wrong behind its end: mark its last character.
      const from = e.value === undefined ? -1 : Math.max(0, Math.min(e.value - 1, size - 1));
      const rest = from < 0 ? '' : (/^(?:"(?:\\.|[^"\\])*"?|'[^']*'?|[\w.]+|.)/.exec(tr.state.doc.sliceString(from)) ?? [''])[0];
      next = rest ? Decoration.set([wavy.range(from, from + rest.length)]) : Decoration.none;
    }
    return next;
  },
  provide: (f) => EditorView.decorations.from(f),
});

/** The query: Enter runs it, Shift-Enter breaks the line, field names complete themselves. */
export default function QueryBar({ ref, value, wrongAt, fields, onRun, onEdit }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const now = useRef({ fields, onRun, onEdit });
  now.current = { fields, onRun, onEdit };

  useEffect(() => {
    const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
    const complete = (c: CompletionContext): CompletionResult | null => {
      const word = c.matchBefore(/[\w.]+/);
      if (!word && !c.explicit) return null;
      const known = new Map<string, string>(COMMON);
      for (const f of now.current.fields) if (!known.has(f)) known.set(f, 'in these results');
      const options = [...known].map(([label, detail]) => ({ label, detail, boost: 1 })).concat(WORDS.map((label) => ({ label, detail: '', boost: 0 })));
      return { from: word?.from ?? c.pos, options, validFor: /^[\w.]*$/ };
    };
    const run = (v: EditorView) => (now.current.onRun(v.state.doc.toString()), true);
    const v = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(nonce),
          history(),
          autocompletion({ override: [complete], icons: false, activateOnTypingDelay: 60 }),
          keymap.of(completionKeymap),
          Prec.high(keymap.of([{ key: 'Mod-Enter', run }])),
          keymap.of([{ key: 'Enter', run }, { key: 'Escape', run: (x) => (x.contentDOM.blur(), true) }, ...historyKeymap, ...defaultKeymap]),
          language,
          syntaxHighlighting(colours),
          bracketMatching(),
          wrong,
          EditorView.lineWrapping,
          placeholder('Everything.  Try  cmd contains "powershell"  or just words'),
          EditorView.contentAttributes.of({ 'aria-label': 'Query', 'aria-describedby': 'query-wrong', spellcheck: 'false' }),
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
