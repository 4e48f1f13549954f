import { useEffect, useRef } from 'react';
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Finding } from './playbooks';

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--muted)' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--ok)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--high)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--muted)' },
]);

type Props = { text: string; findings: readonly Finding[]; /** The line to look at, once it is another. */ line: number | undefined; readOnly: boolean; type: (text: string) => void; atLine: (line: number) => void; leave: () => void };

/** The playbook as text. Undo is the editor's, for canvas and text alike; Escape goes back to the canvas. */
export default function TextPane({ text, findings, line, readOnly, type, atLine, leave }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const now = useRef({ type, atLine, leave });
  now.current = { type, atLine, leave };
  useEffect(() => {
    const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
    const v = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorView.cspNonce.of(nonce), lineNumbers(), lintGutter(), highlightActiveLine(), indentUnit.of('  '), yaml(), syntaxHighlighting(colours), EditorState.readOnly.of(readOnly),
          Prec.high(keymap.of([{ key: 'Escape', run: () => (now.current.leave(), true) }])),
          keymap.of([...lintKeymap, indentWithTab, ...defaultKeymap.filter((k) => k.key !== 'Mod-z' && k.key !== 'Mod-y')]),
          EditorView.contentAttributes.of({ 'aria-label': 'Text of the playbook. Escape goes back to the steps.', spellcheck: 'false', tabindex: '0' }),
          EditorView.updateListener.of((u) => {
            if (u.docChanged && u.transactions.some((t) => t.isUserEvent('input') || t.isUserEvent('delete') || t.isUserEvent('move'))) now.current.type(u.state.doc.toString());
            if (u.selectionSet && u.view.hasFocus) now.current.atLine(u.state.doc.lineAt(u.state.selection.main.head).number);
          }),
        ],
      }),
    });
    view.current = v;
    return () => v.destroy();
  }, [readOnly]);
  useEffect(() => {
    const v = view.current;
    const old = v?.state.doc.toString();
    if (!v || old === undefined || old === text) return;
    // Only what differs is replaced, so that the view and the cursor stay.
    let head = 0;
    while (head < old.length && head < text.length && old[head] === text[head]) head++;
    let tail = 0;
    while (tail < old.length - head && tail < text.length - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
    v.dispatch({ changes: { from: head, to: old.length - tail, insert: text.slice(head, text.length - tail) } });
  }, [text]);
  useEffect(() => {
    const v = view.current;
    if (!v) return;
    const all = findings.filter((f) => f.line >= 1 && f.line <= v.state.doc.lines).map((f) => {
      const l = v.state.doc.line(f.line);
      return { from: l.from + (l.text.length - l.text.trimStart().length), to: l.to, severity: f.severity, message: f.problem };
    });
    v.dispatch(setDiagnostics(v.state, all.sort((a, b) => a.from - b.from)));
  }, [findings, text]);
  useEffect(() => {
    const v = view.current;
    if (!v || line === undefined || v.hasFocus || line > v.state.doc.lines) return;
    const from = v.state.doc.line(line).from;
    v.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 40 }) });
  }, [line]);
  return <div ref={box} className="pb-text" />;
}
