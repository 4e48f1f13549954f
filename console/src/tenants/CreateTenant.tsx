import { useState, type FormEvent } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { Dialog } from '../ui/Dialog';
import { CopyLine, ProblemBox } from '../ui/parts';
import { TemplateChoice } from './TemplateChoice';
import { idOf } from './tenants';

type Props = { opened: boolean; close: () => void; made: () => void };

/** A new tenant and its first administrator, whose password is shown once. */
export function CreateTenant({ opened, close, made }: Props) {
  return <Dialog opened={opened} close={close} firm title="New tenant">{opened ? <Form close={close} made={made} /> : null}</Dialog>;
}

function Form({ close, made }: Omit<Props, 'opened'>) {
  const [name, setName] = useState('');
  const [id, setId] = useState<string>();
  const [template, setTemplate] = useState('');
  const templates = useQuery({ queryKey: ['tenant-templates'], queryFn: ({ signal }) => answer(api.GET('/v1/tenant-templates', { signal })), staleTime: 0 });
  const [created, setCreated] = useState<Schemas['CreatedTenant']>();
  const make = useMutation({
    mutationFn: (body: Schemas['NewTenant']) => answer(api.POST('/v1/tenants', { body })),
    onSuccess: (t) => { setCreated(t); made(); },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    make.mutate({ id: id ?? idOf(name), name, ...(template ? { template } : {}), admin: new FormData(e.currentTarget).has('admin') });
  };
  if (created) {
    const login = created.first_admin;
    return (
      <div style={{ display: 'grid', gap: 14 }}>
        {login ? (
          <>
            <p>{created.name} is there. Its first administrator signs in as <strong>{login.username}</strong> of the organisation <strong className="mono">{created.id}</strong> with this password, which is shown now and never again:</p>
            <CopyLine text={login.password} label="Copy the password" />
          </>
        ) : <p>{created.name} is there, and nobody can sign in to it yet.</p>}
        <div className="row"><button type="button" className="btn" data-primary data-autofocus onClick={close}>{login ? 'I have it' : 'Done'}</button></div>
      </div>
    );
  }
  return (
    <form className="form" onSubmit={submit}>
      <div className="two">
        <label>Name<input className="input" name="name" required maxLength={200} autoComplete="off" value={name} onChange={(e) => setName(e.target.value)} data-autofocus /></label>
        <label><span>Id <span className="muted">(never changes, never comes again)</span></span><input className="input mono" name="id" required minLength={3} maxLength={63} pattern="[a-z0-9][a-z0-9\-]+[a-z0-9]" title="a to z, digits and hyphens" autoComplete="off" value={id ?? idOf(name)} onChange={(e) => setId(e.target.value)} /></label>
      </div>
      <TemplateChoice found={templates} chosen={template} choose={setTemplate} />
      <label className="check"><input type="checkbox" name="admin" defaultChecked />Make its first administrator</label>
      {make.isError ? <ProblemBox problem={make.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={make.isPending}>Make it</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}
