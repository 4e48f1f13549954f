import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { words } from '../ui/format';
import type { Binding } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { Parameters, RadiusLabel } from './parts';
import { RADIUS, again, agreed, approve, dangerous, grave, inWords, isTask, named, needed, refuse, rollBack, settle, waitsFor, type Action } from './respond';

type What = 'approve' | 'refuse' | 'answer' | 'roll_back';

/**
 * What can be done about an action here and now: the buttons' acts, the keys, and the windows that ask.
 *
 * @param next called when it was decided about
 */
export function useDecide(a: Action | undefined, next: (after: Action) => void = () => {}) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<{ what: What; of: Action }>();
  const quick = useMutation({
    mutationFn: (of: Action) => approve(of, ''),
    onSuccess: (after) => { said(agreedWords(after)); next(after); },
    onError: (e) => { const w = inWords(e); failed(w?.title ?? 'Not approved', w?.text ?? e.message); },
    onSettled: () => again(client),
  });
  const ask = (what: What) => {
    if (!a || quick.isPending) return;
    if (what === 'approve' && a.may.approve && !grave(a)) quick.mutate(a);
    else if (a.may[what]) setAsking({ what, of: a });
    else failed('Not possible', a.why_not ?? 'You may not do that.');
  };
  const waits = a ? waitsFor(a) : undefined;
  const keys: Binding[] = [
    ...(waits === 'approval' ? [{ keys: ['y'], label: 'Approve', group: 'Action', run: () => ask('approve') }, { keys: ['n'], label: 'Refuse…', group: 'Action', run: () => ask('refuse') }] : []),
    ...(waits === 'task' || waits === 'outcome' ? [{ keys: ['a'], label: waits === 'task' ? 'Say what came of the task…' : 'Say what became of it…', group: 'Action', run: () => ask('answer') }] : []),
    ...(a?.may.roll_back ? [{ keys: ['b'], label: 'Roll it back…', group: 'Action', run: () => ask('roll_back') }] : []),
  ];
  const close = () => setAsking(undefined);
  const windows = (
    <Dialog opened={asking !== undefined} close={close} firm title={asking ? TITLE[asking.what](asking.of) : ''}>
      {asking ? <Ask key={asking.of.id + asking.what} what={asking.what} a={asking.of} close={close} done={(after) => { close(); next(after); }} /> : null}
    </Dialog>
  );
  return { ask, keys, windows, busy: quick.isPending };
}

const agreedWords = (after: Action) => (after.status === 'awaiting_approval' ? `You agreed; ${needed(after) - agreed(after)} more person has to` : 'Approved');

const TITLE: Record<What, (a: Action) => string> = {
  approve: (a) => `Approve: ${named(a)}`,
  refuse: (a) => `Refuse: ${named(a)}`,
  answer: (a) => (isTask(a) ? named(a) : 'What became of it?'),
  roll_back: (a) => `Roll back: ${named(a)}`,
};

/** The buttons; what somebody may not do is said with why. */
export function DecideButtons({ a, ask, busy }: { a: Action; ask: (what: What) => void; busy: boolean }) {
  const waits = waitsFor(a);
  if (!waits && !a.may.roll_back) return a.why_not && a.status === 'completed' && a.reverse && !a.reversed_by ? <p className="muted">You cannot roll it back. {a.why_not}</p> : null;
  const any = waits === 'approval' ? a.may.approve || a.may.refuse : waits ? a.may.answer : true;
  return (
    <div className="row wrap">
      {waits === 'approval' && a.may.approve ? <button type="button" className="btn" data-primary disabled={busy} onClick={() => ask('approve')}>Approve{grave(a) ? '…' : ''} <Key k="y" /></button> : null}
      {waits === 'approval' && a.may.refuse ? <button type="button" className="btn" disabled={busy} onClick={() => ask('refuse')}>Refuse… <Key k="n" /></button> : null}
      {(waits === 'task' || waits === 'outcome') && a.may.answer ? <button type="button" className="btn" data-primary onClick={() => ask('answer')}>{waits === 'task' ? 'Say what came of it…' : 'Say what became of it…'} <Key k="a" /></button> : null}
      {a.may.roll_back ? <button type="button" className="btn" onClick={() => ask('roll_back')}>Roll back… <Key k="b" /></button> : null}
      {a.why_not && (!any || (waits === 'approval' && !a.may.approve)) ? <span className="muted">{waits === 'approval' ? 'You cannot approve it.' : 'You cannot answer it.'} {a.why_not}</span> : null}
    </div>
  );
}

