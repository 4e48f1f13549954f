import { useEffect, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import type { MarsadEvent } from '../api/client';
import { clause, combine } from '../search/clause';
import { TablePlot, plottable } from '../search/TablePlot';
import { TimeRange } from '../search/TimeRange';
import { Waiting } from '../ui/EventView';
import { ago, number, when } from '../ui/format';
import { useMay } from '../session/session';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox, TabRow } from '../ui/parts';
import { GROUPS, SHAPES, USUAL, readSearch, type FalcoSearch } from './address';
import { SENSOR_QUERY, alertsOf, at, counts, grouped, named, newest, overTime, sensors, severity, table, type Sensor } from './queries';
import type { Table } from '../search/table';
import { Pie, Treemap } from './Shares';
import { newestOf } from './rules';
import { RulesDialog } from './RulesDialog';

const route = getRouteApi('/falco');
const NEW_MS = 2_000;
const CHARTS_MS = 10_000;
const SENSORS_MS = 30_000;
const LINES = [{ value: 'line', label: 'Lines' }, { value: 'area', label: 'Areas' }] as const;

/** What Falco says, as it comes: over time, by what it is about, the newest, and the sensors themselves. */
export default function FalcoPage() {
  const search = readSearch(route.useSearch());
  const nav = useNavigate({ from: '/falco' });
  const { q, paused } = search;
  const may = useMay('endpoints:manage');
  const by = search.by ?? 'rule';
  const shape = search.as ?? 'bars';
  const time = { last: search.last, from: search.from, to: search.to };
  const key = [q ?? '', search.last ?? USUAL, search.from ?? '', search.to ?? ''];
  const go = (change: Partial<FalcoSearch>, replace = true) => void nav({ search: { ...search, ...change }, replace });
  const group = GROUPS.find((g) => g.value === by)!;
  const narrow = (field: string, value: string) => go({ q: combine(q ?? '', clause(field, value, true)) }, false);
  const every = (ms: number) => ({ refetchInterval: paused ? (false as const) : ms, placeholderData: keepPreviousData });
  const sum = useQuery({ queryKey: ['falco-counts', ...key], queryFn: ({ signal }) => table(counts(q), time, signal), ...every(CHARTS_MS) });
  const line = useQuery({ queryKey: ['falco-time', ...key], queryFn: ({ signal }) => { const s = at(time); return table(overTime(q, s.from, s.to), time, signal); }, ...every(CHARTS_MS) });
  const parts = useQuery({ queryKey: ['falco-group', by, ...key], queryFn: ({ signal }) => table(grouped(q, by), time, signal), ...every(CHARTS_MS) });
  const rows = useQuery({ queryKey: ['falco-newest', ...key], queryFn: ({ signal }) => newest(q, time, signal), ...every(NEW_MS) });
  const events = rows.data?.events ?? [];
  useKeys([
    { keys: ['p'], label: paused ? 'Go on' : 'Pause', group: 'Falco', run: () => go({ paused: paused ? undefined : true }) },
    ...(may ? [{ keys: ['e'], label: 'Rules of Falco', group: 'Falco', run: () => go({ rules: true }) }] : []),
    { keys: ['/'], label: 'Narrow the alerts', group: 'Falco', run: () => document.getElementById('falco-q')?.focus() },
    { keys: ['j', 'ArrowDown'], label: 'Next alert', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous alert', group: 'Move', run: () => move(-1) },
  ]);
  const nothing = rows.data && events.length === 0 && !q;
  return (
    <div className="falco" tabIndex={0} role="region" aria-label="Falco">
      <header className="fhead">
        <h1>Falco</h1>
        <Filter q={q ?? ''} onChange={(next) => go({ q: next || undefined }, false)} />
        <TimeRange search={time} usual={USUAL} onChange={(c) => go(c, false)} />
        <button type="button" className="btn" aria-pressed={paused === true} onClick={() => go({ paused: paused ? undefined : true })}>{paused ? 'Go on' : 'Pause'} <Key k="p" /></button>
        {may ? <button type="button" className="btn" onClick={() => go({ rules: true })}>Rules <Key k="e" /></button> : null}
      </header>
      {rows.isError ? <div className="pad"><ProblemBox problem={rows.error} retry={() => void rows.refetch()} /></div> : null}
      {nothing ? <Nothing /> : null}
      <Counts t={sum.data} />
      <div className="fgrid">
        <section className="fbox" aria-label="Alerts over time">
          <div className="row"><h2 className="cap grow1">Over time, by severity</h2><TabRow label="How to draw it" choices={LINES} value={search.area ? 'area' : 'line'} onChange={(v) => go({ area: v === 'area' ? true : undefined })} panel="falco-time" /></div>
          <div id="falco-time" role="tabpanel" aria-labelledby={`falco-time-${search.area ? 'area' : 'line'}`} className="fplot">{line.isError ? <ProblemBox problem={line.error} retry={() => void line.refetch()} /> : <OverTime t={line.data} area={search.area === true} />}</div>
        </section>
        <section className="fbox" aria-label="Alerts by what they are about">
          <div className="row wrap"><TabRow label="Group by" choices={GROUPS} value={by} onChange={(v) => go({ by: v === 'rule' ? undefined : v })} panel="falco-group" /><span className="grow1" /><TabRow label="Shape" choices={SHAPES} value={shape} onChange={(v) => go({ as: v === 'bars' ? undefined : v })} panel="falco-shape" /></div>
          <div id="falco-group" role="tabpanel" aria-labelledby={`falco-group-${by}`} className="fplot"><div id="falco-shape" role="tabpanel" aria-labelledby={`falco-shape-${shape}`} className="fplot">{parts.isError ? <ProblemBox problem={parts.error} retry={() => void parts.refetch()} /> : <Parts t={parts.data} shape={shape} field={group.field} narrow={narrow} />}</div></div>
        </section>
      </div>
      <div className="fgrid flow">
        <section className="fbox" aria-label="The newest alerts">
          <div className="row"><h2 className="cap grow1">Newest{paused ? ', as of the pause' : ''}</h2><Link to="/search" search={{ q: alertsOf(q), ...(search.from ? { from: search.from, to: search.to } : { last: search.last ?? USUAL }) }}>all in search</Link></div>
          {rows.isPending ? <Waiting /> : null}
          {rows.data && events.length === 0 ? <p className="muted">None in this time.</p> : null}
          <ul className="flist" aria-label="Newest alerts">{events.map((x) => <Line key={x.id} x={x} q={q} />)}</ul>
        </section>
        <Sensors paused={paused === true} />
      </div>
      {may ? <RulesDialog opened={search.rules === true} close={() => go({ rules: undefined })} seen={by === 'rule' ? (parts.data?.rows ?? []).map((r) => String(r[0])) : []} /> : null}
    </div>
  );
}

function move(d: number) {
  const all = [...document.querySelectorAll<HTMLElement>('.flist a')];
  const i = all.indexOf(document.activeElement as HTMLElement);
  all[i < 0 ? 0 : Math.max(0, Math.min(all.length - 1, i + d))]?.focus();
}

/** What is typed counts when Enter is pressed, or the field is left. */
function Filter({ q, onChange }: { q: string; onChange: (q: string) => void }) {
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  return <form className="grow1" onSubmit={(e) => { e.preventDefault(); onChange(text.trim()); }}><input id="falco-q" className="input mono" type="search" aria-label="Only alerts where" placeholder="Only where, such as resources.namespace = prod or shell" maxLength={4_000} value={text} onChange={(e) => setText(e.target.value)} onBlur={() => { if (text.trim() !== q) onChange(text.trim()); }} /></form>;
}

function Counts({ t }: { t?: Table }) {
  const row = t?.rows[0];
  const of = (name: string) => (row && t ? number(Number(row[t.columns.findIndex((c) => c.name === name)] ?? 0)) : '–');
  return <dl className="fcounts">{[['Alerts', 'count'], ['Rules', 'rules'], ['Hosts', 'hosts'], ['Containers', 'containers']].map(([label, name]) => <div key={name}><dt className="cap">{label}</dt><dd>{of(name!)}</dd></div>)}</dl>;
}

function OverTime({ t, area }: { t?: Table; area: boolean }) {
  if (!t) return <Waiting />;
  const shown = named(t);
  return plottable(shown.columns, shown.rows) ? <TablePlot columns={shown.columns} rows={shown.rows} narrow={() => {}} area={area} /> : <p className="muted">Nothing in this time.</p>;
}

function Parts({ t, shape, field, narrow }: { t?: Table; shape: string; field: string; narrow: (field: string, value: string) => void }) {
  if (!t) return <Waiting />;
  const shown = named(t);
  if (!plottable(shown.columns, shown.rows)) return <p className="muted">No alert says that.</p>;
  if (shape === 'bars') return <TablePlot columns={shown.columns} rows={shown.rows} narrow={(f, v) => narrow(f, v)} />;
  const shares = shown.rows.map((r) => ({ name: String(r[0] ?? 'none'), count: Number(r[1] ?? 0) }));
  return shape === 'pie' ? <Pie shares={shares} choose={(name) => narrow(field, name)} /> : <Treemap shares={shares} choose={(name) => narrow(field, name)} />;
}

function Line({ x, q }: { x: MarsadEvent; q?: string }) {
  const f = x.fields as Record<string, unknown>;
  const level = severity(f.severity_id);
  const where = [f['resources.namespace'], f['resources.name'] ?? f['device.hostname']].filter(Boolean).map(String).join('/');
  return <li className="row"><span className="mono muted nowrap">{when(x.time)}</span><span className={`sev c-${level}`}><span className="dot" />{level === 'informational' ? 'info' : level}</span><Link className="grow1 ht" to="/search" search={{ q: alertsOf(q), last: '24h', event: x.id }}>{String(f['finding_info.title'] ?? f.message ?? x.id)}</Link><span className="muted ht">{where}</span></li>;
}

function Sensors({ paused }: { paused: boolean }) {
  const list = useQuery({ queryKey: ['falco-sensors'], queryFn: ({ signal }) => table(SENSOR_QUERY, { last: '24h' }, signal), refetchInterval: paused ? false : SENSORS_MS });
  const sees = useMay('endpoints:read');
  const policies = useQuery({ queryKey: ['agent-policies'], queryFn: ({ signal }) => newestOf(signal), enabled: sees });
  const wanted = new Set((policies.data?.policies ?? []).map((p) => p.falco_rules_sha256).filter(Boolean));
  const all = list.data ? sensors(list.data) : [];
  return (
    <section className="fbox" aria-label="Sensors">
      <h2 className="cap">Sensors beside agents</h2>
      {list.isError ? <ProblemBox problem={list.error} retry={() => void list.refetch()} /> : null}
      {list.data && all.length === 0 ? <p className="muted">None has said anything in the last day. An agent listens to the Falco of its host when its policy has the collector <span className="mono">falco</span>; a Falco that sends over HTTP is among the hosts, and says nothing of itself.</p> : null}
      {all.length > 0 ? <table className="tbl"><thead><tr><th scope="col">Host</th><th scope="col">State</th><th scope="col">Falco</th><th scope="col">Our rules</th><th scope="col">Said</th></tr></thead><tbody>{all.map((s) => <tr key={s.host}><td className="mono">{s.host}</td><td><span className={`pill ${s.state === 'connected' ? 'c-ok' : 'c-failing'}`}>{s.state}</span></td><td className="mono">{s.version || '–'}</td><td><Applied s={s} wanted={wanted} /></td><td className="muted nowrap">{ago(s.last, list.dataUpdatedAt)}</td></tr>)}</tbody></table> : null}
    </section>
  );
}

/** Whether a sensor has the rules of a policy that is in force. */
function Applied({ s, wanted }: { s: Sensor; wanted: ReadonlySet<string | undefined> }) {
  if (s.trouble) return <span className="pill c-failing" title={s.trouble}>refused<span className="vh">: {s.trouble}</span></span>;
  if (!s.rules) return <span className="muted">none</span>;
  return <span className="row" title={s.rules}><span className={`pill ${wanted.has(s.rules) ? 'c-ok' : 'c-medium'}`}>{wanted.has(s.rules) ? 'in force' : 'older'}</span><span className="mono muted">{s.rules.slice(0, 8)}</span></span>;
}

const Nothing = () => (
  <div className="empty">
    <h2>No Falco has said anything in this time</h2>
    <p className="muted">A Falco needs three lines in its <span className="mono">falco.yaml</span>: <span className="mono">json_output: true</span> and, under <span className="mono">http_output</span>, <span className="mono">enabled: true</span> and <span className="mono">url: {window.location.origin}/v1/falco/TOKEN</span>, with a token from <Link to="/sources" search={{ new: 'token' }}>Sources</Link>. Falcosidekick sends to the same address. Up to 0.43 an agent beside it can listen over gRPC instead.</p>
  </div>
);
