import { useState } from 'react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Refused, answer, api, type DeadLetter } from '../api/client';
import { useMay } from '../session/session';
import { exact, number, when } from '../ui/format';
import { CollapseIcon, ExpandIcon, ReplayIcon } from '../ui/icons';
import { CopyButton, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';

const REFRESH_MS = 10_000;

/** Records that could not become events: the reason, the record, and another try. */
export function DeadLetters({ total }: { total: number }) {
  const letters = useInfiniteQuery({
    queryKey: ['dead-letters'],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/v1/dead-letters', { params: { query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: REFRESH_MS,
  });
  const all = letters.data?.pages.flatMap((p) => p.dead_letters) ?? [];
  return (
    <section className="card" aria-labelledby="dead-letters">
      <header><h2 id="dead-letters">Records that could not be read</h2><span className="muted">{number(total)}</span></header>
      {letters.isError ? <div style={{ padding: 14 }}><ProblemBox problem={letters.error} retry={() => void letters.refetch()} /></div> : null}
      {letters.data && all.length === 0 ? <p className="muted" style={{ padding: 14 }}>None. What does not parse is kept here with the reason, so that it can be sent through again once the cause is gone.</p> : null}
      {all.length > 0 ? (
        <div className="scrollx" tabIndex={0} role="region" aria-label="Table of unreadable records">
          <table className="tbl">
            <thead><tr><th scope="col">Received</th><th scope="col">Source</th><th scope="col">Format</th><th scope="col">Reason</th><th scope="col">Record</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
            <tbody>{all.map((l) => <Letter key={l.id} l={l} />)}</tbody>
          </table>
        </div>
      ) : null}
      {letters.hasNextPage ? <p style={{ padding: '8px 14px' }}><button type="button" className="btn" disabled={letters.isFetchingNextPage} onClick={() => void letters.fetchNextPage()}>Older ones</button></p> : null}
    </section>
  );
}

function Letter({ l }: { l: DeadLetter }) {
  const [open, setOpen] = useState(false);
  const may = useMay('sources:write');
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () => answer(api.POST('/v1/dead-letters/{id}/replay', { params: { path: { id: l.id } } })),
    onSuccess: () => said('On its way through the pipeline again'),
    onError: (e) => failed('Not replayed', e instanceof Refused ? e.message : String(e)),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['dead-letters'] }), client.invalidateQueries({ queryKey: ['sources'] })]),
  });
  return (
    <>
      <tr>
        <td className="nowrap mono" title={exact(l.received_at)}>{when(l.received_at)}</td>
        <td>{l.origin}</td>
        <td className="mono">{l.format}</td>
        <td>{l.reason}</td>
        <td><button type="button" className="btn" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? <CollapseIcon size={14} /> : <ExpandIcon size={14} />}{open ? 'Hide' : 'Show'}</button></td>
        <td className="nowrap num">{l.state === 'replayed' ? <span className="pill c-ok">replayed</span> : may ? <button type="button" className="btn" disabled={replay.isPending} onClick={() => replay.mutate()}><ReplayIcon size={15} />Replay</button> : null}</td>
      </tr>
      {open ? <tr><td colSpan={6}><pre className="code" tabIndex={0} aria-label="The record's beginning">{l.sample}</pre><div style={{ marginTop: 6 }}><CopyButton text={l.sample} label="Copy the record's beginning">Copy</CopyButton></div></td></tr> : null}
    </>
  );
}
