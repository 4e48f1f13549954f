import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { STATUSES, answer, api } from '../api/client';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { number, when, words } from '../ui/format';
import { ProblemBox, SeverityLabel } from '../ui/parts';
import { said } from '../ui/toast';
import { LENGTHS, again, create, preview, question, type Preview, type Suppression } from './suppressions';
import type { SuppressionSearch } from './search';

type Props = { opened: boolean; close: () => void; of: Suppression | SuppressionSearch; saved: (s: Suppression) => void };
const exists = (of: Props['of']): of is Suppression => 'hits' in of;

/** Hides alerts to come: which, why and for how long; what it would have hidden stands beside it before it is saved. */
export function SuppressionForm({ opened, close, of, saved }: Props) {
  return <Dialog opened={opened} close={close} firm title={exists(of) ? 'Change what is hidden' : 'Hide such alerts'}>{opened ? <Form close={close} of={of} saved={saved} /> : null}</Dialog>;
}

function Form({ close, of, saved }: Omit<Props, 'opened'>) {
  const client = useQueryClient();
  const before = exists(of) ? of : undefined;
  const begun = exists(of) ? { rules: of.rules.join(', '), query: of.query, entity: of.entity ?? '' } : { rules: of.rule ?? '', query: of.q ?? '', entity: of.entity ?? '' };
  const [asked, setAsked] = useState(question(begun.rules, begun.query, begun.entity));
  const shown = useQuery({ queryKey: ['suppression-preview', asked], queryFn: ({ signal }) => preview(asked!, signal), enabled: asked !== undefined, retry: false, staleTime: 30_000 });
  const read = (form: HTMLFormElement) => {
    const f = new FormData(form);
    return question(String(f.get('rules')), String(f.get('query')), String(f.get('entity')));
  };
  const save = useMutation({
    mutationFn: (f: FormData) => {
      const ms = Number(f.get('length'));
      const expires_at = before && ms === 0 ? before.expires_at : new Date(Date.now() + ms).toISOString();
      const body = { ...asked, reason: String(f.get('reason')).trim(), expires_at };
      return before
        ? answer(api.PUT('/v1/suppressions/{id}', { params: { path: { id: before.id } }, body: { ...body, starts_at: before.starts_at, version: before.version } }))
        : create(body);
    },
    onSuccess: async (s) => {
      await again(client);
      close();
      said(before ? 'Changed' : 'From now on such alerts are hidden and counted');
      saved(s);
    },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const now = read(e.currentTarget);
    if (JSON.stringify(now) !== JSON.stringify(asked)) setAsked(now); // what it would have hidden is seen first
    else if (now && shown.data) save.mutate(new FormData(e.currentTarget));
  };
  return (
    <form className="form" onSubmit={submit} onBlur={(e) => setAsked(read(e.currentTarget))}>
      <div className="two">
        <label><span>Rules <span className="muted">(ids; empty: any)</span></span><input className="input mono" name="rules" maxLength={6600} autoComplete="off" defaultValue={begun.rules} /></label>
        <label><span>Names <span className="muted">(a host, user, address…)</span></span><input className="input mono" name="entity" maxLength={512} autoComplete="off" defaultValue={begun.entity} /></label>
      </div>
      <label><span>Events that fit <span className="muted">(as in the search bar; empty: any)</span></span><input className="input mono" name="query" maxLength={16_384} autoComplete="off" spellCheck={false} defaultValue={begun.query} placeholder="process.cmd_line contains 'backup.ps1'" /></label>
      <div className="two">
        <label>Why<input className="input" name="reason" required maxLength={2000} autoComplete="off" defaultValue={before?.reason} data-autofocus placeholder="The backup script; asked Ops on Monday" /></label>
        <label>For<select className="input" name="length" defaultValue={before ? 0 : LENGTHS[2].ms}>{before ? <option value={0}>until {when(before.expires_at)}, as it is</option> : null}{LENGTHS.map((l) => <option key={l.ms} value={l.ms}>{l.label}</option>)}</select></label>
      </div>
      <section aria-label="What it would have hidden" aria-live="polite">
        {!asked ? <p className="muted">Say which: by rule, by what the alert names, or by what its events are.</p> : shown.isError ? <ProblemBox problem={shown.error} /> : shown.data ? <Shown p={shown.data} filters={asked.query !== undefined} /> : <Waiting />}
      </section>
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending || !asked || !shown.data}>{before ? 'Change it' : 'Hide them'}</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}

/** What it would have hidden, and what one would have missed. */
function Shown({ p, filters }: { p: Preview; filters: boolean }) {
  const missed = p.rules.reduce((n, r) => n + r.true_positives, 0);
  return (
    <>
      <p><strong>{number(p.hidden)}</strong> {p.hidden === 1 ? 'alert' : 'alerts'} of the last {p.days} days would have been hidden.{missed > 0 ? <> <strong className="c-critical">{number(missed)} of them {missed === 1 ? 'was' : 'were'} closed as true positive.</strong></> : null}
        {filters && p.candidates > p.looked_at ? <span className="muted"> Of {number(p.candidates)} that rule and name fit, the newest {number(p.looked_at)} were looked at.</span> : null}
        {p.gone > 0 ? <span className="muted"> Of {number(p.gone)} there is no event any more.</span> : null}</p>
      {p.rules.length > 0 ? <ul className="hist">{p.rules.slice(0, 5).map((r) => <li key={r.rule_id} className="row"><span className="grow1">{r.title}</span><span className="mono">{number(r.alerts)} {r.alerts === 1 ? 'alert' : 'alerts'}{r.firings > r.alerts ? `, ${number(r.firings)} firings` : ''}</span></li>)}</ul> : null}
      {p.examples.length > 0 ? <ul className="hist" aria-label="Examples">{p.examples.slice(0, 4).map((e) => <li key={e.id} className="row"><SeverityLabel of={e.severity} /><Link className="grow1" to="/alerts" search={{ alert: e.id, status: STATUSES.join(',') }} target="_blank">{e.title}</Link><span className="muted">{words(e.status)}</span><span className="mono muted">{when(e.time)}</span></li>)}</ul> : null}
    </>
  );
}
