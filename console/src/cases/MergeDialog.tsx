import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { ProblemBox, SeverityLabel } from '../ui/parts';
import { pageOf, relatedTo, type Case, type CaseDetail } from './cases';

type Props = { opened: boolean; close: () => void; d: CaseDetail; merge: (other: string) => void };

/** Which case becomes part of this one: similar ones first. */
export function MergeDialog({ opened, close, d, merge }: Props) {
  return <Dialog opened={opened} close={close} title={`Merge into #${d.number}`}>{opened ? <Choice d={d} close={close} merge={merge} /> : null}</Dialog>;
}

function Choice({ d, close, merge }: Omit<Props, 'opened'>) {
  const related = useQuery(relatedTo(d.id));
  const page = useQuery(pageOf({}));
  const [words, setWords] = useState('');
  const similar = new Map(related.data?.related.map((r) => [r.case.id, r.shared]) ?? []);
  const known = [...(related.data?.related.map((r) => r.case) ?? []), ...(page.data?.cases ?? []).filter((c) => !similar.has(c.id))];
  const fits = (c: Case) => c.id !== d.id && c.merged_into === null && `#${c.number} ${c.title}`.toLowerCase().includes(words.trim().toLowerCase());
  const shown = known.filter(fits).slice(0, 12);
  return (
    <div className="form">
      <p className="muted">Its alerts come into this case, its history stays where it is, and undo puts everything back.</p>
      <label>Case<input className="input" value={words} onChange={(e) => setWords(e.currentTarget.value)} autoComplete="off" data-autofocus placeholder="Number or words of the title" /></label>
      {page.isError ? <ProblemBox problem={page.error} /> : page.isPending || related.isPending ? <Waiting /> : null}
      <ul className="mergelist">{shown.map((c) => <li key={c.id}><button type="button" onClick={() => { merge(c.id); close(); }}><SeverityLabel of={c.severity} /><span className="mono">#{c.number}</span><span className="grow1">{c.title}</span><span className="muted">{similar.has(c.id) ? 'similar' : ''}</span></button></li>)}</ul>
      {page.data && shown.length === 0 ? <p className="muted">No other case fits.</p> : null}
    </div>
  );
}
