import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { falcoOf, giveOut, versionsOf, type Policy } from '../falco/rules';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { bytes, exact, number } from '../ui/format';
import { Key, ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { Changes } from './Changes';
import { Packages } from './Packages';
import { Reach } from './Reach';
import { agents } from './packages';
import { COLLECTORS, LIMITS, again, diffOf, hostsOf, wider, type Collection } from './policies';

type Step = { title: string; text: string; content: Policy; share: number; note: string };

/** What a group's agents collect, how far its newest version has come, and the versions before with the way back. */
export function PolicyView({ policy: p, may, edit }: { policy: Policy; may: boolean; edit: () => void }) {
  const client = useQueryClient();
  const [step, setStep] = useState<Step>();
  const [compared, setCompared] = useState<string>();
  const [packages, setPackages] = useState(false);
  const versions = useQuery({ queryKey: ['agent-policies', p.group, p.version], queryFn: ({ signal }) => versionsOf(p.group, signal) });
  const give = useMutation({
    mutationFn: (s: Step) => giveOut(again(p, s.content, s.share, s.note)),
    onSuccess: async (made) => {
      said(`Version ${made.version} for ${made.group} is signed and on its way`);
      setStep(undefined);
      await client.invalidateQueries({ queryKey: ['agent-policies'] });
    },
  });
  const ask = (s: Step) => { give.reset(); setStep(s); };
  const collectors = p.collectors as Record<string, Collection | undefined>;
  const on = COLLECTORS.filter((c) => collectors[c.name]?.on);
  const off = COLLECTORS.filter((c) => !collectors[c.name]?.on);
  const before = (versions.data?.policies ?? []).filter((x) => x.version < p.version);
  return (
    <>
      <header className="dhead">
        <div className="row wrap">
          <h2 className="grow1">{p.group}</h2>
          {may && p.share < 100 ? wider(p.share).map((w) => <button key={w.share} type="button" className="btn" onClick={() => ask({ title: `Version ${p.version} to ${w.label} of ${p.group}?`, text: `What it says stays the same; ${hostsOf(p, w.share)} take it, those that have it already among them.`, content: p, share: w.share, note: `version ${p.version} to ${w.label}` })}>To {w.label}</button>) : null}
          {may ? <button type="button" className="btn" data-primary onClick={edit}>Edit <Key k="e" /></button> : null}
        </div>
        <dl className="kv">
          <dt>Newest</dt><dd>version {p.version}, {exact(p.made_at)}{p.note ? `: ${p.note}` : ''}</dd>
          <dt>Goes to</dt><dd>{p.share < 100 ? <><span className="pill c-medium">{p.share} %</span> {p.hosts.chosen} of {p.hosts.of} hosts; the others keep what they have</> : 'all of its hosts'}</dd>
          <dt>Agent</dt><dd>{p.agent.length ? agents(p.agent) : <span className="muted">the one that each host has</span>} <button type="button" className="btn" onClick={() => setPackages(true)}>Agent packages</button></dd>
          <dt>How far</dt><dd><Reach p={p} /> {p.hosts.refused > 0 ? <span className="muted">(a host&rsquo;s page says why)</span> : null}</dd>
        </dl>
      </header>
      <section className="pad" aria-label="What it collects">
        <h3 className="cap">What it collects</h3>
        <div className="scrollx" tabIndex={0} role="region" aria-label="Collectors">
          <table className="tbl"><thead><tr><th scope="col">What</th><th scope="col">Every</th><th scope="col">At most</th><th scope="col">Where</th></tr></thead><tbody>
            {on.map((c) => <tr key={c.name}><td><strong>{c.label}</strong> <span className="muted">{c.about}</span></td><td className="nowrap">{(collectors[c.name]?.every_ms ?? c.every * 1000) / 1000} s</td><td className="nowrap muted">{number(collectors[c.name]?.records_per_second ?? LIMITS.records)} records, {bytes(collectors[c.name]?.bytes_per_second ?? LIMITS.kilobytes * 1000)} a second</td><td className="mono">{(collectors[c.name]?.paths ?? []).join(', ')}</td></tr>)}
            {falcoOf(p)?.on ? <tr><td><strong>Falco</strong> <span className="muted">The one on the host, and rules for it</span></td><td /><td /><td><Link to="/falco">its page</Link></td></tr> : null}
            {(p.scripts ?? []).length > 0 ? <tr><td><strong>Scripts</strong> <span className="muted">That may be run when somebody orders it</span></td><td /><td /><td className="mono">{(p.scripts ?? []).map((s) => s.name).join(', ')}</td></tr> : null}
          </tbody></table>
        </div>
        {off.length > 0 ? <p className="muted">Off: {off.map((c) => c.label).join(', ')}.</p> : null}
      </section>
      <section className="pad" aria-label="Versions">
        <h3 className="cap">Versions</h3>
        {versions.isError ? <ProblemBox problem={versions.error} retry={() => void versions.refetch()} /> : null}
        {versions.isPending ? <Waiting /> : null}
        <ul className="hist" aria-label="Versions of the policy">
          {(versions.data?.policies ?? []).map((v) => (
            <li key={v.id}>
              <div className="row wrap">
                <span className="mono">{v.version}</span><span className="muted nowrap">{exact(v.made_at)}</span><span className="grow1 ht">{v.note || <span className="muted">no word why</span>}</span>
                {v.share < 100 ? <span className="pill c-medium">{v.share} %</span> : null}
                <span className="muted nowrap">on {v.hosts.in_force}</span>
                <button type="button" className="btn" aria-expanded={compared === v.id} onClick={() => setCompared(compared === v.id ? undefined : v.id)}>What changed</button>
                {may && v.version < p.version ? <button type="button" className="btn" onClick={() => ask({ title: `Back to version ${v.version}?`, text: `All ${p.hosts.of} hosts of ${p.group} collect by it again, as version ${p.version + 1}: versions only grow.`, content: v, share: 100, note: `back to version ${v.version}` })}>Go back to it</button> : null}
              </div>
              {compared === v.id ? <Compared id={v.id} first={v.version === 1} /> : null}
            </li>
          ))}
        </ul>
        {versions.data && before.length === 0 ? <p className="muted">It is the first.</p> : null}
      </section>
      <Packages opened={packages} close={() => setPackages(false)} may={may} />
      <Dialog opened={step !== undefined} close={() => setStep(undefined)} title={step?.title ?? ''}>
        <div className="form">
          {give.isError ? <ProblemBox problem={give.error} /> : null}
          <p>{step?.text}</p>
          <div className="row"><button type="button" className="btn" data-primary disabled={give.isPending} onClick={() => { if (step) give.mutate(step); }}>{give.isPending ? 'Signing…' : 'Sign and give out'}</button><button type="button" className="btn" data-autofocus onClick={() => setStep(undefined)}>Leave it</button></div>
        </div>
      </Dialog>
    </>
  );
}

function Compared({ id, first }: { id: string; first: boolean }) {
  const diff = useQuery({ queryKey: ['agent-policy-diff', id], queryFn: ({ signal }) => diffOf(id, signal) });
  if (diff.isError) return <ProblemBox problem={diff.error} retry={() => void diff.refetch()} />;
  if (!diff.data) return <Waiting />;
  if (diff.data.differences.length === 0) return <p className="muted">{first ? 'It was the first.' : 'Nothing: it was signed again, because its time was nearly over.'}</p>;
  return <Changes all={diff.data.differences} label="Against the version before" />;
}
