import { useEffect, useState } from 'react';
import type { Alert } from '../api/client';
import { number, words } from '../ui/format';
import { Dialog } from '../ui/Dialog';
import { ProblemBox } from '../ui/parts';
import type { Act, Bulk } from './triage';

/** An act on all that fit, before it is done. */
export type Wanted = { act: Act; label: string; count: () => Promise<Bulk>; run: (asOf: string) => void };

/** Says how many alerts would change, and asks. */
export function ConfirmAll({ wanted, close }: { wanted: Wanted | undefined; close: () => void }) {
  const [counted, setCounted] = useState<Bulk>();
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => {
    setCounted(undefined);
    setProblem(undefined);
    let current = true;
    wanted?.count().then((c) => current && setCounted(c), (e: unknown) => current && setProblem(e));
    return () => void (current = false);
  }, [wanted]);
  return (
    <Dialog opened={wanted !== undefined} close={close} title="Act on all that fit the filter">
      {problem ? <ProblemBox problem={problem} /> : null}
      {counted ? (
        <>
          <p>{counted.changed === 0 ? 'No alert would change.' : <><strong>{number(counted.changed)}</strong> {counted.changed === 1 ? 'alert changes' : 'alerts change'}: {wanted?.label.replace(/:$/, '').toLowerCase()}.</>}{' '}
            {Object.entries(counted.skipped).map(([why, n]) => <span key={why} className="muted">{number(n)} stay as they are ({words(why).replaceAll('-', ' ')}). </span>)}
            It can be undone for 15 minutes.</p>
          <div className="row">
            <button type="button" className="btn" data-primary autoFocus disabled={counted.changed === 0} onClick={() => { wanted?.run(counted.as_of); close(); }}>Change {number(counted.changed)}</button>
            <button type="button" className="btn" onClick={close}>Cancel</button>
          </div>
        </>
      ) : problem ? null : <p className="muted" role="status">Counting…</p>}
    </Dialog>
  );
}

/** The tags of the chosen alerts; all of them get what is added. */
export function TagDialog({ alerts, close, change }: { alerts: readonly Alert[] | undefined; close: () => void; change: (add: string[], remove: string[]) => void }) {
  const [text, setText] = useState('');
  useEffect(() => setText(''), [alerts]);
  const shown = [...new Set(alerts?.flatMap((a) => a.tags))].sort();
  const add = text.split(',').map((t) => t.trim().toLowerCase()).filter(Boolean);
  return (
    <Dialog opened={alerts !== undefined} close={close} title={alerts?.length === 1 ? 'Tags' : `Tags of ${alerts?.length ?? 0} alerts`}>
      <form className="row" onSubmit={(e) => { e.preventDefault(); if (add.length > 0) change(add, []); close(); }}>
        <label className="vh" htmlFor="new-tags">New tags</label>
        <input id="new-tags" className="input grow1" data-autofocus value={text} maxLength={200} placeholder="phishing, red team" autoComplete="off" onChange={(e) => setText(e.target.value)} />
        <button type="submit" className="btn" data-primary disabled={add.length === 0}>Add</button>
      </form>
      {shown.length > 0 ? <div className="row wrap">{shown.map((t) => <button type="button" key={t} className="chip" title={`Remove ${t}`} onClick={() => { change([], [t]); close(); }}>{t} ×</button>)}</div> : <p className="muted">No tags yet. Several are separated by commas; they are kept in lower case and can be filtered by.</p>}
    </Dialog>
  );
}
