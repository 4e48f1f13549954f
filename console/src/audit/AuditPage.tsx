import { useRef, useState } from 'react';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { answer, api } from '../api/client';
import { Waiting } from '../ui/EventView';
import { exact, when } from '../ui/format';
import { CollapseIcon, ExpandIcon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { Json, Key, ProblemBox } from '../ui/parts';
import { Words } from '../ui/Words';
import { ChainStatus } from './ChainStatus';
import { StreamStatus } from './StreamStatus';
import { KINDS, VERIFICATION, exportAddress, type AuditEntry } from './audit';
import type { AuditSearch } from './search';

const route = getRouteApi('/audit');
const PAGE = 100;

/** Who did what, to what and from where; whether the record of it is whole. */
export default function AuditPage() {
  const { stream, ...search } = route.useSearch();
  const nav = useNavigate({ from: '/audit' });
  const client = useQueryClient();
  const words = useRef<HTMLInputElement>(null);
  const [cursor, setCursor] = useState(-1);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const change = (c: Partial<AuditSearch>) => { setCursor(-1); void nav({ search: (p) => ({ ...p, ...c }), replace: true }); };
  const found = useInfiniteQuery({
    queryKey: ['audit', search],
    queryFn: ({ signal, pageParam }) => answer(api.GET('/v1/audit', { params: { query: { ...search, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const all = found.data?.pages.flatMap((p) => p.entries) ?? [];
  const narrowed = search.action ?? search.actor ?? search.object;
  const clear = () => change({ action: undefined, actor: undefined, object: undefined });
  const flip = (seq: number) => setOpen((now) => { const next = new Set(now); if (!next.delete(seq)) next.add(seq); return next; });
  const move = (d: number) => {
    const to = Math.max(0, Math.min(all.length - 1, cursor + d));
    setCursor(to);
    document.getElementById(`audit-${all[to]?.seq ?? 0}`)?.scrollIntoView({ block: 'nearest' });
    if (to > all.length - 10 && found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
  };
  const at = all[cursor];
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Older', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Newer', group: 'Move', run: () => move(-1) },
    { keys: ['o', 'Enter'], label: 'Show or hide what belongs to it', group: 'Entry', run: () => { if (at) flip(at.seq); } },
    { keys: ['a'], label: 'Only this one’s acts', group: 'Entry', run: () => { if (at) change({ actor: search.actor ? undefined : at.actor }); } },
    { keys: ['b'], label: 'Only acts on this object', group: 'Entry', run: () => { if (at) change({ object: search.object ? undefined : at.object }); } },
    { keys: ['/'], label: 'An object', group: 'Filter', run: () => words.current?.focus() },
    { keys: ['0'], label: 'All filters off', group: 'Filter', run: clear },
    { keys: ['r'], label: 'Ask again', group: 'Log', run: () => { void found.refetch(); } },
    { keys: ['s'], label: 'Where the log goes besides', group: 'Log', run: () => change({ stream: 'yes' }) },
    { keys: ['v'], label: 'Check the chain', group: 'Log', run: () => { void client.refetchQueries({ queryKey: VERIFICATION.queryKey }); } },
  ]);
  return (
    <div className="page" tabIndex={0} role="region" aria-label="Audit log">
      <div className="pagehead">
        <h1>Audit log</h1>
        <span className="grow1" />
        <span className="audit-words"><Words id="audit-object" label="Object, such as alert: or user:ID" q={search.object} change={(object) => change({ object })} input={words} /></span>
        <a className="btn" href={exportAddress(search)} download="audit.ndjson">Export NDJSON</a>
      </div>
      <div className="audit-chain"><ChainStatus /><StreamStatus opened={stream === 'yes'} open={(on) => change({ stream: on ? 'yes' : undefined })} /></div>
      <div className="row wrap audit-filters" role="group" aria-label="Filters">
        {KINDS.map((k) => <button type="button" key={k} className="chip" aria-pressed={search.action === `${k}.`} onClick={() => change({ action: search.action === `${k}.` ? undefined : `${k}.` })}>{k}</button>)}
        {search.actor ? <button type="button" className="chip" aria-pressed="true" title="Show everybody’s acts" onClick={() => change({ actor: undefined })}>by {all[0]?.actor === search.actor ? all[0].actor_name : search.actor} ✕</button> : null}
        {narrowed ? <button type="button" className="btn" onClick={clear}>Clear <Key k="0" /></button> : null}
      </div>
      {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting /> : null}
      {found.data && all.length === 0 ? (
        <div className="empty">{narrowed ? <><h2>Nothing of the kind was done</h2><p className="muted">An object is found whole, or by its beginning when that ends with a colon.</p><button type="button" className="btn" onClick={clear}>Clear the filters <Key k="0" /></button></> : <><h2>Nothing was done yet</h2><p className="muted">Every sign-in, change, export and refusal is kept here, in the transaction that does it, each entry chained to the one before.</p></>}</div>
      ) : null}
      {all.length > 0 ? (
        <section className="card">
          <div className="scrollx" tabIndex={0} role="region" aria-label="Entries">
            <table className="tbl">
              <thead><tr><th scope="col" className="num">No.</th><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">On what</th><th scope="col">From</th><th scope="col"><span className="vh">More</span></th></tr></thead>
              <tbody>{all.map((e, i) => <Entry key={e.seq} e={e} current={i === cursor} open={open.has(e.seq)} flip={() => flip(e.seq)} only={change} />)}</tbody>
            </table>
          </div>
          {found.hasNextPage ? <p className="pad"><button type="button" className="btn" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>Older ones</button></p> : null}
        </section>
      ) : null}
    </div>
  );
}

function Entry({ e, current, open, flip, only }: { e: AuditEntry; current: boolean; open: boolean; flip: () => void; only: (c: Partial<AuditSearch>) => void }) {
  return (
    <>
      <tr id={`audit-${e.seq}`} aria-current={current || undefined}>
        <td className="num mono">{e.seq}</td>
        <td className="nowrap mono" title={exact(e.at)}>{when(e.at)}</td>
        <td><button type="button" className="link" title={`Only the acts of ${e.actor}`} onClick={() => only({ actor: e.actor })}>{e.actor_name}</button></td>
        <td className="mono nowrap">{e.action}</td>
        <td><button type="button" className="link mono" title="Only acts on this" onClick={() => only({ object: e.object })}>{e.object}</button></td>
        <td className="mono nowrap">{e.address || <span className="muted">the platform</span>}</td>
        <td className="num"><button type="button" className="icon" aria-expanded={open} aria-label={`${open ? 'Hide' : 'Show'} what belongs to entry ${e.seq}`} onClick={flip}>{open ? <CollapseIcon size={14} /> : <ExpandIcon size={14} />}</button></td>
      </tr>
      {open ? (
        <tr><td colSpan={7}>
          {Object.keys(e.detail).length > 0 ? <Json value={e.detail} label={`Detail of entry ${e.seq}`} /> : null}
          <dl className="audit-more"><dt>Request</dt><dd className="mono">{e.request_id || 'none'}</dd><dt>Actor</dt><dd className="mono">{e.actor}</dd><dt>Hash</dt><dd className="mono">{e.hash}</dd></dl>
        </td></tr>
      ) : null}
    </>
  );
}
