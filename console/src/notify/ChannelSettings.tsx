import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SEVERITIES } from '../api/client';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { ago, exact, number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { CHANNELS, KINDS, again, draftOf, fresh, remove, replay, save, test, type Channel, type Draft, type Kind } from './channels';

/** Where people are told of escalated alerts, and what they were told. */
export default function ChannelSettings() {
  const client = useQueryClient();
  const may = useMay('notifications:write');
  const found = useQuery(CHANNELS);
  const [editing, setEditing] = useState<Channel | 'new'>();
  const [leaving, setLeaving] = useState<Channel>();
  const all = found.data?.channels ?? [];
  useKeys(may ? [{ keys: ['n'], label: 'New channel', group: 'Notifications', run: () => setEditing('new') }] : []);
  const tried = useMutation({
    mutationFn: test,
    onSuccess: (t, c) => (t.ok ? said(`${c.name} has taken the test`) : failed(`${c.name} did not take the test`, t.detail)),
    onError: (e, c) => failed(`${c.name} was not tested`, e.message),
  });
  const anew = useMutation({ mutationFn: replay, onSuccess: (r) => said(`${number(r.replayed)} ${r.replayed === 1 ? 'alert is' : 'alerts are'} tried anew`), onError: (e) => failed('Nothing is tried anew', e.message), onSettled: () => again(client) });
  const drop = useMutation({ mutationFn: remove, onSuccess: () => { said('Nobody is told there any more'); setLeaving(undefined); }, onSettled: () => again(client) });
  return (
    <div className="pad stack">
      <div className="row wrap"><h2 className="grow1">Notifications</h2>{may ? <button type="button" className="btn" data-primary onClick={() => setEditing('new')}>New channel <Key k="n" /></button> : null}</div>
      <p className="muted">Each alert that is escalated, by a decision or by somebody, is told once to every channel that wants its severity.</p>
      {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting /> : null}
      {found.data && found.data.dead > 0 ? (
        <div className="notice" role="status"><strong>{number(found.data.dead)} escalated {found.data.dead === 1 ? 'alert was' : 'alerts were'} not taken by a channel</strong><p>It was tried four times over three minutes. Mend the channel, press Test, then have them tried anew.</p>{may ? <div className="row"><button type="button" className="btn" disabled={anew.isPending} onClick={() => anew.mutate()}>Try anew</button></div> : null}</div>
      ) : null}
      {found.data && all.length === 0 ? <div className="empty"><h2>Nobody is told outside the console</h2><p className="muted">Have the person on call told by Slack, PagerDuty, e-mail or a webhook of your own, with what happened, why it was escalated and a link. Nothing else leaves, and no more than you allow an hour.</p>{may ? <div className="row"><button type="button" className="btn" onClick={() => setEditing('new')}>New channel <Key k="n" /></button></div> : null}</div> : null}
      {all.length > 0 ? (
        <section className="card">
          <div className="scrollx" tabIndex={0} role="region" aria-label="Channels">
            <table className="tbl">
              <thead><tr><th scope="col">Channel</th><th scope="col">Goes to</th><th scope="col">From</th><th scope="col">An hour</th><th scope="col">Last</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
              <tbody>
                {all.map((c) => (
                  <tr key={c.id}>
                    <td>{c.name}<div className="muted">{KINDS[c.kind].name}</div></td>
                    <td className="mono">{c.target}</td>
                    <td>{c.min_severity}</td>
                    <td>{number(c.per_hour)}</td>
                    <td><Standing of={c} /></td>
                    <td>{may ? <div className="row"><button type="button" className="btn" aria-label={`Test ${c.name}`} disabled={tried.isPending} onClick={() => tried.mutate(c)}>Test</button><button type="button" className="btn" aria-label={`Change ${c.name}`} onClick={() => setEditing(c)}>Change</button><button type="button" className="btn" aria-label={`Delete ${c.name}`} onClick={() => setLeaving(c)}>Delete</button></div> : null}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ) : null}
      {found.data && found.data.newest.length > 0 ? (
        <section>
          <h3 className="cap">What was told last</h3>
          <ul className="hist" aria-label="What was told last">{found.data.newest.map((n) => <li key={n.alert_id + n.channel} className="row"><span className="mono muted">{exact(n.at)}</span><span className={`pill ${n.state === 'sent' ? 'c-ok' : 'c-low'}`}>{n.state === 'sent' ? 'sent' : 'held back'}</span><span>{n.channel}</span><Link className="grow1" to="/alerts" search={{ alert: n.alert_id }}>{n.title}</Link></li>)}</ul>
        </section>
      ) : null}
      {editing ? (
        <Dialog opened close={() => setEditing(undefined)} title={editing === 'new' ? 'New channel' : editing.name} firm>
          <Form before={editing === 'new' ? undefined : editing} mail={found.data?.mail ?? false} close={() => setEditing(undefined)} done={() => { setEditing(undefined); void again(client); }} />
        </Dialog>
      ) : null}
      {leaving ? (
        <Dialog opened close={() => setLeaving(undefined)} title={`Delete ${leaving.name}`}>
          <div style={{ display: 'grid', gap: 14 }}>
            <p>Nobody is told there any more, and its secret is forgotten. To pause it, switch it off instead.</p>
            {drop.isError ? <ProblemBox problem={drop.error} /> : null}
            <div className="row"><button type="button" className="btn" data-danger disabled={drop.isPending} onClick={() => drop.mutate(leaving)}>Delete {leaving.name}</button><button type="button" className="btn" data-autofocus onClick={() => setLeaving(undefined)}>Keep</button></div>
          </div>
        </Dialog>
      ) : null}
    </div>
  );
}

function Standing({ of }: { of: Channel }) {
  const now = Date.now();
  if (!of.enabled) return <span className="pill c-quiet">off</span>;
  if (of.failure) return <><span className="pill c-failing">not taken</span><div className="muted">{of.failure}{of.failed_at ? `, ${ago(of.failed_at, now)}` : ''}</div></>;
  return of.sent_at ? <><span className="pill c-ok">taken</span><div className="muted">{ago(of.sent_at, now)}</div></> : <span className="muted">nothing yet</span>;
}

function Form({ before, mail, close, done }: { before: Channel | undefined; mail: boolean; close: () => void; done: () => void }) {
  const [draft, setDraft] = useState<Draft>(() => (before ? draftOf(before) : fresh('slack')));
  const set = (c: Partial<Draft>) => setDraft((d) => ({ ...d, ...c }));
  const words = KINDS[draft.kind];
  const keep = useMutation({ mutationFn: () => save(draft, before), onSuccess: (c) => { said(`${c.name} is kept`); done(); } });
  const submit = (e: FormEvent<HTMLFormElement>) => { e.preventDefault(); keep.mutate(); };
  return (
    <form className="form" onSubmit={submit}>
      {before ? null : (
        <label>Kind
          <select className="input" value={draft.kind} data-autofocus onChange={(e) => setDraft(fresh(e.target.value as Kind))}>{(Object.keys(KINDS) as Kind[]).map((k) => <option key={k} value={k}>{KINDS[k].name}</option>)}</select>
        </label>
      )}
      <p className="muted">{draft.kind === 'email' && !mail ? 'The installation has no mail server yet: whoever runs it sets mail.server.' : words.hint}</p>
      <label>Name<input className="input" value={draft.name} required maxLength={100} autoComplete="off" onChange={(e) => set({ name: e.target.value })} /></label>
      {words.target ? <label>{words.target}<input className="input mono" value={draft.target} required={words.needsTarget} maxLength={2000} autoComplete="off" spellCheck={false} placeholder={words.placeholder} onChange={(e) => set({ target: e.target.value })} /></label> : null}
      {words.secret ? <label>{words.secret}<input className="input mono" type="password" value={draft.secret} required={words.needsSecret && !before?.has_secret} maxLength={2000} autoComplete="new-password" placeholder={before?.has_secret ? 'kept; type to replace it' : words.needsSecret ? '' : 'none: not signed'} onChange={(e) => set({ secret: e.target.value })} /></label> : null}
      <div className="two">
        <label>From severity<select className="input" value={draft.least} onChange={(e) => set({ least: e.target.value as Draft['least'] })}>{SEVERITIES.map((s) => <option key={s} value={s}>{s}</option>)}</select></label>
        <label>At most an hour<input className="input" type="number" min={1} max={1000} required value={draft.perHour} onChange={(e) => set({ perHour: e.target.value })} /></label>
      </div>
      <label className="check"><input type="checkbox" checked={draft.enabled} onChange={(e) => set({ enabled: e.target.checked })} />Tell people there</label>
      {keep.isError ? <ProblemBox problem={keep.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={keep.isPending}>Keep</button><button type="button" className="btn" onClick={close}>Cancel</button></div>
    </form>
  );
}
