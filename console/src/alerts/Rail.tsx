import { Suspense, lazy, useState } from 'react';
import { Menu } from '@mantine/core';
import { Dropdown } from '../ui/Dropdown';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Refused, STATUSES, answer, api, type Alert, type AlertDetail, type Entity, type Evidence, type Match, type Verdict } from '../api/client';
import { clause } from '../search/clause';
import { near } from '../search/range';
import { useMay } from '../session/session';
import { EventView, Waiting } from '../ui/EventView';
import { exact, logSource, number, when, words } from '../ui/format';
import { AlertsIcon, CloseIcon, CollapseIcon, ExpandIcon, HiddenIcon, LinkIcon, SearchIcon } from '../ui/icons';
import { CopyButton, Key, Marked, ProblemBox, SeverityLabel, StatusPill } from '../ui/parts';
import { SNOOZES, VERDICTS, type Snooze } from './acts';
import { ICON } from './entity';
import type { EvidenceTab } from './filter';
import { asked, highlight } from './highlight';
import { RuleView } from './RuleView';

const DecisionView = lazy(() => import('../decisions/DecisionView'));
const Alike = lazy(() => import('./Alike'));
const Present = lazy(() => import('../people/Present'));
const Respond = lazy(() => import('../actions/RespondButton'));

type Props = {
  id: string;
  /** The row as the queue shows it: an act is seen at once, before the server has answered. */
  shown: Alert | undefined;
  tab: EvidenceTab;
  onTab: (t: EvidenceTab) => void;
  acts: RailActs;
  undo: () => void;
  shut: () => void;
};

/** What can be done from here; the keys do the same. */
export type RailActs = { take: () => void; close: (v: Verdict, label: string) => void; dismiss: () => void; snooze: (s: Snooze) => void; escalate: () => void; tag: () => void };

export function Rail({ id, shown, tab, onTab, acts, undo, shut }: Props) {
  const detail = useQuery({ queryKey: ['alert', id], queryFn: ({ signal }) => answer(api.GET('/v1/alerts/{id}', { params: { path: { id } }, signal })), staleTime: 30_000 });
  const a = shown ?? detail.data;
  return (
    <aside className="rail" aria-label="Alert" data-alert={id}>
      <div className="railhead">
        <div className="row">
          {a ? <SeverityLabel of={a.severity} /> : null}
          {a ? <StatusPill status={a.status} verdict={a.verdict} /> : null}
          {a?.assignee ? <span className="muted">{a.assignee}</span> : null}
          {a?.synthetic ? <span className="tag" title="Made by the demo, not by a real system">demo</span> : null}
          <span className="grow1" />
          <Suspense><Present key={id} of="alert" id={id} /></Suspense>
          <CopyButton text={`${window.location.origin}/alerts?alert=${id}`} label="Copy a link to this alert" />
          <button type="button" className="icon" aria-label="Close the details" title="Close (Esc)" onClick={shut}><CloseIcon size={17} /></button>
        </div>
        {a ? <h2>{a.title}</h2> : <Waiting />}
        {a ? <div className="row wrap muted"><span className="mono" title={a.time}>{exact(a.time)}</span>{a.count > 1 ? <span title={`First ${exact(a.first_time)}`}>fired {number(a.count)} times since {when(a.first_time)}</span> : null}{a.event_count > 1 ? <span>{number(a.event_count)} events</span> : null}{a.snoozed_until ? <span>until {when(a.snoozed_until)}</span> : null}{a.escalated ? <span className="tag c-high">escalated</span> : null}<InCase id={id} />{a.tags.map((t) => <Link key={t} className="tag" to="/alerts" search={{ tag: t, status: STATUSES.join(',') }} title={`All alerts with the tag ${t}`}>{t}</Link>)}{a.attack.map((t) => <a key={t} className="tag" href={`https://attack.mitre.org/techniques/${t.replace('.', '/')}/`} target="_blank" rel="noreferrer">{t}</a>)}</div> : null}
        {a ? <div className="row wrap railacts"><Acts a={a} acts={acts} undo={undo} /><Suspense><Respond key={id} kind="alert" id={id} title={a.title} entities={a.entities} /></Suspense></div> : null}
      </div>
      <div className="railbody" tabIndex={0} role="region" aria-label="Details of the alert">
        {detail.isError ? <section>{detail.error instanceof Refused && detail.error.status === 404 ? <p>There is no such alert here. It may belong to another tenant.</p> : <ProblemBox problem={detail.error} retry={() => void detail.refetch()} />}</section> : null}
        {detail.data && a?.verdict ? <Suspense><Alike key={id} id={id} verdict={a.verdict} /></Suspense> : null}
        {detail.data ? <Body d={detail.data} tab={tab} onTab={onTab} /> : detail.isPending ? <section><Waiting /></section> : null}
      </div>
    </aside>
  );
}

/** The case that it is in, if it is in one. */
function InCase({ id }: { id: string }) {
  const cases = useQuery({ queryKey: ['cases-of', id], queryFn: ({ signal }) => answer(api.GET('/v1/alerts/{id}/cases', { params: { path: { id } }, signal })), enabled: useMay('cases:read') });
  const [one] = cases.data?.cases ?? [];
  return one ? <Link className="tag" to="/cases/$id" params={{ id: one.id }} search={{ alert: id }} title={one.title}>Case #{one.number}</Link> : null;
}

