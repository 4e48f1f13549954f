import { useRef } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { SEVERITIES } from '../api/client';
import { useMay, useSession } from '../session/session';
import { Waiting } from '../ui/EventView';
import { ago, exact, number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox, SeverityLabel } from '../ui/parts';
import { Words } from '../ui/Words';
import { failed, said } from '../ui/toast';
import { CASE_STATUSES, readCases, type CasesSearch, type View } from './address';
import { acts, pageOf, type Case } from './cases';
import { useLiveCases } from './live';
import { CasePill, Sla } from './parts';

const route = getRouteApi('/cases');
const VIEWS: readonly { view: View; label: string }[] = [{ view: 'mine', label: 'Mine' }, { view: 'unassigned', label: 'Unassigned, high and critical' }, { view: 'all', label: 'All' }];

/** The queue of cases: what is late first, then what has to be done next. */
export default function CasesPage() {
  const search = readCases(route.useSearch());
  const nav = useNavigate({ from: '/cases' });
  const goto = useNavigate();
  const client = useQueryClient();
  const may = useMay('cases:write');
  const { user } = useSession();
  useLiveCases();
  const words = useRef<HTMLInputElement>(null);
  const page = useQuery(pageOf(search));
  const all = page.data?.cases ?? [];
  const now = page.data ? Date.parse(page.data.now) : 0;
  const at = all.findIndex((c) => c.id === search.at);
  const change = (c: Partial<CasesSearch>) => void nav({ search: (p) => ({ ...p, ...c }), replace: true });
  const toggle = (list: string | undefined, value: string) => {
    const set = new Set((list ?? '').split(',').filter(Boolean));
    if (!set.delete(value)) set.add(value);
    return [...set].join(',') || undefined;
  };
  const take = useMutation({
    mutationFn: (c: Case) => acts.edit(c.id, { assignee: user.username }),
    onSuccess: (c) => { said(`Case ${c.number} is yours`); },
    onError: (e) => failed('Not taken', e.message),
    onSettled: () => client.invalidateQueries({ queryKey: ['cases'] }),
  });
  const move = (d: number) => {
    const next = all[at < 0 ? (d > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + d))];
    if (next) {
      change({ at: next.id });
      document.getElementById(`case-${next.id}`)?.scrollIntoView({ block: 'nearest' });
    }
  };
  const open = () => { const c = all[at] ?? all[0]; if (c) void goto({ to: '/cases/$id', params: { id: c.id } }); };
  const view = (v: View) => change({ view: v === 'all' ? undefined : v, at: undefined });
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next case', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous case', group: 'Move', run: () => move(-1) },
    { keys: ['o', 'Enter'], label: 'Open the case', group: 'Case', run: open },
    ...(may ? [{ keys: ['a'], label: 'Take it', group: 'Case', run: () => { const c = all[at]; if (c) take.mutate(c); } }] : []),
    ...VIEWS.map((v, i) => ({ keys: [String(i + 1)], label: v.label, group: 'Filter', run: () => view(v.view) })),
    { keys: ['m'], label: 'How long cases take', group: 'Move', run: () => void goto({ to: '/cases/metrics' }) },
    { keys: ['/'], label: 'Words in the title', group: 'Filter', run: () => words.current?.focus() },
    { keys: ['0'], label: 'All filters off', group: 'Filter', run: () => change({ view: undefined, status: undefined, severity: undefined, q: undefined }) },
  ]);
  const counts = page.data?.counts;
  const narrowed = Boolean(search.status ?? search.severity ?? search.q ?? search.view);
  return (
    <div className="casesq">
      <header className="casehead">
        <div className="row wrap">
          <h1>Cases</h1>
          {counts ? <span className="muted">{number(counts.active)} active{counts.breached > 0 ? <>, <span className="c-bad">{number(counts.breached)} late</span></> : null}</span> : null}
          <span className="grow1" />
          <Link className="btn" to="/cases/metrics">How long they take <Key k="m" /></Link>
          <Words id="case-words" label="Words in the title" q={search.q} change={(q) => change({ q })} input={words} />
        </div>
        <div className="row wrap">
          <div className="seg" role="group" aria-label="Whose">
            {VIEWS.map((v, i) => <button type="button" key={v.view} aria-pressed={(search.view ?? 'all') === v.view} onClick={() => view(v.view)}>{v.label} {counts ? <span className="n">{number(v.view === 'mine' ? counts.mine : v.view === 'unassigned' ? counts.unassigned : counts.active)}</span> : null} <Key k={String(i + 1)} /></button>)}
          </div>
          <div className="row wrap" role="group" aria-label="Severity">{SEVERITIES.map((s) => <button type="button" key={s} className={`chip c-${s}`} aria-pressed={search.severity?.split(',').includes(s) ?? false} onClick={() => change({ severity: toggle(search.severity, s) })}>{s === 'informational' ? 'info' : s}</button>)}</div>
          <div className="row wrap" role="group" aria-label="Status">{CASE_STATUSES.map((s) => <button type="button" key={s} className="chip" aria-pressed={search.status?.split(',').includes(s) ?? false} onClick={() => change({ status: toggle(search.status, s) })}>{s.replaceAll('_', ' ')}</button>)}</div>
          {narrowed ? <button type="button" className="btn" onClick={() => change({ view: undefined, status: undefined, severity: undefined, q: undefined })}>Clear <Key k="0" /></button> : null}
        </div>
      </header>
      <div className="caselist" tabIndex={0} role="region" aria-label="List of cases">
        {page.isError ? <div className="pad"><ProblemBox problem={page.error} retry={() => void page.refetch()} /></div> : null}
        {page.isPending ? <div className="pad"><Waiting /></div> : null}
        {page.data && all.length === 0 ? (
          narrowed
            ? <div className="empty"><h2>No case fits</h2><p className="muted">Without a status those are shown that somebody has to do something about.</p><button type="button" className="btn" onClick={() => change({ view: undefined, status: undefined, severity: undefined, q: undefined })}>All filters off <Key k="0" /></button></div>
            : <div className="empty"><h2>No open case</h2><p className="muted">A high or critical alert opens one by itself, and so do alerts that belong together: the same host, account or address within hours. Closed ones: choose a status above.</p><Link className="btn" to="/alerts">Go to the alerts</Link></div>
        ) : null}
        {all.length > 0 ? (
          <table className="tbl casetbl">
            <thead><tr><th scope="col">Case</th><th scope="col">Severity</th><th scope="col">Title</th><th scope="col">State</th><th scope="col">Due</th><th scope="col">Owner</th><th scope="col" className="num">Alerts</th><th scope="col">Attack</th><th scope="col">Changed</th></tr></thead>
            <tbody>{all.map((c) => (
              <tr key={c.id} id={`case-${c.id}`} data-case={c.number} aria-current={c.id === search.at || undefined} onClick={() => change({ at: c.id })}>
                <td className="mono nowrap">#{c.number}</td>
                <td className="nowrap"><SeverityLabel of={c.severity} /></td>
                <td className="said"><Link className="caselink" to="/cases/$id" params={{ id: c.id }} onClick={(e) => e.stopPropagation()}>{c.title}</Link></td>
                <td className="nowrap"><CasePill status={c.status} /></td>
                <td className="nowrap"><Sla c={c} now={now} /></td>
                <td className="nowrap">{c.assignee ?? <span className="muted">nobody</span>}</td>
                <td className="num">{number(c.alert_count)}</td>
                <td>{c.tactics.length > 0 ? <span className="muted" title={c.tactics.join(' → ')}>{c.tactics.length === 1 ? c.tactics[0] : `${c.tactics[0]} → ${c.tactics.at(-1)}`}</span> : null}</td>
                <td className="nowrap muted" title={exact(c.updated_at)}>{ago(c.updated_at, now)}</td>
              </tr>
            ))}</tbody>
          </table>
        ) : null}
      </div>
      <div className="status"><span><Key k="j" /> <Key k="k" /> move</span><span><Key k="o" /> open</span>{may ? <span><Key k="a" /> take</span> : null}<span><Key k="1" /> <Key k="2" /> <Key k="3" /> whose</span><span className="sep">{page.data && page.data.total > all.length ? `${all.length} of ${number(page.data.total)}` : ''}</span></div>
    </div>
  );
}

