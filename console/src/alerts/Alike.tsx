import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { STATUSES, answer, api, type Alert, type Verdict } from '../api/client';
import { useMay } from '../session/session';
import { number, when, words } from '../ui/format';
import { ProblemBox, StatusPill } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { wire } from './triage';

const SHOWN = 5;

/** After a verdict: what was the same before, and is judged otherwise or not at all. */
export default function Alike({ id, verdict }: { id: string; verdict: Verdict }) {
  const client = useQueryClient();
  const may = useMay('alerts:write');
  const found = useQuery({ queryKey: ['alike', id], queryFn: ({ signal }) => answer(api.GET('/v1/alerts/{id}/alike', { params: { path: { id } }, signal })), staleTime: 10_000 });
  const others = differing(found.data?.alerts ?? [], verdict);
  const again = () => client.invalidateQueries({ predicate: ({ queryKey: [k] }) => k === 'alike' || k === 'alert' || k === 'decision' });
  const back = useMutation({
    mutationFn: (undo: string) => wire.undo(undo),
    onSuccess: (u) => { said(`Undone: ${number(u.restored)} are as before${u.changed_since > 0 ? `; ${number(u.changed_since)} were changed since and stay so` : ''}`); void again(); },
    onError: (e) => failed('Not undone', e.message),
  });
  const apply = useMutation({
    mutationFn: () => wire.many({ ids: others.map((a) => a.id), act: { judge: verdict }, comment: `as alert ${id}`, dry_run: false }),
    onSuccess: (r) => { const { undo } = r; said(`${number(r.changed)} are ${words(verdict)}, too`, undo ? () => back.mutate(undo) : undefined); void again(); },
    onError: (e) => failed('Nothing was changed', e.message),
  });
  if (found.isError) return <section><ProblemBox problem={found.error} retry={() => void found.refetch()} /></section>;
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="alike">
      <h3 className="cap" id="alike">{others.length === 1 ? '1 other alert looks the same' : `${number(others.length)} other alerts look the same`}</h3>
      <p className="muted">The same rule about the same hosts, users, addresses and programs; {split(others)}.{found.data && found.data.total > found.data.alerts.length ? ` Of the newest ${number(found.data.alerts.length)}.` : ''}</p>
      <ul className="hist">{others.slice(0, SHOWN).map((a) => <li key={a.id} className="row"><StatusPill status={a.status} verdict={a.verdict} /><Link className="grow1" to="/alerts" search={{ alert: a.id, status: STATUSES.join(',') }}>{a.title}</Link><span className="muted mono">{when(a.time)}</span></li>)}</ul>
      {others.length > SHOWN ? <p className="muted">and {number(others.length - SHOWN)} more</p> : null}
      {may ? <div className="row"><button type="button" className="btn" disabled={apply.isPending} onClick={() => apply.mutate()}>{words(verdict)[0]!.toUpperCase() + words(verdict).slice(1)} for {others.length === 1 ? 'it' : `all ${number(others.length)}`}, too</button></div> : null}
    </section>
  );
}

/** Those to whom the verdict would be news. */
export const differing = (alerts: readonly Alert[], verdict: Verdict) => alerts.filter((a) => a.verdict !== verdict);

/** "2 open, 3 closed as benign". */
export function split(alerts: readonly Alert[]): string {
  const by = new Map<string, number>();
  for (const a of alerts) {
    const k = a.verdict ? `closed as ${words(a.verdict)}` : a.status === 'dismissed' ? 'dismissed' : 'open';
    by.set(k, (by.get(k) ?? 0) + 1);
  }
  return [...by].map(([k, n]) => `${number(n)} ${k}`).join(', ');
}
