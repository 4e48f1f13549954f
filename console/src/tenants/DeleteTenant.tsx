import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { Dialog } from '../ui/Dialog';
import { bytes, number } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import type { Tenant } from './tenants';

/** Deletes a suspended tenant, after its id was typed, and says what is gone. */
export function DeleteTenant({ tenant, close, done }: { tenant: Tenant; close: () => void; done: () => void }) {
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => answer(api.POST('/v1/tenants/{tenant}/delete', { params: { path: { tenant: tenant.id } }, body: { confirm: typed } })),
    onSuccess: done,
  });
  const gone = remove.data;
  return (
    <Dialog opened close={close} firm title={gone?.verified ? `${tenant.name} is deleted` : `Delete ${tenant.name}?`}>
      {gone ? (
        <div style={{ display: 'grid', gap: 14 }} role="status">
          <ul className="says">
            <li>{number(gone.events)} events ({bytes(gone.bytes)}) and {number(Object.values(gone.rows).reduce((a, b) => a + b, 0))} rows are gone.</li>
            <li>{gone.verified ? 'Everything was looked for afterwards, and nothing was found.' : `Still there: ${gone.left.join(', ')}. Try again.`}</li>
            <li>Its audit log stays: nobody can delete from one.</li>
          </ul>
          <div className="row"><button type="button" className="btn" data-primary data-autofocus onClick={close}>Close</button></div>
        </div>
      ) : (
        <form className="form" onSubmit={(e) => { e.preventDefault(); if (typed === tenant.id) remove.mutate(); }}>
          <p>{number(tenant.events)} events, all alerts, saved searches, tokens and the accounts of {number(tenant.users)} people go for good. Only its audit log stays, and its id never comes again.</p>
          <label><span>Type <span className="mono">{tenant.id}</span> to go on</span><input className="input mono" name="confirm" autoComplete="off" value={typed} onChange={(e) => setTyped(e.target.value)} data-autofocus /></label>
          {remove.isError ? <ProblemBox problem={remove.error} /> : null}
          <div className="row"><button type="submit" className="btn" data-danger disabled={typed !== tenant.id || remove.isPending}>Delete it for good</button><button type="button" className="btn" onClick={close}>Keep it</button></div>
        </form>
      )}
    </Dialog>
  );
}
