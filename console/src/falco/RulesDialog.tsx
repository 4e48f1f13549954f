import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { exact } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { changed, falcoOf, formOf, giveOut, newestOf, versionsOf, type Form, type Policy } from './rules';

/** The rules that agents put beside the Falco of their hosts: by group, as a signed policy, with the way back. */
export function RulesDialog({ opened, close, seen }: { opened: boolean; close: () => void; /** Names of rules that have spoken. */ seen: readonly string[] }) {
  return <Dialog opened={opened} close={close} firm title="Rules of Falco">{opened ? <Groups close={close} seen={seen} /> : null}</Dialog>;
}

function Groups({ close, seen }: { close: () => void; seen: readonly string[] }) {
  const all = useQuery({ queryKey: ['agent-policies'], queryFn: ({ signal }) => newestOf(signal) });
  const [group, setGroup] = useState<string>();
  if (all.isError) return <ProblemBox problem={all.error} retry={() => void all.refetch()} />;
  if (!all.data) return <Waiting />;
  const policies = all.data.policies;
  const chosen = policies.find((p) => p.group === group) ?? policies.find((p) => falcoOf(p)?.on) ?? policies[0];
  if (!chosen) return <p>No host runs our agent yet, so nobody can bring rules to a Falco. A Falco without one keeps the rules that it has.</p>;
  return (
    <div className="form">
      <label>Hosts of the group<select className="input" value={chosen.group} onChange={(e) => setGroup(e.target.value)}>{policies.map((p) => <option key={p.group} value={p.group}>{p.group}{falcoOf(p)?.on ? '' : ' (does not listen to a Falco)'}</option>)}</select></label>
      <Edit key={`${chosen.group} ${chosen.version}`} policy={chosen} close={close} seen={seen} />
    </div>
  );
}

function Edit({ policy, close, seen }: { policy: Policy; close: () => void; seen: readonly string[] }) {
  const client = useQueryClient();
  const [form, setForm] = useState<Form>(formOf(policy));
  const [note, setNote] = useState('');
  const before = useQuery({ queryKey: ['agent-policies', policy.group], queryFn: ({ signal }) => versionsOf(policy.group, signal) });
  const give = useMutation({
    mutationFn: () => giveOut(changed(policy, form, note)),
    onSuccess: async (p) => {
      said(`Version ${p.version} for ${p.group} is signed and on its way`);
      await client.invalidateQueries({ queryKey: ['agent-policies'] });
      close();
    },
  });
  const set = (change: Partial<Form>) => setForm({ ...form, ...change });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    give.mutate();
  };
  const older = (before.data?.policies ?? []).filter((p) => p.version !== policy.version && falcoOf(p));
  const off = form.disable.split('\n').map((l) => l.trim());
  const can = seen.filter((s) => !off.includes(s)).slice(0, 12);
  return (
    <form className="form" onSubmit={submit}>
      {give.isError ? <ProblemBox problem={give.error} /> : null}
      <label className="check"><input type="checkbox" checked={form.listens} onChange={(e) => set({ listens: e.target.checked })} /> Agents of these hosts listen to the Falco beside them and bring it these rules</label>
      <label>Switched off <span className="hint">one name a line</span><textarea className="input mono" rows={3} spellCheck={false} value={form.disable} onChange={(e) => set({ disable: e.target.value })} /></label>
      {can.length > 0 ? <div className="row wrap" role="group" aria-label="Switch off what has spoken">{can.map((s) => <button key={s} type="button" className="btn" onClick={() => set({ disable: [form.disable.trim(), s].filter(Boolean).join('\n') })}>{s}</button>)}</div> : null}
      <label>Switched on <span className="hint">one name a line; of rules that Falco ships switched off</span><textarea className="input mono" rows={2} spellCheck={false} value={form.enable} onChange={(e) => set({ enable: e.target.value })} /></label>
      <label>Rules of our own <span className="hint">as in a rules file of Falco; the Falco on each host is asked before they are put there</span><textarea className="input mono" rows={9} spellCheck={false} value={form.rules} placeholder={'- rule: Shell of ours\n  desc: somebody has a shell\n  condition: spawned_process and proc.name = zsh\n  output: a shell (user=%user.name)\n  priority: WARNING'} onChange={(e) => set({ rules: e.target.value })} /></label>
      <label>Why <span className="hint">kept with the version</span><input className="input" maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} /></label>
      {policy.share < 100 ? <p className="muted">It goes to {policy.share} % of the group&rsquo;s hosts, as version {policy.version} did.</p> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={give.isPending}>{give.isPending ? 'Signing…' : `Give version ${policy.version + 1} out`}</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
      {older.length > 0 ? (
        <div><h3 className="cap">Before</h3><ul className="hist" aria-label="Versions before">{older.slice(0, 8).map((p) => <li key={p.id} className="row"><span className="mono">{p.version}</span><span className="muted nowrap">{exact(p.made_at)}</span><span className="grow1 ht">{p.note}</span><button type="button" className="btn" onClick={() => { setForm(formOf(p)); setNote(`back to version ${p.version}`); }}>Take its rules</button></li>)}</ul></div>
      ) : null}
    </form>
  );
}
