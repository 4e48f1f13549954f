import { useEffect, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Refused, answer, api } from '../api/client';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { number } from '../ui/format';
import { PlusIcon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { HuntDetail } from './HuntDetail';
import { HuntForm } from './HuntForm';
import { HuntList } from './HuntList';
import { RaiseDialog } from './RaiseDialog';
import { underWay } from './hunt';
import type { HuntsSearch } from './search';

const route = getRouteApi('/hunts');
const IDLE_MS = 15_000;
const BUSY_MS = 1_000;

export default function HuntsPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/hunts' });
  const client = useQueryClient();
  const may = useMay('hunts:write');
  const mayRaise = useMay('alerts:write') && may;
  const [raising, setRaising] = useState(false);
  const list = useQuery({
    queryKey: ['hunts'],
    queryFn: ({ signal }) => answer(api.GET('/v1/hunts', { signal })),
    refetchInterval: (q) => (q.state.data?.hunts.some(underWay) ? BUSY_MS : IDLE_MS),
  });
  const hunts = list.data?.hunts ?? [];
  const fresh = may && (search.new === 'yes' || (list.isSuccess && hunts.length === 0 && search.hunt === undefined));
  const id = fresh ? undefined : (search.hunt ?? hunts[0]?.id);
  const change = (c: HuntsSearch, replace = false) => void nav({ search: c, replace });
  const open = (hunt: string, replace = false) => change({ hunt }, replace);

  const one = useQuery({
    queryKey: ['hunt', id],
    queryFn: ({ signal }) => answer(api.GET('/v1/hunts/{id}', { params: { path: { id: id! } }, signal })),
    enabled: id !== undefined,
    refetchInterval: (q) => (q.state.data && underWay(q.state.data) ? BUSY_MS / 2 : false),
  });
  // What was said of one that ran is not true of the list any more once it has ended.
  const ended = one.data ? !underWay(one.data) : undefined;
  useEffect(() => { if (ended) void client.invalidateQueries({ queryKey: ['hunts'] }); }, [ended, id, client]);
  const hunt = one.data?.id === id ? one.data : undefined;

  const started = (h: { id: string }) => {
    void client.invalidateQueries({ queryKey: ['hunts'] });
    open(h.id);
  };
  const cancel = async () => {
    if (!hunt || !underWay(hunt)) return;
    try {
      await answer(api.POST('/v1/hunts/{id}/cancel', { params: { path: { id: hunt.id } } }));
      said(`“${hunt.title}” ends soon`);
      await client.invalidateQueries({ queryKey: ['hunt', hunt.id] });
    } catch (e) {
      failed('Not cancelled', e instanceof Refused ? e.message : String(e));
    }
  };
  const canRaise = mayRaise && hunt?.state === 'done' && !hunt.raise && hunt.hits > 0;
  const repeat = () => {
    if (hunt) change({ new: 'yes', ...(hunt.rule ? { like: hunt.id } : hunt.rule_ids.length > 0 ? { rules: hunt.rule_ids.join(',') } : {}), from: hunt.from, to: hunt.to });
  };
  const move = (d: number) => {
    const at = hunts.findIndex((h) => h.id === id);
    const next = hunts[at < 0 ? 0 : Math.max(0, Math.min(hunts.length - 1, at + d))];
    if (!next) return;
    open(next.id, true);
    document.getElementById(`hunt-${next.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next hunt', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous hunt', group: 'Move', run: () => move(-1) },
    ...(may ? [
      { keys: ['n'], label: 'Start a hunt', group: 'Hunt', run: () => change({ new: 'yes' }) },
      { keys: ['r'], label: 'The same again, to change', group: 'Hunt', run: repeat },
      { keys: ['x'], label: 'Cancel what runs', group: 'Hunt', run: () => void cancel() },
    ] : []),
    ...(mayRaise ? [{ keys: ['a'], label: 'Raise the alerts', group: 'Hunt', run: () => { if (canRaise) setRaising(true); } }] : []),
    { keys: ['Escape'], label: 'Back to the hunts', group: 'Hunt', run: () => { if (search.new && hunts.length > 0) change({}); } },
  ]);

  return (
    <div className="hunts">
      <aside className="hside" aria-label="All hunts">
        <header><h1>Hunts</h1><span className="muted">{list.data ? number(hunts.length) : ''}</span><span className="grow1" />{fresh || !may ? null : <button type="button" className="btn" onClick={() => change({ new: 'yes' })}><PlusIcon size={15} />New <Key k="n" /></button>}</header>
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        {list.data && hunts.length === 0 ? <p className="muted pad">None yet. What you start is kept here, with what it found.</p> : null}
        <HuntList hunts={hunts} current={id} now={list.dataUpdatedAt} open={open} />
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label={fresh ? 'New hunt' : 'Hunt'}>
        {fresh ? <HuntForm key={`${search.like ?? ''}/${search.rules ?? ''}`} search={search} change={(c) => change({ ...search, ...c, new: 'yes' }, true)} started={started} first={hunts.length === 0} /> : null}
        {one.isError ? <div className="pad">{one.error instanceof Refused && one.error.status === 404 ? <div className="empty"><h2>There is no such hunt here</h2><p className="muted">It may be of another tenant, or so old that it was dropped: the newest 200 are kept.</p></div> : <ProblemBox problem={one.error} retry={() => void one.refetch()} />}</div> : null}
        {!fresh && id !== undefined && one.isPending ? <div className="pad"><Waiting /></div> : null}
        {hunt ? <HuntDetail key={hunt.id} hunt={hunt} rule={search.rule} onRule={(r) => change({ hunt: hunt.id, rule: r }, true)} cancel={may ? () => void cancel() : undefined} raise={canRaise ? () => setRaising(true) : undefined} repeat={may ? repeat : undefined} /> : null}
      </div>
      {hunt && canRaise ? <RaiseDialog hunt={hunt} opened={raising} close={() => setRaising(false)} started={started} /> : null}
    </div>
  );
}
