import { useRef, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Schemas } from '../api/client';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { moment, number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { UNDO_MS, failed, said } from '../ui/toast';
import { ScheduleDetail } from './ScheduleDetail';
import { ScheduleDialog } from './ScheduleDialog';
import { SCHEDULES, again, content, create, reading, remove, runNow, turn, type Schedule } from './schedules';

const route = getRouteApi('/schedules');
const text = (e: unknown) => (e instanceof Error ? e.message : String(e));

/** Searches that run by themselves: what is due, what came of it. */
export default function SchedulesPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/schedules' });
  const client = useQueryClient();
  const may = useMay('searches:write');
  const list = useQuery(SCHEDULES);
  const all = list.data?.schedules ?? [];
  const id = search.schedule ?? all[0]?.id;
  const current = all.find((s) => s.id === id);
  const edit = may && current?.editable ? current : undefined;
  const [changing, setChanging] = useState(false);
  const undo = useRef<{ until: number; run: () => void }>(undefined);
  const open = (schedule: string | undefined, replace = false) => void nav({ search: { schedule }, replace });

  const act = async (what: () => Promise<unknown>, message: string) => {
    try {
      await what();
      said(message);
    } catch (e) {
      failed('Nothing was changed', text(e));
    }
    await again(client);
  };
  const drop = async (s: Schedule) => {
    // It goes from the screen first, so that nothing asks for its runs any more.
    client.setQueryData<Schemas['ScheduleList']>(SCHEDULES.queryKey, (old) => old && { schedules: old.schedules.filter((x) => x.id !== s.id) });
    open(undefined, true);
    const gone = remove(s);
    // Who is quick with the undo waits for the deletion.
    const back = () => { undo.current = undefined; void gone.then(() => create(content(s))).then((n) => again(client).then(() => open(n.id, true))).catch((e: unknown) => failed('Not undone', text(e))); };
    undo.current = { until: Date.now() + UNDO_MS, run: back };
    try {
      await gone;
      said(`“${s.name}” is deleted, its runs with it`, back);
    } catch (e) {
      undo.current = undefined;
      failed(`“${s.name}” is still there`, text(e));
    }
    await again(client);
  };
  const flip = (s: Schedule) => void act(() => turn(s, !s.enabled), s.enabled ? `“${s.name}” is off` : `“${s.name}” is on and looks at what comes from now on`);
  const now = (s: Schedule) => void act(() => runNow(s), `“${s.name}” runs in a moment`);
  const move = (d: number) => {
    const i = all.findIndex((s) => s.id === id);
    const next = all[i < 0 ? 0 : Math.max(0, Math.min(all.length - 1, i + d))];
    if (next) open(next.id, true);
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => move(-1) },
    ...(may ? [
      { keys: ['r'], label: 'Run it now', group: 'Schedule', run: () => { if (edit) now(edit); } },
      { keys: ['e'], label: 'Change it', group: 'Schedule', run: () => { if (edit) setChanging(true); } },
      { keys: ['x'], label: 'Turn it off or on', group: 'Schedule', run: () => { if (edit) flip(edit); } },
      { keys: ['d'], label: 'Delete it', group: 'Schedule', run: () => { if (edit) void drop(edit); } },
      { keys: ['u'], label: 'Undo', group: 'Schedule', run: () => { if (undo.current && undo.current.until > Date.now()) undo.current.run(); } },
    ] : []),
  ]);
  return (
    <div className="hunts">
      <aside className="hside" aria-label="All schedules">
        <header><h1>Schedules</h1><span className="muted">{list.data ? number(all.length) : ''}</span></header>
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        <ul className="hlist" aria-label="Schedules">
          {all.map((s) => (
            <li key={s.id}>
              <button type="button" aria-current={s.id === id || undefined} onClick={() => open(s.id)}>
                <span className="ht" title={s.name}>{s.name}</span>
                <span className="hm muted"><span className="ht">{reading(s.cron)}</span></span>
                <span className="hm muted">{s.enabled ? <span className="pill c-ok">on</span> : <span className="pill c-quiet">off</span>}{s.alert ? <span className="tag">alerts</span> : null}<span className="grow1" />{s.next_at ? `next ${moment(s.next_at)}` : ''}</span>
              </button>
            </li>
          ))}
        </ul>
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label="Schedule">
        {list.data && all.length === 0 ? (
          <div className="empty"><h2>No search runs by itself yet</h2><p className="muted">What you look for every hour, the platform can look for: write the query in the search and press <Key k="c" />. Each run looks at what came in since the one before, keeps what it found, and raises an alert if you want one. A rule reacts at once to one event; a schedule counts, compares and sums up.</p><div className="row"><Link className="btn" data-primary to="/search">To the search <Key k="g s" /></Link></div></div>
        ) : null}
        {list.data && search.schedule && !current && all.length > 0 ? <div className="empty"><h2>There is no such schedule here</h2><p className="muted">It may have been deleted.</p></div> : null}
        {current ? <ScheduleDetail key={current.id} of={current} run={search.run} onRun={(run) => void nav({ search: { schedule: current.id, run }, replace: true })} may={edit !== undefined} now={() => now(current)} flip={() => flip(current)} change={() => setChanging(true)} drop={() => void drop(current)} /> : null}
      </div>
      {edit ? <ScheduleDialog opened={changing} close={() => setChanging(false)} of={edit} saved={() => {}} /> : null}
    </div>
  );
}
