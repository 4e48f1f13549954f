import { useRef, useState } from 'react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Refused, answer, api } from '../api/client';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { bytes, compact, exact, number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { Words } from '../ui/Words';
import { CreateTenant } from './CreateTenant';
import { DeleteTenant } from './DeleteTenant';
import { LimitTenant } from './LimitTenant';
import { Provider } from './Provider';
import { fits, share, type Tenant } from './tenants';
import type { TenantSearch } from './search';

const route = getRouteApi('/tenants');
const REFRESH_MS = 10_000;
type Window = { of: 'limit' | 'provider' | 'delete'; tenant: Tenant };

/** Who is on this installation, what each uses and may use. */
export default function TenantsPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/tenants' });
  const client = useQueryClient();
  const may = useMay('tenants:write');
  const words = useRef<HTMLInputElement>(null);
  const [cursor, setCursor] = useState(-1);
  const [shown, setShown] = useState<Window>();
  const change = (c: Partial<TenantSearch>) => { setCursor(-1); void nav({ search: (p) => ({ ...p, ...c }), replace: true }); };
  const found = useInfiniteQuery({
    queryKey: ['tenants'],
    queryFn: ({ signal, pageParam }) => answer(api.GET('/v1/tenants', { params: { query: { limit: 200, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: REFRESH_MS,
  });
  const all = found.data?.pages.flatMap((p) => p.tenants) ?? [];
  const rows = all.filter((t) => fits(t, search.q));
  const again = () => client.invalidateQueries({ queryKey: ['tenants'] });
  const flip = useMutation({
    mutationFn: (t: Tenant) => answer(t.state === 'active' ? api.POST('/v1/tenants/{tenant}/suspend', { params: { path: { tenant: t.id } } }) : api.POST('/v1/tenants/{tenant}/resume', { params: { path: { tenant: t.id } } })),
    onSuccess: (t) => said(t.state === 'active' ? `${t.name} is back` : `${t.name} is suspended; its data is kept`),
    onError: (e) => failed('Nothing was changed', e instanceof Refused ? e.message : String(e)),
    onSettled: again,
  });
  const at = rows[cursor];
  const move = (d: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, cursor + d));
    setCursor(to);
    document.getElementById(`tenant-${rows[to]?.id ?? ''}`)?.scrollIntoView({ block: 'nearest' });
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'The one before', group: 'Move', run: () => move(-1) },
    { keys: ['n'], label: 'New tenant', group: 'Tenant', run: () => { if (may) change({ new: 'tenant' }); } },
    { keys: ['l'], label: 'Quota', group: 'Tenant', run: () => { if (may && at) setShown({ of: 'limit', tenant: at }); } },
    { keys: ['p'], label: 'Provider', group: 'Tenant', run: () => { if (may && at && !at.own) setShown({ of: 'provider', tenant: at }); } },
    { keys: ['s'], label: 'Suspend or resume', group: 'Tenant', run: () => { if (may && at && !at.own) flip.mutate(at); } },
    { keys: ['d'], label: 'Delete one that is suspended', group: 'Tenant', run: () => { if (may && at?.state === 'suspended') setShown({ of: 'delete', tenant: at }); } },
    { keys: ['/'], label: 'Id or name', group: 'Filter', run: () => words.current?.focus() },
    { keys: ['r'], label: 'Ask again', group: 'Tenants', run: () => { void found.refetch(); } },
  ]);
  return (
    <div className="page" tabIndex={0} role="region" aria-label="Tenants">
      <div className="pagehead">
        <h1>Tenants</h1>
        <span className="muted">{found.data ? `${number(all.length)}${found.hasNextPage ? ' and more' : ''}` : ''}</span>
        <span className="grow1" />
        <Words id="tenant-words" label="Id or name" q={search.q} change={(q) => change({ q })} input={words} />
        {may ? <button type="button" className="btn" data-primary onClick={() => change({ new: 'tenant' })}>New tenant <Key k="n" /></button> : null}
      </div>
      {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting /> : null}
      {found.data && rows.length === 0 ? (
        <div className="empty"><h2>No tenant is called so</h2><p className="muted">Words are looked for in ids and names{found.hasNextPage ? ' of those that are loaded' : ''}.</p><button type="button" className="btn" onClick={() => change({ q: undefined })}>Show all</button></div>
      ) : null}
      {rows.length > 0 ? (
        <section className="card">
          <div className="scrollx" tabIndex={0} role="region" aria-label="Table of tenants">
            <table className="tbl">
              <thead><tr><th scope="col">Tenant</th><th scope="col">State</th><th scope="col" className="num">People</th><th scope="col" className="num">Events</th><th scope="col" className="num">Storage</th><th scope="col" className="num">Events/s</th><th scope="col" className="num">Refused</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
              <tbody>{rows.map((t, i) => <Row key={t.id} t={t} current={i === cursor} may={may} limit={() => setShown({ of: 'limit', tenant: t })} provider={() => setShown({ of: 'provider', tenant: t })} flip={() => flip.mutate(t)} remove={() => setShown({ of: 'delete', tenant: t })} />)}</tbody>
            </table>
          </div>
          {found.hasNextPage ? <p className="pad"><button type="button" className="btn" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>More</button></p> : null}
        </section>
      ) : null}
      {found.data && all.length === 1 ? <p className="muted pad">Only the installation’s own tenant is here. A tenant is an organisation with people, tokens and events of its own, of which no other sees anything; the own tenant’s people make and limit them.</p> : null}
      <CreateTenant opened={search.new === 'tenant' && may} close={() => change({ new: undefined })} made={() => void again()} />
      {shown?.of === 'limit' ? <LimitTenant tenant={shown.tenant} close={() => setShown(undefined)} done={() => void again()} /> : null}
      {shown?.of === 'provider' ? <Provider tenant={all.find((t) => t.id === shown.tenant.id) ?? shown.tenant} all={all} close={() => setShown(undefined)} done={() => void again()} /> : null}
      {shown?.of === 'delete' ? <DeleteTenant tenant={shown.tenant} close={() => setShown(undefined)} done={() => void again()} /> : null}
    </div>
  );
}

