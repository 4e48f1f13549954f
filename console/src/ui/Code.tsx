import { useEffect, useRef } from 'react';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, StreamLanguage, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const yaml = StreamLanguage.define<object>({
  token(s) {
    if (s.eatSpace()) return null;
    if (s.match(/#.*/)) return 'comment';
    if (s.match(/[\w.|$-]+(?=\s*:(\s|$))/)) return 'propertyName';
    if (s.match(/"(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?/)) return 'string';
    if (s.match(/\b(and|or|not|of|them|all|1)\b/)) return 'keyword';
    s.match(/[\w.|$-]+/) || s.next();
    return null;
  },
});
const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--muted)' },
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--ok)' },
  { tag: tags.keyword, color: 'var(--high)' },
]);

const setWrong = StateEffect.define<readonly number[]>();
const bad = Decoration.line({ class: 'cm-badline' });
const wrong = StateField.define({
  create: () => Decoration.none,
  update(marks, tr) {
    let next = tr.docChanged ? Decoration.none : marks;
    for (const e of tr.effects) {
      if (!e.is(setWrong)) continue;
      const lines = [...new Set(e.value)].filter((n) => n >= 1 && n <= tr.state.doc.lines).sort((a, b) => a - b);
      next = Decoration.set(lines.map((n) => bad.range(tr.state.doc.line(n).from)));
    }
    return next;
  },
  provide: (f) => EditorView.decorations.from(f),
});

type Props = { value: string; label: string; hint: string; wrongLines: readonly number[]; onEdit: (text: string) => void; onRun: () => void; focus?: boolean };

/** Where a rule is written or pasted: YAML. Ctrl-Enter runs it; Tab leaves, so that nobody is caught in it. */
export default function Code({ value, label, hint, wrongLines, onEdit, onRun, focus }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const now = useRef({ onEdit, onRun });
  now.current = { onEdit, onRun };
  useEffect(() => {
    const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
    const v = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(nonce),
          history(),
          lineNumbers(),
          indentUnit.of('    '),
          Prec.high(keymap.of([{ key: 'Mod-Enter', run: () => (now.current.onRun(), true) }])),
          keymap.of([{ key: 'Escape', run: (x) => (x.contentDOM.blur(), true) }, ...historyKeymap, ...defaultKeymap]),
          yaml,
          syntaxHighlighting(colours),
          wrong,
          placeholder(hint),
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': 'rule-wrong', spellcheck: 'false', tabindex: '0' }),
          EditorView.updateListener.of((u) => { if (u.docChanged) now.current.onEdit(u.state.doc.toString()); }),
        ],
      }),
    });
    view.current = v;
    if (focus) v.focus();
    return () => v.destroy();
  }, []);
  useEffect(() => {
    const v = view.current;
    if (v && v.state.doc.toString() !== value) v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: value } });
  }, [value]);
  const lines = wrongLines.join();
  useEffect(() => view.current?.dispatch({ effects: setWrong.of(wrongLines) }), [lines]);
  return <div ref={box} className="codebox" />;
}
