import { useState, type ReactNode } from 'react';
import type { AlertStatus, Severity } from '../api/client';
import { Refused } from '../api/client';
import type { Part } from '../alerts/highlight';
import { copyText } from './copy';
import { words } from './format';
import { CheckIcon, CopyIcon } from './icons';

/** One key, or a sequence such as "e b". */
export const Key = ({ k }: { k: string }) => <>{k.split(' ').map((one, i) => <kbd className="k" key={i}>{NAMES[one] ?? one}</kbd>)}</>;
const NAMES: Record<string, string> = { Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→', ' ': 'Space', PageDown: 'PgDn', PageUp: 'PgUp' };

export const SeverityLabel = ({ of }: { of: Severity }) => <span className={`sev c-${of}`}><span className="dot" />{of === 'informational' ? 'info' : of}</span>;

export function StatusPill({ status, verdict }: { status: AlertStatus; verdict?: string | null }) {
  const tone = status === 'new' ? 'c-low' : status === 'in_progress' ? 'c-medium' : status === 'resolved' ? 'c-ok' : 'c-informational';
  return <span className={`pill ${tone}`}>{status === 'resolved' && verdict ? words(verdict) : words(status)}</span>;
}

export const Marked = ({ parts }: { parts: readonly Part[] }) => <>{parts.map((p, i) => (p.hit ? <mark key={i}>{p.text}</mark> : <span key={i}>{p.text}</span>))}</>;

export function CopyButton({ text, label, children }: { text: string; label: string; children?: ReactNode }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await copyText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1400);
  };
  return (
    <button type="button" className={children ? 'btn' : 'icon'} aria-label={children ? undefined : label} title={label} onClick={() => void copy()}>
      {done ? <CheckIcon size={15} /> : <CopyIcon size={15} />}
      {children ? (done ? 'Copied' : children) : null}
      <span className="vh" role="status">{done ? 'Copied' : ''}</span>
    </button>
  );
}

export const CopyLine = ({ text, label }: { text: string; label: string }) => (
  <div className="copyline">
    <pre tabIndex={0} aria-label={label}>{text}</pre>
    <CopyButton text={text} label={label}>Copy</CopyButton>
  </div>
);

/** What went wrong in the server's words, and one thing to do about it. */
export function ProblemBox({ problem, retry }: { problem: unknown; retry?: () => void }) {
  const p = problem instanceof Refused ? problem : undefined;
  return (
    <div className="problem" role="alert">
      <strong>{p?.title ?? 'Something went wrong'}</strong>
      <p>{p?.message ?? String(problem)}</p>
      {p?.errors.length ? <ul>{p.errors.map((e) => <li key={e.where + e.reason}><span className="mono">{e.where}</span> {e.reason}</li>)}</ul> : null}
      {p?.requestId ? <p className="muted">Request <span className="mono">{p.requestId}</span></p> : null}
      {retry ? <p><button type="button" className="btn" onClick={retry}>Try again</button></p> : null}
    </div>
  );
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** JSON, indented, with its words in colour. */
export function Json({ value, label }: { value: unknown; label: string }) {
  const text = JSON.stringify(value, null, 2);
  const out: ReactNode[] = [];
  let at = 0;
  for (const m of text.matchAll(TOKEN)) {
    if (m.index > at) out.push(text.slice(at, m.index));
    out.push(<span key={m.index} className={m[2] ? 'j-k' : m[1] ? 'j-s' : 'j-n'}>{m[1] ?? m[0]}</span>);
    if (m[2]) out.push(m[2]);
    at = m.index + m[0].length;
  }
  out.push(text.slice(at));
  return <pre className="code" tabIndex={0} aria-label={label}>{out}</pre>;
}

/** YAML with its keys and comments in colour. */
export function Yaml({ text, label }: { text: string; label: string }) {
  const line = (l: string, i: number) => {
    const m = /^(\s*(?:- )?)([\w.|$ -]+?)(:)(?=\s|$)(.*)$/.exec(l);
    if (/^\s*#/.test(l)) return <span key={i} className="j-c">{l}{'\n'}</span>;
    return m ? <span key={i}>{m[1]}<span className="j-k">{m[2]}</span>{m[3]}{m[4]}{'\n'}</span> : <span key={i}>{l}{'\n'}</span>;
  };
  return <pre className="code" tabIndex={0} aria-label={label}>{text.replace(/\n$/, '').split('\n').map(line)}</pre>;
}

export type Choice<T extends string> = { value: T; label: string };

/** Tabs over one panel; arrows move between them. */
export function TabRow<T extends string>({ label, choices, value, onChange, panel }: { label: string; choices: readonly Choice<T>[]; value: T; onChange: (v: T) => void; panel: string }) {
  const step = (e: React.KeyboardEvent<HTMLDivElement>) => {
    const d = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
    if (d === 0) return;
    e.preventDefault();
    const i = (choices.findIndex((c) => c.value === value) + d + choices.length) % choices.length;
    onChange(choices[i]!.value);
    (e.currentTarget.children[i] as HTMLElement | undefined)?.focus();
  };
  return (
    <div className="seg" role="tablist" aria-label={label} onKeyDown={step}>
      {choices.map((c) => <button type="button" key={c.value} role="tab" id={`${panel}-${c.value}`} aria-controls={panel} aria-selected={c.value === value} tabIndex={c.value === value ? 0 : -1} onClick={() => onChange(c.value)}>{c.label}</button>)}
    </div>
  );
}
