import { useEffect, useRef, type FormEvent, type KeyboardEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { STATUSES } from '../api/client';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { exact, when } from '../ui/format';
import { Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { ENTRIES, INBOX, read, sentence, setMail, type Entry, type Inbox } from './inbox';

type Props = { opened: boolean; close: () => void };

/** What I was given, where I am named, what of mine is late. */
export default function InboxDialog({ opened, close }: Props) {
  return <Dialog opened={opened} close={close} title="Inbox">{opened ? <Body close={close} /> : null}</Dialog>;
}

function Body({ close }: { close: () => void }) {
  const client = useQueryClient();
  const nav = useNavigate();
  const list = useRef<HTMLUListElement>(null);
  const inbox = useQuery(ENTRIES);
  const mark = useMutation({ mutationFn: (ids?: string[]) => read(ids), onError: (e) => failed('Not marked', e.message), onSettled: () => client.invalidateQueries({ queryKey: INBOX }) });
  const open = (e: Entry) => {
    if (!e.read_at) mark.mutate([e.id]);
    close();
    if (e.about === 'case') void nav({ to: '/cases/$id', params: { id: e.about_id }, search: e.kind === 'mentioned' || e.kind === 'task' ? { tab: 'notes' } : {} });
    else void nav({ to: '/alerts', search: { alert: e.about_id, status: STATUSES.join(',') } });
  };
  const step = (e: KeyboardEvent) => {
    const d = e.key === 'ArrowDown' || e.key === 'j' ? 1 : e.key === 'ArrowUp' || e.key === 'k' ? -1 : 0;
    const all = [...(list.current?.querySelectorAll('button') ?? [])];
    const next = all[Math.max(0, Math.min(all.length - 1, all.findIndex((b) => b === document.activeElement) + d))];
    if (d === 0 || !next) return;
    e.preventDefault();
    next.focus();
  };
  const loaded = inbox.isSuccess;
  // The list comes after the window: whoever works by keys is at its first entry then.
  useEffect(() => { if (loaded) list.current?.querySelector('button')?.focus(); }, [loaded]);
  if (inbox.isError) return <ProblemBox problem={inbox.error} retry={() => void inbox.refetch()} />;
  if (!inbox.data) return <Waiting />;
  const { entries, unread } = inbox.data;
  return (
    <>
      <div className="row wrap"><span className="muted" role="status">{unread > 0 ? `${unread} unread` : 'All read'}</span><span className="grow1" /><button type="button" className="btn" disabled={unread === 0 || mark.isPending} onClick={() => mark.mutate(undefined)}>Mark all as read</button></div>
      {entries.length === 0 ? <p className="muted">Nothing yet. You find here what others give to you, notes that name you with <span className="mono">@{'name'}</span>, and what of yours is late; the newest 200 of 90 days.</p> : null}
      <ul className="inboxlist" ref={list} onKeyDown={step}>{entries.map((e, i) => (
        <li key={e.id}><button type="button" data-unread={e.read_at === null || undefined} data-autofocus={i === 0 || undefined} onClick={() => open(e)}>
          <span className={e.read_at === null ? 'new' : ''}>{e.read_at === null ? <span className="vh">unread</span> : null}</span><span className="s">{sentence(e)}</span><span className="muted mono" title={exact(e.at)}>{when(e.at)}</span><span className="t">{e.title}</span>
        </button></li>
      ))}</ul>
      {entries.length > 0 ? <p className="muted"><Key k="j" /> <Key k="k" /> move, <Key k="Enter" /> open</p> : null}
      <Mail inbox={inbox.data} />
    </>
  );
}

/** Off unless one wants it. */
function Mail({ inbox }: { inbox: Inbox }) {
  const client = useQueryClient();
  const approves = useMay('actions:read');
  const save = useMutation({ mutationFn: setMail, onSuccess: (s) => { said(s.mail || s.approvals ? `E-mail goes to ${s.address}` : 'No e-mail'); void client.invalidateQueries({ queryKey: INBOX }); } });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    save.mutate({ mail: f.get('mail') === 'on', approvals: f.get('approvals') === 'on', address: String(f.get('address') ?? '').trim() });
  };
  const wants = inbox.mail || inbox.approvals === true;
  if (!inbox.mail_possible && !wants) return <p className="muted inboxmail">It can come by e-mail, too, once your tenant has an e-mail channel that is on (Settings, Notifications).</p>;
  return (
    <form className="form inboxmail" onSubmit={submit} aria-label="By e-mail">
      <div className="row wrap"><label className="row"><input type="checkbox" name="mail" defaultChecked={inbox.mail} /> Also by e-mail</label>{approves ? <label className="row"><input type="checkbox" name="approvals" defaultChecked={inbox.approvals === true} /> What waits for my approval, with a link</label> : null}<input className="input grow1" type="email" name="address" defaultValue={inbox.address} maxLength={254} aria-label="E-mail address" placeholder="ann@example.com" autoComplete="email" /><button type="submit" className="btn" disabled={save.isPending}>Save</button></div>
      {wants && !inbox.mail_possible ? <p className="c-warn">Your tenant has no e-mail channel that is on: nothing is sent.</p> : null}
      {save.isError ? <ProblemBox problem={save.error} /> : null}
    </form>
  );
}
