import { useEffect, useRef, useSyncExternalStore } from 'react';

/** One act of a screen. `keys` are alternatives; a sequence is written with a space, "e b". The help shows this very table. */
export type Binding = { keys: string[]; label: string; group: string; run: (e: KeyboardEvent) => void; hidden?: boolean };
type Scope = { current: Binding[] };

const SEQUENCE_MS = 1500;
const scopes: Scope[] = [];
let pending = '';
let timer = 0;
const listeners = new Set<() => void>();
const tell = () => listeners.forEach((l) => l());

const OWN_KEYS = '[role=menu],[role=listbox],[role=dialog]';
const OWN_ARROWS = '[role=tablist],[role=separator],[role=slider]';
const typing = (t: Element) => (t instanceof HTMLElement && t.isContentEditable) || (/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) && (t as HTMLInputElement).type !== 'checkbox');

/** True where the focused element wants the key for itself. */
function taken(e: KeyboardEvent): boolean {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey) return true;
  if (document.querySelector('[aria-modal=true]')) return true;
  const t = e.target;
  if (!(t instanceof Element)) return false;
  if (typing(t) || t.closest(OWN_KEYS)) return true;
  const pressed = e.key === 'Enter' || e.key === ' ';
  return (pressed && t.closest('button,a,summary,label,input') !== null) || (/^(Arrow|Home|End)/.test(e.key) && t.closest(OWN_ARROWS) !== null);
}

function setPending(next: string) {
  window.clearTimeout(timer);
  if (next) timer = window.setTimeout(() => setPending(''), SEQUENCE_MS);
  if (pending !== next) {
    pending = next;
    tell();
  }
}

const bindings = () => scopes.flatMap((s) => s.current);
const find = (key: string) => bindings().findLast((b) => b.keys.includes(key));
const starts = (prefix: string) => bindings().some((b) => b.keys.some((k) => k.startsWith(`${prefix} `)));

function onKey(e: KeyboardEvent) {
  if (e.key === 'Shift' || taken(e)) return;
  const before = pending;
  for (const key of before ? [`${before} ${e.key}`, e.key] : [e.key]) {
    const hit = find(key);
    if (hit) {
      e.preventDefault();
      setPending('');
      hit.run(e);
      return;
    }
    if (starts(key)) {
      e.preventDefault();
      setPending(key);
      return;
    }
  }
  setPending('');
}

/** Binds the keys of a screen while it is shown. */
export function useKeys(map: Binding[]) {
  const scope = useRef(map);
  scope.current = map;
  useEffect(() => {
    if (scopes.length === 0) window.addEventListener('keydown', onKey);
    scopes.push(scope);
    return () => {
      scopes.splice(scopes.indexOf(scope), 1);
      if (scopes.length === 0) window.removeEventListener('keydown', onKey);
    };
  }, []);
}

/** The keys that work now, in groups, for the help. */
export function shownKeys(): [string, Binding[]][] {
  const groups = new Map<string, Binding[]>();
  for (const b of bindings()) if (!b.hidden) groups.set(b.group, [...(groups.get(b.group) ?? []), b]);
  return [...groups];
}

/** The first key of a sequence that was begun, and what may follow. */
export function usePending(): { prefix: string; next: { key: string; label: string }[] } | undefined {
  const prefix = useSyncExternalStore(
    (l) => (listeners.add(l), () => void listeners.delete(l)),
    () => pending,
  );
  if (!prefix) return undefined;
  const next = bindings().flatMap((b) => b.keys.filter((k) => k.startsWith(`${prefix} `)).map((k) => ({ key: k.slice(prefix.length + 1), label: b.label })));
  return { prefix, next };
}
