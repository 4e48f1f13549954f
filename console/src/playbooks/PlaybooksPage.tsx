import { useRef, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { ago, number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { readPlaybooks, type PlaybooksSearch } from './address';
import { EnableDialog } from './EnableDialog';
import { blank } from './model';
import { PLAYBOOKS, again, create, enable, leftOut, trigger, type Summary } from './playbooks';
import { write } from './text';
import './playbooks.css';

const route = getRouteApi('/playbooks');
const why = (e: unknown) => (e instanceof Error ? e.message : String(e));
const origin = (p: Summary) => (p.origin === 'own' ? 'own' : p.changed ? 'changed' : 'shipped');
const STATES: readonly { on: 'yes' | 'no' | undefined; label: string }[] = [{ on: undefined, label: 'All' }, { on: 'yes', label: 'Enabled' }, { on: 'no', label: 'Off' }];

/** Every playbook there is: what starts it, what it does, how it went. */
export default function PlaybooksPage() {
  const search = readPlaybooks(route.useSearch());
  const nav = useNavigate({ from: '/playbooks' });
  const goto = useNavigate();
  const client = useQueryClient();
  const may = useMay('playbooks:write');
  const list = useQuery(PLAYBOOKS);
  const words = useRef<HTMLInputElement>(null);
  const [enabling, setEnabling] = useState<Summary>();
  const all = list.data?.playbooks ?? [];
  const wanted = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const shown = all.filter((p) => (!search.on || (search.on === 'yes') === p.enabled) && (!search.origin || origin(p) === search.origin)
    && wanted.every((w) => [p.name, p.description, ...p.labels, ...p.actions, ...p.types, ...p.triggers.map(trigger)].join(' ').toLowerCase().includes(w)))
    .sort((a, b) => Number(b.enabled) - Number(a.enabled) || a.name.localeCompare(b.name));
  const at = shown.findIndex((p) => p.id === search.at);
  const current = shown[at];
  const change = (c: Partial<PlaybooksSearch>) => void nav({ search: (p) => ({ ...p, ...c }), replace: true });
  const move = (d: number) => {
    const next = shown[at < 0 ? (d > 0 ? 0 : shown.length - 1) : Math.max(0, Math.min(shown.length - 1, at + d))];
    if (!next) return;
    change({ at: next.id });
    document.getElementById(`playbook-${next.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  const open = (id: string) => void goto({ to: '/playbooks/$id', params: { id } });
  const turn = async (p: Summary, on: boolean) => {
    try {
      await enable(p.id, on);
      said(on ? `“${p.name}” is on` : `“${p.name}” is off: nothing starts it any more, what runs goes on`, on ? undefined : () => void turn(p, true));
    } catch (e) {
      failed('Nothing was changed', why(e));
    }
    setEnabling(undefined);
    await again(client);
  };
  const flip = (p: Summary) => (p.enabled ? void turn(p, false) : setEnabling(p));
  const fresh = async () => {
    try {
      const made = await create(write(blank('New playbook', () => crypto.randomUUID(), new Date().toISOString())));
      await again(client);
      open(made.id);
    } catch (e) {
      failed('No playbook was made', why(e));
    }
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next playbook', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous playbook', group: 'Move', run: () => move(-1) },
    { keys: ['o', 'Enter'], label: 'Open it', group: 'Playbook', run: () => { const p = current ?? shown[0]; if (p) open(p.id); } },
    { keys: ['/'], label: 'Filter', group: 'Filter', run: () => words.current?.focus() },
    ...(may ? [
      { keys: ['n'], label: 'New playbook', group: 'Playbook', run: () => void fresh() },
      { keys: ['x'], label: 'Turn it on or off', group: 'Playbook', run: () => { if (current) flip(current); } },
    ] : []),
  ]);
  const filtered = Boolean(search.q || search.on || search.origin);
  return (
    <div className="casesq">
      <header className="casehead">
        <div className="row wrap">
          <h1>Playbooks</h1><span className="muted">{list.data ? `${number(shown.length)} of ${number(all.length)}, ${number(all.filter((p) => p.enabled).length)} enabled` : ''}</span>
          <span className="grow1" />
          {may ? <button type="button" className="btn" data-primary onClick={() => void fresh()}>New playbook <Key k="n" /></button> : null}
        </div>
        <div className="row wrap">
          <div className="seg" role="group" aria-label="State">{STATES.map((s) => <button type="button" key={s.label} aria-pressed={search.on === s.on} onClick={() => change({ on: s.on })}>{s.label}</button>)}</div>
          <div className="seg" role="group" aria-label="Origin">{(['shipped', 'own', 'changed'] as const).map((o) => <button type="button" key={o} aria-pressed={search.origin === o} onClick={() => change({ origin: search.origin === o ? undefined : o })}>{o}</button>)}</div>
          <input ref={words} className="input pb-words" type="search" aria-label="Filter playbooks" placeholder="Name, action, trigger, technique   /" value={search.q ?? ''} onChange={(e) => change({ q: e.target.value || undefined, at: undefined })} onKeyDown={(e) => { if (e.key === 'Escape' || e.key === 'Enter') e.currentTarget.blur(); }} />
        </div>
      </header>
      <div className="caselist" tabIndex={0} role="region" aria-label="Playbooks">
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        {list.data && all.length === 0 ? (
          <div className="empty"><h2>There is no playbook yet</h2><p className="muted">A playbook says what is done about an alert, step by step: what is looked up, what a person decides, what is blocked, and how one sees that it worked. Begin with an empty one: its first steps take four keys. Nothing is done until you enable it, and then only what your response policy allows.</p>{may ? <div className="row"><button type="button" className="btn" data-primary onClick={() => void fresh()}>New playbook <Key k="n" /></button></div> : null}</div>
        ) : null}
        {list.data && all.length > 0 && shown.length === 0 ? <div className="empty"><h2>No playbook fits</h2><p className="muted">The filter leaves none of {number(all.length)}.</p><div className="row"><button type="button" className="btn" onClick={() => change({ q: undefined, on: undefined, origin: undefined })}>Clear the filter</button></div></div> : null}
        {shown.length > 0 ? (
          <table className="tbl casetbl pb-list">
            <thead><tr><th>Enabled</th><th>Playbook</th><th>Starts on</th><th>Does</th><th>Origin</th><th className="num">Runs, 30 days</th><th>Last run</th></tr></thead>
            <tbody>
              {shown.map((p) => (
                <tr key={p.id} id={`playbook-${p.id}`} aria-current={p.id === search.at || undefined} onClick={() => open(p.id)}>
                  <td onClick={(e) => e.stopPropagation()}><input type="checkbox" role="switch" className="pb-switch" checked={p.enabled} disabled={!may || (!p.enabled && !p.runnable)} aria-label={`${p.name}: enabled`} title={!p.runnable && !p.enabled ? 'It is a draft: it has to be free of errors first' : undefined} onChange={() => flip(p)} /></td>
                  <td><a className="caselink" href={`/playbooks/${p.id}`} onClick={(e) => { if (e.metaKey || e.ctrlKey) return; e.preventDefault(); e.stopPropagation(); open(p.id); }}>{p.name}</a><div className="muted pb-desc">{p.description}</div></td>
                  <td className="pb-trig">{p.triggers.length === 0 ? <span className="muted">nothing</span> : p.triggers.map((t, i) => <div key={i} className={t.when ? 'mono' : undefined} title={trigger(t)}>{trigger(t)}</div>)}<NotStarted of={p} /></td>
                  <td className="pb-acts"><div className="row wrap">{[...new Set(p.actions)].slice(0, 3).map((a) => <span key={a} className="tag">{a}</span>)}{new Set(p.actions).size > 3 ? <span className="muted" title={[...new Set(p.actions)].join(', ')}>and {new Set(p.actions).size - 3} more</span> : null}{p.actions.length === 0 ? <span className="muted">{p.steps} steps, no action</span> : null}</div></td>
                  <td><span className="pill">{origin(p)}</span>{p.runnable ? null : <span className="pill c-quiet pb-draft">draft</span>}{p.newer_shipped ? <div className="muted" title="An upgrade brought a newer text than the one that is run: open it to take it">shipped text is newer</div> : null}</td>
                  <td className="num"><Outcome of={p} /></td>
                  <td className="muted">{p.last_run_at ? ago(p.last_run_at, Date.now()) : 'never'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
      </div>
      <footer className="status"><span><Key k="j" /> <Key k="k" /> move</span><span><Key k="Enter" /> open</span>{may ? <span><Key k="x" /> on or off</span> : null}{filtered ? <span className="sep">The filter is in the address: copy it to share it</span> : null}</footer>
      <EnableDialog of={enabling} close={() => setEnabling(undefined)} go={(p) => void turn(p, true)} />
    </div>
  );
}

/** Said for a week: who wonders at night why nothing runs sees it at once. */
function NotStarted({ of }: { of: Summary }) {
  const left = of.left ? leftOut(of.left, Date.now()) : undefined;
  return left?.lately ? <div className="tone c-warn pb-left">{left.says}</div> : null;
}

function Outcome({ of: { runs } }: { of: Summary }) {
  const ended = runs.succeeded + runs.failed;
  if (runs.started === 0) return <span className="muted">none</span>;
  const share = ended === 0 ? undefined : Math.round((100 * runs.succeeded) / ended);
  return <>{number(runs.started)}{share === undefined ? null : <span className={share >= 90 ? 'c-ok tone' : share >= 60 ? 'c-warn' : 'c-bad'}> · {share} % succeeded</span>}{runs.running > 0 ? <span className="muted"> · {runs.running} running</span> : null}</>;
}