type RowProps = { t: Tenant; current: boolean; may: boolean; limit: () => void; provider: () => void; flip: () => void; remove: () => void };

function Row({ t, current, may, limit, provider, flip, remove }: RowProps) {
  const q = t.quota;
  return (
    <tr id={`tenant-${t.id}`} aria-current={current || undefined}>
      <td className="said" title={`Since ${exact(t.created_at)}`}><strong>{t.name}</strong> <span className="mono muted">{t.id}</span>{t.own ? <span className="muted"> · runs the installation</span> : null}{t.parent ? <div className="small muted">looked after by <span className="mono">{t.parent}</span></div> : null}</td>
      <td><span className={`pill ${t.state === 'active' ? 'c-ok' : 'c-quiet'}`}>{t.state}</span></td>
      <td className="num">{number(t.users)}</td>
      <td className="num" title={number(t.events)}>{compact(t.events)}</td>
      <td className="num nowrap"><Used said={bytes(t.storage_bytes)} of={q.storage_bytes == null ? undefined : bytes(q.storage_bytes)} full={share(t.storage_bytes, q.storage_bytes)} /></td>
      <td className="num nowrap"><Used said={number(t.events_per_second)} of={q.events_per_second == null ? undefined : number(q.events_per_second)} full={share(t.events_per_second, q.events_per_second)} /></td>
      <td className="num">{t.refused > 0 ? number(t.refused) : <span className="muted">–</span>}</td>
      <td className="nowrap num">
        {may ? <button type="button" className="btn" aria-label={`Quota of ${t.name}`} onClick={limit}>Quota</button> : null}
        {may && !t.own ? <> <button type="button" className="btn" aria-label={`Provider of ${t.name}`} onClick={provider}>Provider</button></> : null}
        {may && !t.own ? <> <button type="button" className="btn" aria-label={`${t.state === 'active' ? 'Suspend' : 'Resume'} ${t.name}`} onClick={flip}>{t.state === 'active' ? 'Suspend' : 'Resume'}</button></> : null}
        {may && t.state === 'suspended' ? <> <button type="button" className="btn" data-danger aria-label={`Delete ${t.name}`} onClick={remove}>Delete</button></> : null}
      </td>
    </tr>
  );
}

/** What is used, and of how much. */
function Used({ said: text, of, full }: { said: string; of: string | undefined; full: number | undefined }) {
  return <span className={full !== undefined && full >= 0.9 ? 'tone c-failing' : undefined}>{text}{of === undefined ? null : <span className="muted"> of {of}</span>}</span>;
}