function Acts({ a, acts, undo }: Pick<Props, 'acts' | 'undo'> & { a: Alert }) {
  if (a.status === 'resolved' || a.status === 'dismissed') return <div className="row"><button type="button" className="btn" onClick={undo}>Reopen <Key k="u" /></button></div>;
  return (
    <div className="row wrap">
      {a.status !== 'in_progress' ? <button type="button" className="btn" data-primary onClick={acts.take}>Take <Key k="a" /></button> : null}
      <Dropdown position="bottom-start" width={230}>
        <Menu.Target><button type="button" className="btn">Close as… <Key k="e" /></button></Menu.Target>
        <Menu.Dropdown>{VERDICTS.map((v) => <Menu.Item key={v.key} rightSection={<Key k={`e ${v.key}`} />} onClick={() => acts.close(v.verdict, v.label)}>{v.label}</Menu.Item>)}<Menu.Item rightSection={<Key k="e d" />} onClick={acts.dismiss}>dismiss, without a verdict</Menu.Item></Menu.Dropdown>
      </Dropdown>
      <Dropdown position="bottom-start" width={230}>
        <Menu.Target><button type="button" className="btn">Snooze… <Key k="s" /></button></Menu.Target>
        <Menu.Dropdown>{SNOOZES.map((s) => <Menu.Item key={s.key} rightSection={<Key k={`s ${s.key}`} />} onClick={() => acts.snooze(s)}>for {s.label}</Menu.Item>)}</Menu.Dropdown>
      </Dropdown>
      <button type="button" className="btn" aria-pressed={a.escalated} onClick={acts.escalate}>{a.escalated ? 'Escalated' : 'Escalate'} <Key k="!" /></button>
      <button type="button" className="btn" onClick={acts.tag}>Tags <Key k="#" /></button>
    </div>
  );
}

function Body({ d, tab, onTab }: { d: AlertDetail; tab: EvidenceTab; onTab: (t: EvidenceTab) => void }) {
  const hide = useMay('suppressions:write') ? d.rule_id : undefined;
  return (
    <>
      <section aria-labelledby="why">
        <h3 className="cap" id="why">Why it fired</h3>
        <p className="why"><Told text={d.narrative} /></p>
      </section>
      <Suspense><DecisionView key={d.id} id={d.id} /></Suspense>
      <section aria-labelledby="matched">
        <h3 className="cap" id="matched">What matched</h3>
        {matchesOf(d).map((m) => <MatchCard key={`${m[0].field}/${m[0].value}`} all={m} hide={hide} />)}
        {matchesOf(d).length === 0 ? <p className="muted">The rule counts events; what it counted is under Evidence.</p> : null}
      </section>
      <section aria-labelledby="entities">
        <h3 className="cap" id="entities">Entities</h3>
        <ul className="ents">{d.entities.toSorted((a, b) => RANK.indexOf(a.type) - RANK.indexOf(b.type)).map((e) => <EntityRow key={e.type + e.value + e.field} e={e} time={d.time} hide={hide} />)}</ul>
        {d.entities.length === 0 ? <p className="muted">The evidence names nobody.</p> : null}
      </section>
      <section aria-labelledby="evidence">
        <h3 className="cap" id="evidence">Evidence<span className="muted">{d.event_count > d.evidence.length ? `${d.evidence.length} of ${number(d.event_count)} events` : ''}</span></h3>
        <EvidenceList key={d.id} evidence={d.evidence} tab={tab} onTab={onTab} />
      </section>
      <RuleView d={d} />
      <section aria-labelledby="history">
        <h3 className="cap" id="history">History</h3>
        <ul className="hist">{d.history.map((h, i) => <li key={i}><div>{words(h.action)} <span className="muted">by {h.actor}</span></div>{h.detail ? <div>{h.detail}</div> : null}<div className="muted mono">{exact(h.at)}</div></li>)}</ul>
      </section>
      <section><dl className="kv"><dt>Alert</dt><dd className="mono">{d.id}</dd><dt>Raised</dt><dd className="mono">{exact(d.created_at)}</dd>{d.log_source ? <><dt>Log source</dt><dd>{logSource(d.log_source)}</dd></> : null}</dl></section>
    </>
  );
}

/** The narrative; what it quotes from the event stands between backticks. */
const Told = ({ text }: { text: string }) => text.split('`').map((part, i) => (i % 2 ? <code key={i}>{part}</code> : <span key={i}>{part}</span>));

/** Each match once, however many events have it; those of one value together. */
function matchesOf(d: AlertDetail): [Match, ...Match[]][] {
  const seen = new Set<string>();
  const of = new Map<string, [Match, ...Match[]]>();
  for (const m of d.evidence.flatMap((e) => e.matches)) {
    const same = `${m.selection}\n${m.field}\n${m.value}\n${m.pattern}`;
    if (seen.has(same)) continue;
    seen.add(same);
    const together = of.get(`${m.field}\n${m.value}`);
    if (together) together.push(m);
    else of.set(`${m.field}\n${m.value}`, [m]);
  }
  return [...of.values()].slice(0, 24);
}

