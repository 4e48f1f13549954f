import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { bytes, exact } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { forget, packagesOf, send } from './packages';

/** The agents that policies may name: what is there, and how another comes. */
export function Packages({ opened, close, may }: { opened: boolean; close: () => void; may: boolean }) {
  const client = useQueryClient();
  const [part, setPart] = useState(0);
  const list = useQuery({ queryKey: ['agent-packages'], queryFn: ({ signal }) => packagesOf(signal), enabled: opened });
  const again = () => client.invalidateQueries({ queryKey: ['agent-packages'] });
  const sending = useMutation({
    mutationFn: (file: File) => send(file, setPart),
    onSuccess: async (p) => { said(`Agent ${p.version} for ${p.platform} is there; name it in a policy`); await again(); },
    onError: again,
  });
  const going = useMutation({ mutationFn: forget, onSuccess: again });
  const all = list.data?.packages ?? [];
  return (
    <Dialog opened={opened} close={close} title="Agents that hosts can be given" firm={sending.isPending}>
      <div className="form">
        <p className="muted">A host takes one when the policy of its group names it. It comes through the relay, has to have the SHA-256 that was signed and to run on the host, and makes way for the one before when it does not report.</p>
        {list.isError ? <ProblemBox problem={list.error} retry={() => void list.refetch()} /> : null}
        {opened && list.isPending ? <Waiting /> : null}
        {list.data && all.length === 0 ? <p>There is none yet. <span className="mono">./marsad agent package --version 0.2.0</span> builds one for Linux; give its file here, or <span className="mono">./marsad agent publish FILE</span>.</p> : null}
        {all.length > 0 ? (
          <ul className="hist" aria-label="Agent packages">
            {all.map((p) => (
              <li key={p.id} className="row wrap">
                <strong className="mono">{p.version || 'not known yet'}</strong><span>{p.platform}</span><span className="muted nowrap">{bytes(p.size)}</span>
                {p.sha256 ? <span className="mono muted" title={p.sha256}>{p.sha256.slice(0, 12)}</span> : <span className="pill c-medium">not all of it is here</span>}
                <span className="muted grow1">{exact(p.made_at)}{p.groups.length ? `; runs in ${p.groups.join(', ')}` : ''}</span>
                {may && p.groups.length === 0 ? <button type="button" className="btn" disabled={going.isPending || sending.isPending} aria-label={`Forget ${p.version} for ${p.platform}`} onClick={() => going.mutate(p.id)}>Forget it</button> : null}
              </li>
            ))}
          </ul>
        ) : null}
        {going.isError ? <ProblemBox problem={going.error} /> : null}
        {may ? <label>Another one, a .tar.gz <input className="input" type="file" accept=".gz" disabled={sending.isPending} onChange={(e) => { const file = e.currentTarget.files?.[0]; e.currentTarget.value = ''; if (file) { setPart(0); sending.mutate(file); } }} /></label> : null}
        {sending.isPending ? <div className="row"><progress className="pbar" max={1} value={part} aria-label="How much of it is there" /><span role="status" className="muted">{Math.floor(part * 100)} %</span></div> : null}
        {sending.isError ? <ProblemBox problem={sending.error} /> : null}
      </div>
    </Dialog>
  );
}
