import { Suspense, lazy, useState } from 'react';
import { Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { Refused, SEVERITIES } from '../api/client';
import { useMay, useSession } from '../session/session';
import { Dropdown } from '../ui/Dropdown';
import { Waiting } from '../ui/EventView';
import { actor, exact, number, when, words } from '../ui/format';
import { useKeys } from '../ui/keys';
import { CopyButton, Key, ProblemBox, SeverityLabel, TabRow } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { AlertsTab, Entities, Evidence, Notes, Report, Timeline } from './CaseTabs';
import { MergeDialog } from './MergeDialog';
import RespondButton from '../actions/RespondButton';
import { RenameDialog } from './RenameDialog';
import { useLiveCases } from './live';
import { readCase, type CaseSearch, type CaseStatus } from './address';
import { NEXT, PEOPLE, TABS, acts, caseOf, change as edit, keepAlert, named, type Case, type CaseDetail } from './cases';
import { CasePill, Sla, Sure } from './parts';
import { Story } from './Story';

const CaseResponse = lazy(() => import('../actions/CaseResponse'));
const Present = lazy(() => import('../people/Present'));
const route = getRouteApi('/cases/$id');
const PANEL = 'case-panel';

/** One case: what happened, why it belongs together, what was done and what proves it. */
export default function CasePage() {
  const { id } = route.useParams();
  const search = readCase(route.useSearch());
  const detail = useQuery(caseOf(id));
  if (detail.isError) return <div className="empty">{detail.error instanceof Refused && detail.error.status === 404 ? <><h2>There is no such case here</h2><p className="muted">It may belong to another tenant.</p><Link className="btn" to="/cases">Go to the cases</Link></> : <ProblemBox problem={detail.error} retry={() => void detail.refetch()} />}</div>;
  return detail.data ? <Page key={id} d={detail.data} search={search} asked={detail.dataUpdatedAt} /> : <div className="pad"><Waiting /></div>;
}

function Page({ d, search, asked }: { d: CaseDetail; search: CaseSearch; asked: number }) {
  const nav = useNavigate({ from: '/cases/$id' });
  const goto = useNavigate();
  const client = useQueryClient();
  const may = useMay('cases:write') && d.merged_into === null;
  const { user } = useSession();
  useLiveCases(d.id);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [merging, setMerging] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const [prints, setPrints] = useState(0);
  const tab = search.tab ?? 'story';
  const chosen = search.alert;
  const change = (c: Partial<CaseSearch>) => void nav({ search: (p) => ({ ...p, ...c }), replace: true });
  const changed = () => { void client.invalidateQueries({ queryKey: ['case', d.id] }); void client.invalidateQueries({ queryKey: ['cases'] }); };
  const act = useMutation({
    mutationFn: ({ run }: { run: () => Promise<Case>; done: string; undo?: boolean }) => run(),
    onSuccess: (_, { done, undo: back }) => { setMarked(new Set()); said(done, back ? undo : undefined); },
    onError: (e) => failed('Not done', e.message),
    onSettled: changed,
  });
  const undo = () => { if (may) act.mutate({ run: () => acts.undo(d.id), done: 'Undone; it stays in the history' }); };
  const to = (status: CaseStatus) => act.mutate({ run: () => acts.move(d.id, { to: status, version: d.version }), done: `It is ${words(status)} now` });
  const take = () => act.mutate({ run: () => edit(d, 'assignee', user.username), done: 'It is yours' });
  const split = () => {
    if (marked.size === 0 || marked.size >= d.alerts.length) return;
    act.mutate({ run: async () => { const made = await acts.split(d.id, { alerts: [...marked] }); await client.invalidateQueries({ queryKey: ['case', made.id] }); return made; }, done: 'Split off into a case of its own', undo: true });
  };
  const out = () => { if (marked.size > 0) act.mutate({ run: () => acts.link(d.id, { remove: [...marked] }), done: 'Taken out; grouping does not put them back', undo: true }); };
  const keep = useMutation({
    mutationFn: (alert: string) => keepAlert(d.id, alert),
    onSuccess: (e) => { said(`Entry ${e.seq} of the evidence: ${e.note}`); void client.invalidateQueries({ queryKey: ['case-evidence', d.id] }); },
    onError: (e) => failed('Not taken in', e.message),
  });
  const prove = () => { if (chosen && !keep.isPending) keep.mutate(chosen); };
  const mark = (alert: string) => setMarked((m) => { const next = new Set(m); if (!next.delete(alert)) next.add(alert); return next; });
  const move = (by: number) => {
    const i = d.alerts.findIndex((a) => a.alert.id === chosen);
    const next = d.alerts[i < 0 ? 0 : Math.max(0, Math.min(d.alerts.length - 1, i + by))];
    if (!next) return;
    change({ alert: next.alert.id });
    document.getElementById(tab === 'alerts' ? `row-${next.alert.id}` : `in-story-${next.alert.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  const turn = (by: number) => change({ tab: TABS[(TABS.findIndex((t) => t.value === tab) + by + TABS.length) % TABS.length]!.value });
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next alert', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous alert', group: 'Move', run: () => move(-1) },
    { keys: [']'], label: 'Next tab', group: 'Move', run: () => turn(1) },
    { keys: ['['], label: 'Previous tab', group: 'Move', run: () => turn(-1) },
    { keys: ['P'], label: 'Print the report or save it as PDF', group: 'Case', run: () => { setPrints((n) => n + 1); change({ tab: 'report' }); } },
    { keys: ['Escape'], label: 'Back to the queue', group: 'Move', run: () => void goto({ to: '/cases', search: { at: d.id } }) },
    ...(may ? [
      { keys: ['a'], label: 'Take it', group: 'Case', run: take },
      { keys: ['u'], label: 'Undo', group: 'Case', run: undo },
      { keys: ['r'], label: 'Rename it…', group: 'Case', run: () => setRenaming(true) },
      { keys: ['m'], label: 'Merge another into it…', group: 'Case', run: () => setMerging(true) },
      { keys: ['x'], label: 'Mark the alert', group: 'Alerts', run: () => { if (chosen) { mark(chosen); if (tab !== 'alerts') change({ tab: 'alerts' }); } } },
      { keys: ['e'], label: 'Take the alert in as evidence', group: 'Alerts', run: prove },
      { keys: ['p'], label: 'Split off what is marked', group: 'Alerts', run: split },
      { keys: ['t'], label: 'Take out what is marked', group: 'Alerts', run: out },
    ] : []),
  ]);
  const choose = (alert: string) => change({ alert });
  return (
    <div className="casepage" data-tab={tab}>
      <header className="casehead">
        <div className="row wrap"><Link to="/cases" search={{ at: d.id }} className="muted">Cases</Link><span className="mono">#{d.number}</span><SeverityLabel of={d.severity} /><CasePill status={d.status} />{d.merged_into !== null ? <span className="tag">part of #{d.merged_into}</span> : null}<Sla c={d} now={asked} /><Sure d={d} /><span>{d.assignee ?? <span className="muted">nobody has it</span>}</span><span className="grow1" /><Suspense><Present key={d.id} of="case" id={d.id} /></Suspense><CopyButton text={`${window.location.origin}/cases/${d.id}`} label="Copy a link to this case" /></div>
        <h1>{d.title}</h1>
        <div className="row wrap muted"><span>{d.alert_count === 1 ? '1 alert' : `${number(d.alert_count)} alerts`}</span>{d.first_time && d.last_time ? <span className="mono">{when(d.first_time)} to {when(d.last_time)}</span> : null}<span title={exact(d.created_at)}>opened {when(d.created_at)} by {actor(d.opened_by)}</span>{d.open_tasks > 0 ? <span>{d.open_tasks} open {d.open_tasks === 1 ? 'task' : 'tasks'}</span> : null}</div>
        {d.tactics.length > 0 ? <ol className="chain" aria-label="Steps of the attack">{d.tactics.map((t) => <li key={t}>{t}</li>)}</ol> : null}
        {may ? (
          <div className="row wrap noprint">
            {d.assignee !== user.username ? <button type="button" className="btn" data-primary onClick={take}>Take <Key k="a" /></button> : null}
            <Assign d={d} give={(name) => act.mutate({ run: () => edit(d, 'assignee', name), done: name ? `${name} has it now` : 'Nobody has it now' })} />
            <Dropdown position="bottom-start" width={220}>
              <Menu.Target><button type="button" className="btn">Status…</button></Menu.Target>
              <Menu.Dropdown>{NEXT[d.status].map((s) => <Menu.Item key={s} onClick={() => to(s)}>{words(s)}</Menu.Item>)}</Menu.Dropdown>
            </Dropdown>
            <Dropdown position="bottom-start" width={180}>
              <Menu.Target><button type="button" className="btn">Severity…</button></Menu.Target>
              <Menu.Dropdown>{SEVERITIES.map((s) => <Menu.Item key={s} onClick={() => act.mutate({ run: () => edit(d, 'severity', s), done: `It is ${s} now` })}>{s}</Menu.Item>)}</Menu.Dropdown>
            </Dropdown>
            <button type="button" className="btn" onClick={() => setRenaming(true)}>Rename… <Key k="r" /></button>
            <button type="button" className="btn" onClick={() => setMerging(true)}>Merge… <Key k="m" /></button>
            <RespondButton kind="case" id={d.id} title={d.title} entities={named(d.alerts)} />
            {d.undoable ? <button type="button" className="btn" onClick={undo} title={d.undoable}>Undo: {d.undoable.length > 48 ? `${d.undoable.slice(0, 46)}…` : d.undoable} <Key k="u" /></button> : null}
          </div>
        ) : null}
        <div className="noprint"><TabRow label="Parts of the case" choices={TABS} value={tab} onChange={(t) => change({ tab: t === 'story' ? undefined : t })} panel={PANEL} /></div>
      </header>
      <div className="casebody" id={PANEL} role="tabpanel" aria-labelledby={`${PANEL}-${tab}`} tabIndex={0}>
        {tab === 'story' ? <Story d={d} chosen={chosen} choose={choose} keep={may ? prove : undefined} /> : null}
        {tab === 'timeline' ? <Timeline d={d} /> : null}
        {tab === 'alerts' ? <AlertsTab d={d} may={may} chosen={chosen} choose={choose} marked={marked} mark={mark} split={split} out={out} /> : null}
        {tab === 'evidence' ? <Evidence d={d} may={may} /> : null}
        {tab === 'entities' ? <Entities d={d} /> : null}
        {tab === 'response' ? <Suspense fallback={<Waiting />}><CaseResponse id={d.id} since={d.first_time && d.first_time < d.created_at ? d.first_time : d.created_at} alerts={d.alerts.map((a) => a.alert)} /></Suspense> : null}
        {tab === 'notes' ? <Notes d={d} may={may} changed={changed} /> : null}
        {tab === 'report' ? <Report key={d.version} d={d} asked={prints} /> : null}
      </div>
      <RenameDialog opened={renaming} close={() => setRenaming(false)} d={d} done={changed} />
      <MergeDialog opened={merging} close={() => setMerging(false)} d={d} merge={(other) => act.mutate({ run: () => acts.merge(d.id, { cases: [other] }), done: 'They are one case now', undo: true })} />
    </div>
  );
}

/** Whose it is to be: those who can sign in here, asked for when the list is opened. */
function Assign({ d, give }: { d: CaseDetail; give: (name: string) => void }) {
  const [opened, setOpened] = useState(false);
  const people = useQuery({ ...PEOPLE, enabled: opened });
  return (
    <Dropdown position="bottom-start" width={220} onChange={setOpened}>
      <Menu.Target><button type="button" className="btn">Assign…</button></Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflow: 'auto' }}>
        {people.isPending ? <Menu.Label>Asking…</Menu.Label> : null}
        {people.isError ? <Menu.Label>{people.error.message}</Menu.Label> : null}
        {d.assignee ? <Menu.Item onClick={() => give('')}>nobody</Menu.Item> : null}
        {people.data?.names.filter((n) => n !== d.assignee).map((n) => <Menu.Item key={n} onClick={() => give(n)}>{n}</Menu.Item>)}
      </Menu.Dropdown>
    </Dropdown>
  );
}
