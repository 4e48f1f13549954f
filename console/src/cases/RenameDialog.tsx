import { useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { ProblemBox } from '../ui/parts';
import { Meanwhile, change, type CaseDetail } from './cases';

type Props = { opened: boolean; close: () => void; d: CaseDetail; done: () => void };

/** Another title; what somebody else wrote meanwhile is shown beside, and nothing is lost. */
export function RenameDialog({ opened, close, d, done }: Props) {
  return <Dialog opened={opened} close={close} firm title={`Rename case #${d.number}`}>{opened ? <Form d={d} close={close} done={done} /> : null}</Dialog>;
}

function Form({ d: first, close, done }: Omit<Props, 'opened'>) {
  const [d, setD] = useState(first);
  const save = useMutation({
    mutationFn: (title: string) => change(d, 'title', title),
    onSuccess: () => { done(); close(); },
    onError: (e) => { if (e instanceof Meanwhile) setD(e.now); },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => { e.preventDefault(); save.mutate(String(new FormData(e.currentTarget).get('title')).trim()); };
  const theirs = save.error instanceof Meanwhile ? save.error.now : undefined;
  const by = theirs?.history.findLast((h) => h.action === 'renamed')?.actor;
  return (
    <form className="form" onSubmit={submit}>
      <label>Title<input className="input" name="title" defaultValue={first.title} required maxLength={512} autoComplete="off" data-autofocus /></label>
      {theirs ? <div className="problem" role="alert"><strong>{by ?? 'Somebody'} renamed it meanwhile</strong><p>{theirs.title}</p><p className="muted">Saving again puts your title in its place; both stay in the history.</p></div> : save.isError ? <ProblemBox problem={save.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending}>{theirs ? 'Save mine' : 'Rename'}</button>{theirs ? <button type="button" className="btn" onClick={() => { done(); close(); }}>Keep theirs</button> : <button type="button" className="btn" onClick={close}>Cancel</button>}</div>
    </form>
  );
}