function MatchCard({ all, hide }: { all: [Match, ...Match[]]; hide: string | undefined }) {
  const [{ field, value }] = all;
  const selections = [...new Set(all.flatMap((m) => m.selection ?? []))];
  return (
    <div className="match" data-testid="match">
      <div className="f"><span className="mono grow1">{field === '*' ? 'anywhere in the event' : field}</span>{selections.map((x) => <span key={x} className="tag" title="The rule's selection">{x}</span>)}{hide && field !== '*' ? <Link className="icon" to="/suppressions" search={{ make: true, rule: hide, q: clause(field, value, true) }} aria-label={`Hide such alerts where ${field} is this`} title="Hide such alerts with this value"><HiddenIcon size={15} /></Link> : null}</div>
      <div className="v" tabIndex={value.length > 400 ? 0 : undefined}><Marked parts={highlight(value, ...all.map((m) => m.pattern))} /></div>
      {all.map((m) => (m.pattern ? <LooksFor key={m.selection + m.pattern} pattern={m.pattern} /> : null))}
    </div>
  );
}

const HOW: Record<string, string> = { contains: 'contains', startswith: 'starts with', endswith: 'ends with', re: 'matches', cidr: 'is in', exists: 'exists', lt: 'is below', lte: 'is at most', gt: 'is above', gte: 'is at least' };

/** The pattern in the rule's own names; a pattern without a field is shown as it is written. */
function LooksFor({ pattern }: { pattern: string }) {
  const { field, how, value } = asked(pattern);
  if (field === '') return <div className="p">rule looks for <span className="mono">{pattern}</span></div>;
  const verb = how.find((h) => HOW[h]);
  const more = how.filter((h) => h !== verb && h !== 'all');
  return <div className="p">rule: <span className="mono">{field}</span> {verb ? HOW[verb] : 'is'} <span className="mono lit">{value}</span>{more.length > 0 ? ` (${more.join(', ')})` : ''}</div>;
}

const RANK: readonly Entity['type'][] = ['host', 'container', 'account', 'user', 'email', 'ip', 'domain', 'url', 'process', 'file', 'hash'];

function EntityRow({ e, time, hide }: { e: Entity; time: string; hide: string | undefined }) {
  const Icon = ICON[e.type];
  const known = useMay('risk:read');
  return (
    <li className="ent">
      <Icon size={15} aria-hidden /><span className="t">{e.type}</span>{known ? <Link className="mono" to="/entities/$type/$value" params={{ type: e.type, value: e.value }} title={`What is known of this ${e.type}`}>{e.value}</Link> : <span className="mono">{e.value}</span>}
      <Link className="icon" to="/search" search={{ q: clause(e.field, e.value, true), ...near(time) }} aria-label={`Search events of ${e.type} ${e.value}`} title="Its events"><SearchIcon size={15} /></Link>
      <Link className="icon" to="/alerts" search={{ entity: e.value, status: STATUSES.join(',') }} aria-label={`All alerts that name ${e.value}`} title="Its alerts"><AlertsIcon size={15} /></Link>
      {hide ? <Link className="icon" to="/suppressions" search={{ make: true, rule: hide, entity: e.value }} aria-label={`Hide such alerts about ${e.value}`} title="Hide such alerts about it"><HiddenIcon size={15} /></Link> : null}
      <CopyButton text={e.value} label={`Copy ${e.value}`} />
    </li>
  );
}

function EvidenceList({ evidence, tab, onTab }: { evidence: readonly Evidence[]; tab: EvidenceTab; onTab: (t: EvidenceTab) => void }) {
  const [open, setOpen] = useState<string | undefined>(evidence[0]?.event_id);
  if (evidence.length === 0) return <p className="muted">No event is kept with this alert.</p>;
  return evidence.map((e, i) => (
    <div className="evid" key={e.event_id}>
      <button type="button" aria-expanded={open === e.event_id} onClick={() => setOpen(open === e.event_id ? undefined : e.event_id)}>
        {open === e.event_id ? <CollapseIcon size={15} /> : <ExpandIcon size={15} />}Event {i + 1}<span className="mono muted">{when(e.time)}</span>
        <span className="grow1" /><span className="muted">{e.matches.length === 0 ? '' : e.matches.length === 1 ? '1 match' : `${e.matches.length} matches`}</span>
      </button>
      {open === e.event_id ? <div className="in"><EventView id={e.event_id} matches={e.matches} tab={tab} onTab={onTab} /><p style={{ marginTop: 8 }}><Link className="btn" to="/search" search={around(e.time, e.event_id)}><LinkIcon size={14} />Events around it</Link></p></div> : null}
    </div>
  ));
}

const AROUND_MS = 5 * 60_000;
const around = (time: string, event: string) => ({ from: new Date(Date.parse(time) - AROUND_MS).toISOString(), to: new Date(Date.parse(time) + AROUND_MS).toISOString(), event });
