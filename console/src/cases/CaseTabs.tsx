import '../risk/risk.css';
import './cases.css';
import { useEffect, useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { STATUSES } from '../api/client';
import { BEARERS } from '../risk/address';
import { Connected } from '../risk/LinkGraph';
import { clause } from '../search/clause';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { usePresent, nameOf, writes } from '../people/present';
import { actor, bytes, exact, number, when, words } from '../ui/format';
import { CheckIcon, SearchIcon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox, SeverityLabel, StatusPill } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { CasePill } from './parts';
import { blocks, type Run } from './document';
import { acts, base64, evidenceOf, named, relatedTo, save, timeline, type CaseDetail } from './cases';

type Of = { d: CaseDetail; may: boolean };

export function Timeline({ d }: { d: CaseDetail }) {
  return (
    <ul className="hist casepad">{timeline(d).map((m, i) => (
      <li key={i}>
        <div className="row wrap">{m.severity ? <SeverityLabel of={m.severity} /> : null}{m.alert ? <Link to="/alerts" search={{ alert: m.alert, status: STATUSES.join(',') }}>{m.what}</Link> : <strong>{m.what}</strong>}{m.by ? <span className="muted">by {actor(m.by)}</span> : null}</div>
        {m.detail ? <div>{m.detail}</div> : null}
        <div className="muted mono">{exact(m.at)}</div>
      </li>
    ))}</ul>
  );
}

/** The alerts with why each is in; marked ones are split off or taken out. */
export function AlertsTab({ d, may, chosen, choose, marked, mark, split, out }: Of & { chosen: string | undefined; choose: (id: string) => void; marked: ReadonlySet<string>; mark: (id: string) => void; split: () => void; out: () => void }) {
  return (
    <div className="casepad">
      {may ? <div className="row wrap caseacts"><button type="button" className="btn" disabled={marked.size === 0 || marked.size >= d.alerts.length} onClick={split}>Split off <Key k="p" /></button><button type="button" className="btn" disabled={marked.size === 0} onClick={out}>Take out <Key k="t" /></button><span className="muted" role="status">{marked.size > 0 ? `${marked.size} marked` : 'Mark alerts to make a case of them, or to take them out'}</span></div> : null}
      <div className="scrollx" tabIndex={0} role="region" aria-label="Table of alerts">
        <table className="tbl">
          <thead><tr>{may ? <th scope="col"><span className="vh">Mark</span></th> : null}<th scope="col">Time</th><th scope="col">Severity</th><th scope="col">Alert</th><th scope="col">State</th><th scope="col">Why it is in</th><th scope="col">Put in</th></tr></thead>
          <tbody>{d.alerts.map(({ alert, why, linked_at, linked_by }) => (
            <tr key={alert.id} id={`row-${alert.id}`} aria-current={alert.id === chosen || undefined} onClick={() => choose(alert.id)}>
              {may ? <td><input type="checkbox" aria-label={`Mark ${alert.title}`} checked={marked.has(alert.id)} onChange={() => mark(alert.id)} /></td> : null}
              <td className="mono nowrap">{when(alert.first_time)}</td><td className="nowrap"><SeverityLabel of={alert.severity} /></td>
              <td><Link to="/alerts" search={{ alert: alert.id, status: STATUSES.join(',') }}>{alert.title}</Link></td>
              <td className="nowrap"><StatusPill status={alert.status} verdict={alert.verdict} /></td>
              <td className="said">{why}</td><td className="nowrap muted" title={exact(linked_at)}>{actor(linked_by)}, {when(linked_at)}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
    </div>
  );
}

export function Evidence({ d, may }: Of) {
  const client = useQueryClient();
  const kept = useQuery(evidenceOf(d.id));
  const check = useMutation({ mutationFn: () => acts.verify(d.id), onError: (e) => failed('Not checked', e.message) });
  const again = () => client.invalidateQueries({ queryKey: ['case-evidence', d.id] });
  const add = useMutation({
    mutationFn: async (f: { file: File; note: string }) => acts.prove(d.id, { name: f.file.name, media_type: f.file.type || 'application/octet-stream', note: f.note, content: await base64(f.file) }),
    onSuccess: () => { said('Taken in'); check.reset(); void again(); },
  });
  const give = useMutation({
    mutationFn: () => acts.give(d.id, ''),
    onSuccess: (m) => { save(`evidence-${d.number}.json`, JSON.stringify(m, null, 2), 'application/json'); said('Given out; that is an entry, too'); void again(); },
    onError: (e) => failed('Not exported', e.message),
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = e.currentTarget;
    const f = new FormData(form);
    const file = f.get('file');
    if (file instanceof File && file.size > 0) add.mutate({ file, note: String(f.get('note')) }, { onSuccess: () => form.reset() });
  };
  const entries = kept.data?.entries ?? [];
  return (
    <div className="casepad casecol">
      <div className="row wrap caseacts">
        <button type="button" className="btn" onClick={() => check.mutate()} disabled={check.isPending}>Verify the chain</button>
        {may ? <button type="button" className="btn" onClick={() => give.mutate()} disabled={give.isPending || entries.length === 0}>Export all</button> : null}
        <span role="status">{check.data ? check.data.ok ? <span className="pill c-ok"><CheckIcon size={13} />chain whole, {number(check.data.entries)} {check.data.entries === 1 ? 'entry' : 'entries'}</span> : <strong className="c-bad">Entry {check.data.first_bad}: {check.data.reason}</strong> : null}</span>
      </div>
      {kept.isError ? <ProblemBox problem={kept.error} retry={() => void kept.refetch()} /> : kept.isPending ? <Waiting /> : null}
      {kept.data && entries.length === 0 ? <p className="muted">Nothing has been taken in. Each file is chained to the one before with its time and who took it in, so that a change of any byte is found.</p> : null}
      {entries.length > 0 ? (
        <div className="scrollx" tabIndex={0} role="region" aria-label="Table of evidence">
          <table className="tbl"><thead><tr><th scope="col" className="num">Entry</th><th scope="col">What</th><th scope="col">By</th><th scope="col">When</th><th scope="col" className="num">Size</th><th scope="col">SHA-256</th></tr></thead>
            <tbody>{entries.map((e) => <tr key={e.seq}><td className="num">{e.seq}</td><td className="said">{e.action === 'added' ? <strong>{e.name}</strong> : words(e.action)}{e.note ? <div className="muted">{e.note}</div> : null}</td><td className="nowrap">{e.actor_name}</td><td className="nowrap mono">{when(e.at)}</td><td className="num nowrap">{e.action === 'added' ? bytes(e.size) : ''}</td><td className="mono" title={e.sha256}>{e.action === 'added' ? `${e.sha256.slice(0, 16)}…` : ''}</td></tr>)}</tbody></table>
        </div>
      ) : null}
      {may ? (
        <form className="form" onSubmit={submit} aria-label="Take evidence in">
          <div className="two"><label><span>File <span className="muted">(at most 2 MiB)</span></span><input className="input" type="file" name="file" required /></label><label>Note<input className="input" name="note" maxLength={2000} autoComplete="off" placeholder="From where, and how" /></label></div>
          {add.isError ? <ProblemBox problem={add.error} /> : null}
          <div className="row"><button type="submit" className="btn" disabled={add.isPending}>Take it in</button></div>
        </form>
      ) : null}
    </div>
  );
}

/** What an attack on one of them reaches: chosen among those that bear risk, whom most alerts name first. */
function Reach({ d }: { d: CaseDetail }) {
  const all = named(d.alerts).filter((n) => (BEARERS as readonly string[]).includes(n.type));
  const [picked, setPicked] = useState(0);
  const [hops, setHops] = useState<1 | 2>(1);
  const one = all[Math.min(picked, all.length - 1)];
  if (!one) return null;
  return (
    <section aria-labelledby="reach">
      <h2 className="cap" id="reach">Attack path and blast radius</h2>
      <p className="row wrap"><label className="row">Of<select className="input mono" value={picked} onChange={(e) => setPicked(Number(e.currentTarget.value))}>{all.map((n, i) => <option key={n.type + n.value} value={i}>{n.type} {n.value}</option>)}</select></label><Link className="btn" to="/entities/$type/$value" params={{ type: one.type, value: one.value }}>All that is known of it</Link></p>
      <div className="entity"><Connected key={one.type + one.value} type={one.type} value={one.value} hops={hops} setHops={setHops} /></div>
    </section>
  );
}

export function Entities({ d }: { d: CaseDetail }) {
  const risk = useMay('risk:read');
  const related = useQuery(relatedTo(d.id));
  return (
    <div className="casepad casecol">
      <section aria-labelledby="who"><h2 className="cap" id="who">Who and what it is about</h2>
        <ul className="ents">{named(d.alerts).map((n) => <li className="ent" key={n.type + n.value}><span className="t">{n.type}</span>{risk ? <Link className="mono" to="/entities/$type/$value" params={{ type: n.type, value: n.value }}>{n.value}</Link> : <span className="mono">{n.value}</span>}<span className="muted">{n.alerts.length === 1 ? '1 alert' : `${n.alerts.length} alerts`}</span><Link className="icon" to="/search" search={{ q: clause(n.field, n.value, true), last: '7d' }} aria-label={`Search events of ${n.type} ${n.value}`} title="Its events"><SearchIcon size={15} /></Link></li>)}</ul>
        {d.observables.length > 0 ? <><h2 className="cap">Added by people</h2><ul className="ents">{d.observables.map((o) => <li className="ent" key={o.type + o.value}><span className="t">{o.type}</span><span className="mono">{o.value}</span><span className="muted">{o.note} ({o.by})</span></li>)}</ul></> : null}
      </section>
      {risk ? <Reach d={d} /> : null}
      <section aria-labelledby="similar"><h2 className="cap" id="similar">Similar cases</h2>
        {related.isError ? <ProblemBox problem={related.error} retry={() => void related.refetch()} /> : related.isPending ? <Waiting /> : null}
        {related.data?.related.length === 0 ? <p className="muted">No other case names any of this.</p> : null}
        <ul className="ents">{related.data?.related.map((r) => <li className="ent" key={r.case.id}><CasePill status={r.case.status} /><Link to="/cases/$id" params={{ id: r.case.id }}>#{r.case.number} {r.case.title}</Link><span className="mono muted">{r.shared.slice(0, 4).map((s) => s.slice(s.indexOf(':') + 1)).join(', ')}</span></li>)}</ul>
      </section>
    </div>
  );
}

const inline = (runs: readonly Run[]) => runs.map((r, i) => (r.strong ? <strong key={i}>{r.text}</strong> : <span key={i}>{r.text}</span>));

/** The report as it is printed. */
function Document({ of }: { of: string }) {
  return (
    <article className="casereport" tabIndex={0} aria-label="Report">
      {blocks(of).map((b, i) => {
        switch (b.kind) {
          case 'h1': return <h2 key={i} className="doctitle">{inline(b.runs)}</h2>;
          case 'h2': return <h3 key={i}>{inline(b.runs)}</h3>;
          case 'p': return <p key={i}>{inline(b.runs)}</p>;
          case 'list': return <ul key={i}>{b.items.map((item, n) => <li key={n} data-depth={item.depth}>{item.done === undefined ? null : item.done ? '☑ ' : '☐ '}{inline(item.runs)}</li>)}</ul>;
        }
      })}
    </article>
  );
}

const OBSERVABLE = ['host', 'user', 'ip', 'domain', 'hash', 'url', 'email', 'process', 'file', 'container', 'account'] as const;

export function Notes({ d, may, changed }: Of & { changed: () => void }) {
  const did = { onSuccess: changed, onError: (e: Error) => failed('Not saved', e.message) };
  const comment = useMutation({ mutationFn: (text: string) => acts.comment(d.id, text), ...did });
  const task = useMutation({ mutationFn: (title: string) => acts.task(d.id, title), ...did });
  const done = useMutation({ mutationFn: (t: { id: string; done: boolean }) => acts.done(d.id, t.id, t.done), ...did });
  const observable = useMutation({ mutationFn: (b: Parameters<typeof acts.observable>[1]) => acts.observable(d.id, b), ...did });
  const send = (run: (f: FormData) => void) => (e: FormEvent<HTMLFormElement>) => { e.preventDefault(); run(new FormData(e.currentTarget)); e.currentTarget.reset(); };
  const notes = d.history.filter((h) => h.action === 'commented');
  const writing = usePresent('case', d.id).filter((p) => p.state === 'writing');
  return (
    <div className="casepad casecol">
      <section aria-labelledby="tasks"><h2 className="cap" id="tasks">Tasks</h2>
        {d.tasks.length === 0 ? <p className="muted">Nothing has to be done.</p> : null}
        <ul className="casetasks">{d.tasks.map((t) => <li key={t.id}><label><input type="checkbox" checked={t.done_at !== null} disabled={!may || done.isPending} onChange={(e) => done.mutate({ id: t.id, done: e.currentTarget.checked })} /> <span data-done={t.done_at !== null}>{t.title}</span></label>{t.done_by ? <span className="muted">{t.done_by}, {when(t.done_at ?? '')}</span> : t.assignee ? <span className="muted">{t.assignee}</span> : null}</li>)}</ul>
        {may ? <form className="row" onSubmit={send((f) => task.mutate(String(f.get('title'))))}><input className="input grow1" name="title" required maxLength={512} autoComplete="off" aria-label="Task" placeholder="Ask the user whether it was her" /><button type="submit" className="btn">Add the task</button></form> : null}
      </section>
      <section aria-labelledby="notes"><h2 className="cap" id="notes">Notes</h2>
        <ul className="hist">{notes.map((h) => <li key={h.seq}><div className="notetext">{h.detail}</div><div className="muted">{h.actor}, <span className="mono">{exact(h.at)}</span></div></li>)}</ul>
        {may ? <form className="form" onSubmit={send((f) => comment.mutate(String(f.get('comment'))))}><label><span>Note <span className="muted">(@name tells that person)</span></span><textarea className="input" name="comment" rows={3} required maxLength={4000} onChange={(e) => writes('case', d.id, e.currentTarget.value !== '')} onBlur={() => writes('case', d.id, false)} /></label><p className="c-warn" role="status">{writing.length > 0 ? `${writing.map(nameOf).join(', ')} ${writing.length === 1 ? 'is' : 'are'} writing a note, too` : ''}</p><div className="row"><button type="submit" className="btn">Add the note</button></div></form> : null}
      </section>
      {may ? (
        <section aria-labelledby="more"><h2 className="cap" id="more">Something that no alert names</h2>
          <form className="row wrap" onSubmit={send((f) => observable.mutate({ type: String(f.get('type')) as (typeof OBSERVABLE)[number], value: String(f.get('value')), note: String(f.get('note')) }))}><select className="input" name="type" aria-label="Kind">{OBSERVABLE.map((o) => <option key={o}>{o}</option>)}</select><input className="input mono grow1" name="value" required maxLength={512} autoComplete="off" aria-label="Value" placeholder="203.0.113.7" /><input className="input grow1" name="note" maxLength={4000} autoComplete="off" aria-label="Why it matters" placeholder="Why it matters" /><button type="submit" className="btn">Add it</button></form>
        </section>
      ) : null}
    </div>
  );
}

/** Paper gets the case's name as that of the file. */
function print(d: CaseDetail) {
  const title = document.title;
  document.title = `case-${d.number}`;
  window.print();
  document.title = title;
}

/** @param asked how often somebody wanted it printed, whichever tab was shown */
export function Report({ d, asked }: { d: CaseDetail; asked: number }) {
  const [shown] = useState(d.version);
  const [printed, setPrinted] = useState(0);
  const report = useQuery({ queryKey: ['case-report', d.id, shown], queryFn: () => acts.report(d.id) });
  const ready = report.data !== undefined && asked > printed;
  useEffect(() => { if (ready) { setPrinted(asked); print(d); } }, [ready, asked, d]);
  const keep = () => { if (report.data) save(`case-${d.number}.md`, report.data, 'text/markdown'); };
  useKeys([{ keys: ['M'], label: 'Download as Markdown', group: 'Case', run: keep }]);
  return (
    <div className="casepad casecol">
      <div className="row wrap caseacts noprint"><button type="button" className="btn" data-primary disabled={!report.data} onClick={keep}>Download Markdown <Key k="M" /></button><button type="button" className="btn" disabled={!report.data} onClick={() => print(d)}>Print or save as PDF <Key k="P" /></button></div>
      {report.isError ? <ProblemBox problem={report.error} retry={() => void report.refetch()} /> : report.data === undefined ? <Waiting /> : <Document of={report.data} />}
    </div>
  );
}
