import './cases.css';
import { useQuery, queryOptions } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { answer, api, type Schemas } from '../api/client';
import { Waiting } from '../ui/EventView';
import { day, exact, number, when } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox, SeverityLabel } from '../ui/parts';
import { rough } from './targets';

const route = getRouteApi('/cases/metrics');
const WEEKS = [4, 8, 26, 53] as const;
const MEASURES = [
  { of: 'detect', label: 'Detect (MTTD)', what: 'From the oldest event of a case to its first alert. NIST SP 800-61: from the beginning of the incident to its discovery.' },
  { of: 'acknowledge', label: 'Acknowledge (MTTA)', what: 'From its opening until somebody has it or works on it.' },
  { of: 'contain', label: 'Contain (MTTC)', what: 'From its opening, or its last reopening, until it is contained or ended.' },
  { of: 'resolve', label: 'Resolve (MTTR)', what: 'From its opening, or its last reopening, until it is ended.' },
] as const;

const metricsOf = (weeks: number) => queryOptions({ queryKey: ['case-metrics', weeks], queryFn: ({ signal }) => answer(api.GET('/v1/cases/metrics', { params: { query: { weeks } }, signal })), staleTime: 30_000 });

/** How long cases took, and what was late. */
export default function MetricsPage() {
  const { weeks = 8 } = route.useSearch();
  const nav = useNavigate({ from: '/cases/metrics' });
  const goto = useNavigate();
  const found = useQuery(metricsOf(weeks));
  const set = (w: number) => void nav({ search: w === 8 ? {} : { weeks: w }, replace: true });
  useKeys([
    ...WEEKS.map((w, i) => ({ keys: [String(i + 1)], label: `The last ${w} weeks`, group: 'Filter', run: () => set(w) })),
    { keys: ['Escape'], label: 'Back to the cases', group: 'Move', run: () => void goto({ to: '/cases' }) },
  ]);
  return (
    <div className="casepage">
      <header className="casehead">
        <div className="row wrap"><Link to="/cases" className="muted">Cases</Link><h1>How long cases take</h1><span className="grow1" />
          <div className="seg" role="group" aria-label="Weeks">{WEEKS.map((w, i) => <button type="button" key={w} aria-pressed={weeks === w} onClick={() => set(w)}>{w === 53 ? 'A year' : `${w} weeks`} <Key k={String(i + 1)} /></button>)}</div>
        </div>
        <p className="muted">By the week in which a case was opened (from Monday, UTC) and its severity: the median, then what nine of ten were done in, and of how many cases. A median, because one case that lay for a month would move a mean.</p>
      </header>
      <div className="casebody casepad casecol casewide" tabIndex={0} role="region" aria-label="Measures">
        {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : found.isPending ? <Waiting /> : null}
        {found.data ? <Weeks d={found.data} /> : null}
        {found.data ? <Late d={found.data} /> : null}
      </div>
    </div>
  );
}

function Weeks({ d }: { d: Schemas['CaseMetrics'] }) {
  if (d.rows.length === 0) return <div className="empty"><h2>No case was opened since {day(`${d.from}T00:00:00Z`)}</h2><p className="muted">As soon as there are cases, their times stand here.</p></div>;
  return (
    <section aria-labelledby="measured"><h2 className="cap" id="measured">By week and severity</h2>
      <div className="scrollx" tabIndex={0} role="region" aria-label="Table of measures"><table className="tbl metrics">
        <thead><tr><th scope="col">Week of</th><th scope="col">Severity</th><th scope="col" className="num">Cases</th>{MEASURES.map((m) => <th scope="col" key={m.of} title={m.what}>{m.label}</th>)}</tr></thead>
        <tbody>{d.rows.map((r, i) => (
          <tr key={r.week + r.severity}><td className="mono nowrap">{d.rows[i - 1]?.week === r.week ? <span className="vh">{r.week}</span> : r.week}</td><td><SeverityLabel of={r.severity} /></td><td className="num">{number(r.opened)}</td>
            {MEASURES.map(({ of }) => <td key={of} className="nowrap">{r[of].median === null ? <span className="muted">none yet</span> : <>{rough(r[of].median)} <span className="muted">· 90%: {rough(r[of].p90 ?? 0)} · n={number(r[of].n)}</span></>}</td>)}</tr>
        ))}</tbody>
      </table></div>
      <dl className="kv metricwords">{MEASURES.map((m) => <div key={m.of} className="row"><dt>{m.label}</dt><dd>{m.what}</dd></div>)}</dl>
      <p className="muted">False positives count for MTTA only. Cases that ended without a person count for MTTD only, so that what ends by itself makes nobody look fast.</p>
    </section>
  );
}

function Late({ d }: { d: Schemas['CaseMetrics'] }) {
  return (
    <section aria-labelledby="late"><h2 className="cap" id="late">What was late <span className="muted">{number(d.breaches)}</span></h2>
      {d.late.length === 0 ? <p className="muted">Nothing: everything was done in time. The targets are in <Link to="/settings" search={{ section: 'case-targets' }}>Settings</Link>.</p> : (
        <div className="scrollx" tabIndex={0} role="region" aria-label="Table of what was late"><table className="tbl">
          <thead><tr><th scope="col">Recorded</th><th scope="col">Case</th><th scope="col">Severity</th><th scope="col">To be</th><th scope="col">Due</th><th scope="col">Done</th><th scope="col">Owner</th></tr></thead>
          <tbody>{d.late.map((l) => (
            <tr key={l.case + l.goal}><td className="mono nowrap" title={exact(l.breached_at)}>{when(l.breached_at)}</td><td className="said"><Link to="/cases/$id" params={{ id: l.case }}>#{l.number} {l.title}</Link></td><td><SeverityLabel of={l.severity} /></td><td>{DONE[l.goal]}</td><td className="mono nowrap" title={exact(l.due)}>{when(l.due)}</td>
              <td className="nowrap">{l.met_at ? `${rough((Date.parse(l.met_at) - Date.parse(l.due)) / 1000)} late` : <span className="c-bad">not yet</span>}</td><td className="nowrap">{l.assignee ?? <span className="muted">nobody</span>}</td></tr>
          ))}</tbody>
        </table></div>
      )}
      {d.breaches > d.late.length ? <p className="muted">The newest {d.late.length} of {number(d.breaches)}.</p> : null}
    </section>
  );
}

const DONE = { acknowledge: 'acknowledged', contain: 'contained', resolve: 'resolved' } as const;
