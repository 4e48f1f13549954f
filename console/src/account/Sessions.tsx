import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Refused, answer, api } from '../api/client';
import { Waiting } from '../ui/EventView';
import { ago, exact } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { METHODS, SESSIONS, device, type OpenSession } from './account';

/** Where one is signed in, and the end of that. */
export function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery(SESSIONS);
  const fresh = () => client.invalidateQueries({ queryKey: SESSIONS.queryKey });
  const refused = (e: Error) => failed('Not ended', e instanceof Refused ? e.message : String(e));
  const end = useMutation({
    mutationFn: (s: OpenSession) => answer(api.DELETE('/v1/auth/sessions/{id}', { params: { path: { id: s.id } } })),
    onSuccess: (_, s) => said(`The session on ${device(s.agent)} is over`),
    onError: refused,
    onSettled: fresh,
  });
  const endOthers = useMutation({
    mutationFn: () => answer(api.POST('/v1/auth/sessions/end-others')),
    onSuccess: ({ ended }) => said(ended === 1 ? 'One other session is over' : `${ended} other sessions are over`),
    onError: refused,
    onSettled: fresh,
  });
  const all = sessions.data?.sessions ?? [];
  return (
    <section className="card" aria-labelledby="sessions">
      <header><h2 id="sessions">Sessions</h2><span className="muted">{all.length || ''}</span><span className="grow1" />{all.length > 1 ? <button type="button" className="btn" disabled={endOthers.isPending} onClick={() => endOthers.mutate()}>End all others</button> : null}</header>
      {sessions.isPending ? <Waiting /> : null}
      {sessions.isError ? <div className="pad"><ProblemBox problem={sessions.error} retry={() => void sessions.refetch()} /></div> : null}
      {all.length > 0 ? (
        <div className="scrollx" tabIndex={0} role="region" aria-label="Table of sessions">
          <table className="tbl">
            <thead><tr><th scope="col">Device</th><th scope="col">From</th><th scope="col">By</th><th scope="col">Began</th><th scope="col">Last seen</th><th scope="col">Ends</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
            <tbody>
              {all.map((s) => (
                <tr key={s.id} data-session={s.current ? 'current' : 'other'}>
                  <td title={s.agent}><strong>{device(s.agent)}</strong>{s.current ? <> <span className="pill c-ok">this one</span></> : null}</td>
                  <td className="mono nowrap">{s.address}</td>
                  <td className="nowrap">{METHODS[s.method]}</td>
                  <td className="nowrap" title={exact(s.created_at)}>{ago(s.created_at, sessions.dataUpdatedAt)}</td>
                  <td className="nowrap" title={exact(s.last_seen_at)}>{ago(s.last_seen_at, sessions.dataUpdatedAt)}</td>
                  <td className="nowrap mono">{exact(s.expires_at).replace(/:\d\d\.\d+$/, '')}</td>
                  <td className="nowrap num">{s.current ? null : <button type="button" className="btn" aria-label={`End the session on ${device(s.agent)}`} disabled={end.isPending} onClick={() => end.mutate(s)}>End</button>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </section>
  );
}
