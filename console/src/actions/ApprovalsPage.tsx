import { useRef } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { Refused } from '../api/client';
import { Waiting } from '../ui/EventView';
import { exact, number } from '../ui/format';
import { useHeld } from '../ui/held';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { ActionBody, ActionHead } from './ActionView';
import { DecideButtons, useDecide } from './Decide';
import { readApprovals } from './address';
import { useLiveResponse } from './live';
import { ActionPill, RadiusLabel, useNow } from './parts';
import { MOST, WAITING, actionOf, asker, isTask, named, until, waitsFor, type Action } from './respond';

const route = getRouteApi('/approvals');

/** What waits for a person, the longest waiting first: look, then decide. */
export default function ApprovalsPage() {
  const { at } = readApprovals(route.useSearch());
  const nav = useNavigate({ from: '/approvals' });
  const list = useQuery(WAITING);
  // What waits is read again by the button of the shell, which counts it.
  useLiveResponse({ action: [['actions', 'one']] });
  const held = useHeld(list.data?.actions, '', true);
  const rows = held.rows;
  const id = at ?? rows[0]?.id;
  const row = rows.find((r) => r.id === id);
  // What is decided, or was opened by its address, is not among those that wait.
  const beside = useQuery({ ...actionOf(id ?? ''), enabled: id !== undefined && list.data !== undefined && (row === undefined || row.gone === true) });
  const a: Action | undefined = row && !row.gone ? row : (beside.data ?? row);
  const body = useRef<HTMLDivElement>(null);
  const go = (to: string | undefined) => { void nav({ search: { at: to }, replace: true }); body.current?.scrollTo({ top: 0 }); if (to) document.getElementById(`wait-${to}`)?.scrollIntoView({ block: 'nearest' }); };
  const index = rows.findIndex((r) => r.id === id);
  const move = (d: number) => { const next = rows[Math.max(0, Math.min(rows.length - 1, index + d))]; if (next) go(next.id); };
  const decide = useDecide(a, (after) => {
    if (after.status === 'awaiting_approval' && after.may.approve) return;
    const next = rows.slice(index + 1).find((r) => !r.gone && r.id !== after.id) ?? rows.find((r) => !r.gone && r.id !== after.id);
    go(next?.id);
  });
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next that waits', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous that waits', group: 'Move', run: () => move(-1) },
    { keys: ['.'], label: 'Take away what is decided', group: 'Move', run: held.show },
    ...decide.keys,
  ]);
  const gone = rows.filter((r) => r.gone).length;
  if (list.data && rows.length === 0 && !a) return <div className="page"><div className="pagehead"><h1>Approvals</h1></div>{beside.isError ? <Missing problem={beside.error} /> : <div className="empty"><h2>Nothing waits for you</h2><p className="muted">What a playbook or a colleague wants to do, and may not do without a person, waits here: with what exactly, to what, why, and until when. So do tasks of playbooks, and actions of which nobody knows what became of them. They appear here by themselves.</p><div className="row"><Link className="btn" to="/actions">All actions <Key k="g q" /></Link><Link className="btn" to="/settings" search={{ section: 'response' }}>What is done without asking</Link></div></div>}</div>;
  return (
    <div className="approvals">
      <aside className="hside" aria-label="What waits">
        <header><h1>Approvals</h1><span className="muted" role="status">{list.data ? `${number(rows.length - gone)}${list.data.actions.length >= MOST ? '+' : ''} waiting` : ''}</span><span className="grow1" />{gone > 0 ? <button type="button" className="btn" onClick={held.show}>{gone} decided <Key k="." /></button> : null}</header>
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        <ul className="hlist" aria-label="Waiting, the longest first">{rows.map((r) => <Row key={r.id} a={r} gone={r.gone === true} current={r.id === id} open={() => go(r.id)} />)}</ul>
        <div className="status"><span><Key k="j" /> <Key k="k" /> move</span><span><Key k="y" /> approve</span><span><Key k="n" /> refuse</span><span><Key k="a" /> answer</span></div>
      </aside>
      <div className="hmain" style={{ paddingBottom: 0 }} tabIndex={0} role="region" aria-label="What is asked" ref={body}>
        {a ? <><div className="deedhead"><ActionHead a={a} /><DecideButtons a={a} ask={decide.ask} busy={decide.busy} />{!waitsFor(a) ? <p role="status">It does not wait any more.</p> : null}</div><div className="deedin"><ActionBody a={a} /></div></> : beside.isError ? <Missing problem={beside.error} /> : list.isError ? null : <div className="pad"><Waiting /></div>}
      </div>
      {decide.windows}
    </div>
  );
}

const Missing = ({ problem }: { problem: unknown }) => <div className="empty">{problem instanceof Refused && problem.status === 404 ? <><h2>There is no such action here</h2><p className="muted">It may belong to another tenant.</p><Link className="btn" to="/approvals">What waits</Link></> : <ProblemBox problem={problem} />}</div>;

function Row({ a, gone, current, open }: { a: Action; gone: boolean; current: boolean; open: () => void }) {
  const now = useNow();
  return (
    <li id={`wait-${a.id}`} data-gone={gone || undefined}>
      <button type="button" aria-current={current || undefined} onClick={open}>
        <span className="ht">{named(a)}{isTask(a) ? null : <> <span className="mono">{a.target}</span></>}</span>
        <span className="hm">{gone ? <span className="tag">decided</span> : <ActionPill a={a} />}{isTask(a) ? null : <RadiusLabel of={a.radius} />}{a.expires_at && !gone && a.status === 'awaiting_approval' ? <span className="muted" title={exact(a.expires_at)}>expires {until(a.expires_at, now)}</span> : null}</span>
        <span className="hm muted"><span className="ht">{a.about_title ?? 'no alert, no case'}</span><span>{asker(a)}</span></span>
      </button>
    </li>
  );
}
