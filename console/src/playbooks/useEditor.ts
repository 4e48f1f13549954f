import { useEffect, useMemo, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { begun, edited, redone, undone, type History } from './history';
import { put } from './model';
import { check, type Check } from './playbooks';
import { asYaml, patch, read, type Tree } from './text';

const CHECK_MS = 400;

/** The document that is edited: its text is what counts, the tree is read from it. Canvas and forms change the tree, and the text follows. */
export function useEditor(source: string) {
  const [h, setH] = useState<History>(() => begun(asYaml(source)));
  const reading = useMemo(() => read(h.text), [h.text]);
  const readable = 'tree' in reading ? reading : undefined;
  const last = useRef<Tree>({});
  if (readable) last.current = readable.tree;
  const tree = readable?.tree ?? last.current;

  const change = (about: string, edit: (t: Tree) => Tree): boolean => {
    if (!readable) return false;
    setH((now) => {
      const r = read(now.text);
      return 'tree' in r ? edited(now, patch(now.text, r.tree, edit(r.tree)), about, Date.now()) : now;
    });
    return true;
  };
  const [settled, setSettled] = useState(h.text);
  useEffect(() => {
    const t = setTimeout(() => setSettled(h.text), CHECK_MS);
    return () => clearTimeout(t);
  }, [h.text]);
  const checked = useQuery<Check>({ queryKey: ['playbook-check', settled], queryFn: ({ signal }) => check(settled, signal), gcTime: 10_000, staleTime: Infinity, placeholderData: (old) => old });
  const wrong = 'tree' in reading ? undefined : reading;
  // What is known at once needs no server; the server's word is shown once it is about this very text.
  const findings = wrong ? [{ severity: 'error' as const, line: wrong.line, path: null, problem: wrong.problem }] : (checked.data?.findings ?? []);
  return {
    text: h.text, tree, readable, wrong, findings, checked, settled: settled === h.text && !checked.isPlaceholderData, runnable: !wrong && checked.data?.runnable === true,
    canUndo: h.past.length > 0, canRedo: h.future.length > 0, change,
    type: (text: string) => setH((now) => edited(now, text, 'text', Date.now())),
    replace: (text: string) => setH((now) => edited(now, asYaml(text), '', Date.now())),
    begin: (text: string) => setH(begun(asYaml(text))),
    /** The text with the time of its version. */
    stamped: (at: string) => (readable ? patch(h.text, readable.tree, put(readable.tree, ['modified'], at)) : h.text),
    /** What was saved is what is shown, if nobody typed on meanwhile. */
    saved: (text: string) => setH((now) => (now.text === h.text ? edited(now, text, 'saved', Date.now()) : now)),
    undo: () => setH(undone), redo: () => setH(redone),
  };
}
export type Editor = ReturnType<typeof useEditor>;
