import type { FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { Dialog } from '../ui/Dialog';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { gigabytes, quotaOf, type Quota, type Tenant } from './tenants';

/** What a tenant is called and may use. */
export function LimitTenant({ tenant, close, done }: { tenant: Tenant; close: () => void; done: () => void }) {
  const save = useMutation({
    mutationFn: (body: { name: string; quota: Quota }) => answer(api.POST('/v1/tenants/{tenant}', { params: { path: { tenant: tenant.id } }, body })),
    onSuccess: (t) => { said(`What ${t.name} may use is changed from now on`); done(); close(); },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (name: string) => String(f.get(name) ?? '');
    save.mutate({ name: text('name').trim(), quota: quotaOf(text('events'), text('storage'), text('queries')) });
  };
  const q = tenant.quota;
  return (
    <Dialog opened close={close} firm title={`What ${tenant.name} may use`}>
      <form className="form" onSubmit={submit}>
        <label>Name<input className="input" name="name" required maxLength={200} autoComplete="off" defaultValue={tenant.name} /></label>
        <p className="muted">An empty field is no limit. Who sends or asks more is answered 429 and told which quota it was and when to come again; what is stored stays.</p>
        <div className="two">
          <label>Events a second<input className="input" name="events" type="number" min={1} max={1_000_000_000} defaultValue={q.events_per_second ?? ''} data-autofocus /></label>
          <label>Storage, gigabytes<input className="input" name="storage" type="number" min={0.001} step="any" defaultValue={gigabytes(q.storage_bytes)} /></label>
        </div>
        <label>Queries at once<input className="input" name="queries" type="number" min={1} max={1000} defaultValue={q.queries ?? ''} /></label>
        {save.isError ? <ProblemBox problem={save.error} /> : null}
        <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending}>Change it</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
      </form>
    </Dialog>
  );
}