function Ask({ what, a, close, done }: { what: What; a: Action; close: () => void; done: (after: Action) => void }) {
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<'done' | 'not' | undefined>(isTask(a) ? 'done' : undefined);
  const task = isTask(a);
  const act = useMutation({
    mutationFn: (f: FormData) => {
      const comment = String(f.get('comment') ?? '').trim();
      if (what === 'approve') return approve(a, comment);
      if (what === 'refuse') return refuse(a, comment);
      if (what === 'roll_back') return rollBack(a, comment);
      const outputs = outcome === 'done' ? Object.fromEntries((a.task?.asks_for ?? []).map((n) => [n, String(f.get(`out ${n}`) ?? '').trim()] as const).filter(([, v]) => v !== '')) : {};
      return settle(a, { done: outcome === 'done', outputs, comment });
    },
    onSuccess: (after) => {
      said(what === 'approve' ? agreedWords(after) : what === 'refuse' ? 'Refused; nothing is done' : what === 'roll_back' ? (after.status === 'awaiting_approval' ? 'Asked for; somebody has to agree first' : 'It is being rolled back') : 'Said; the run goes on');
      done(after);
    },
    onSettled: () => again(client),
  });
  const submit = (e: FormEvent<HTMLFormElement>) => { e.preventDefault(); act.mutate(new FormData(e.currentTarget)); };
  const worded = inWords(act.error);
  return (
    <form className="form" onSubmit={submit}>
      {task ? <p style={{ whiteSpace: 'pre-wrap' }}>{a.task?.text}</p> : (
        <div className={`asksame ${dangerous(a.radius)}`}>
          <strong>{a.title}: <span className="mono">{a.target}</span></strong>
          <span><RadiusLabel of={a.radius} /> {RADIUS[a.radius]}</span>
          {what === 'approve' ? <span>{a.reverse ? <>Taken back with <span className="mono">{a.reverse}</span>.</> : 'Nothing takes it back.'}</span> : null}
        </div>
      )}
      {what === 'approve' ? <Parameters a={a} /> : null}
      {what === 'roll_back' ? <p>The platform asks for <span className="mono">{a.reverse}</span> on <span className="mono">{a.target}</span>. It goes through the same rules and approvals as any action; when it is done, this one is shown as rolled back.</p> : null}
      {what === 'answer' ? (
        <fieldset className="groups">
          <legend>{task ? 'Was it done?' : `Look at ${a.target || 'the target'}: was it done?`}</legend>
          <div className="row wrap">
            <label className="check"><input type="radio" name="outcome" checked={outcome === 'done'} onChange={() => setOutcome('done')} required data-autofocus={!task || undefined} />It was done</label>
            <label className="check"><input type="radio" name="outcome" checked={outcome === 'not'} onChange={() => setOutcome('not')} required />It was not done</label>
          </div>
        </fieldset>
      ) : null}
      {what === 'answer' && outcome === 'done' ? (a.task?.asks_for ?? []).map((n, i) => <label key={n}><span>{words(n.replace(/^__|__$/g, ''))} <span className="muted mono">{n}</span></span><input className="input" name={`out ${n}`} autoComplete="off" maxLength={4000} data-autofocus={i === 0 || undefined} /></label>) : null}
      <label><span>{what === 'refuse' ? 'Why not' : what === 'roll_back' ? 'Why' : 'Comment'} {what === 'approve' ? <span className="muted">(may be left out)</span> : null}</span><input className="input" name="comment" autoComplete="off" maxLength={2000} required={what !== 'approve'} data-autofocus={what === 'refuse' || what === 'roll_back' || what === 'approve' || (task && (a.task?.asks_for ?? []).length === 0) || undefined} placeholder={PLACEHOLDER[what]} /></label>
      {act.isError ? (worded ? <div className="problem" role="alert"><strong>{worded.title}</strong><p>{worded.text}</p></div> : <ProblemBox problem={act.error} />) : null}
      <div className="row">
        <button type="submit" className="btn" data-primary={what === 'refuse' ? undefined : true} data-danger={what === 'refuse' || undefined} disabled={act.isPending || worded?.stale === true}>{what === 'approve' ? 'Approve it' : what === 'refuse' ? 'Refuse it' : what === 'roll_back' ? 'Roll it back' : 'Say so'}</button>
        <button type="button" className="btn" onClick={close}>{worded ? 'Close' : 'Leave it'}</button>
      </div>
    </form>
  );
}

const PLACEHOLDER: Record<What, string> = { approve: 'Agreed with the owner', refuse: 'The host is the payroll server; we block the account instead', answer: 'Seen in the console of the firewall', roll_back: 'It was a false alarm' };
