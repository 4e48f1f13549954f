import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { copyText } from '../ui/copy';
import { ago, exact, moment } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { CHATS, type Chat } from './account';

/** The chats that one works from. */
export function Chats() {
  const client = useQueryClient();
  const chats = useQuery(CHATS);
  const fresh = () => client.invalidateQueries({ queryKey: CHATS.queryKey });
  const code = useMutation({ mutationFn: () => answer(api.POST('/v1/me/chat-links')), onError: (e) => failed('No code', e.message) });
  const forget = useMutation({
    mutationFn: (c: Chat) => answer(api.DELETE('/v1/me/chat-links/{id}', { params: { path: { id: c.id } } })),
    onSuccess: (_, c) => said(`${c.chat} does not know you any more`),
    onError: (e) => failed('Not forgotten', e.message),
    onSettled: fresh,
  });
  const all = chats.data?.links ?? [];
  const say = code.data ? `/marsad link ${code.data.code}` : '';
  return (
    <section className="card" aria-labelledby="chats">
      <header><h2 id="chats">Chat</h2><span className="muted">{all.length || ''}</span><span className="grow1" /><button type="button" className="btn" disabled={code.isPending} onClick={() => code.mutate()}>Make a code</button></header>
      <div className="pad">
        {chats.isError ? <ProblemBox problem={chats.error} retry={() => void chats.refetch()} /> : null}
        {code.data ? <p role="status">Say this in Slack until {moment(code.data.expires_at)}: <code className="mono">{say}</code> <button type="button" className="btn" onClick={() => void copyText(say)}>Copy</button> <button type="button" className="btn" onClick={() => void fresh()}>I have said it</button></p> : null}
        {all.length === 0 && chats.isSuccess ? <p className="muted">Approve, ask and look things up from Slack, with what you may do here. Make a code, and say it there: then it knows who you are.</p> : null}
        <ul className="ents">{all.map((c) => <li key={c.id} className="row"><strong>{c.chat}</strong><span className="mono">{c.chat_user}</span><span className="muted" title={exact(c.linked_at)}>{ago(c.linked_at, chats.dataUpdatedAt)}</span><span className="grow1" /><button type="button" className="btn" aria-label={`Forget ${c.chat} ${c.chat_user}`} disabled={forget.isPending} onClick={() => forget.mutate(c)}>Forget</button></li>)}</ul>
      </div>
    </section>
  );
}
