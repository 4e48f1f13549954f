import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Refused } from '../api/client';
import { falcoOf, giveOut, type Policy } from '../falco/rules';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { AgentChoice } from './AgentChoice';
import { Changes } from './Changes';
import { Packages } from './Packages';
import { COLLECTORS, SHARES, bodyOf, changes, draftOf, faultsOf, hostsOf, type Draft, type Fault, type Part } from './policies';

/** The next version of a group's policy: what changes is shown before it is signed, and it may go to a part of the group first. */
export function PolicyForm({ policy: p, done }: { policy: Policy; done: () => void }) {
  const client = useQueryClient();
  const [base] = useState(p);
  const [draft, setDraft] = useState<Draft>(() => draftOf(p));
  const [share, setShare] = useState(p.share);
  const [note, setNote] = useState('');
  const [packages, setPackages] = useState(false);
  const give = useMutation({
    mutationFn: () => giveOut(bodyOf(base, draft, share, note)),
    onSuccess: async (made) => {
      said(`Version ${made.version} for ${made.group} is signed and on its way`);
      await client.invalidateQueries({ queryKey: ['agent-policies'] });
      done();
    },
  });
  const set = (name: string, change: Partial<Part>) => setDraft({ ...draft, parts: { ...draft.parts, [name]: { ...draft.parts[name]!, ...change } } });
  const script = (i: number, change: Partial<Draft['scripts'][number]>) => setDraft({ ...draft, scripts: draft.scripts.map((s, at) => (at === i ? { ...s, ...change } : s)) });
  const different = changes(base, draft);
  const refused = give.error instanceof Refused ? give.error : undefined;
  const at = (place: string) => faultsOf(refused?.errors ?? [], place);
  const placed = [...COLLECTORS.flatMap((c) => at(`/collectors/${c.name}`)), ...draft.scripts.flatMap((_, i) => at(`/scripts/${i}`)), ...at('/share'), ...at('/note')];
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    give.mutate();
  };
  return (
    <form className="hform" onSubmit={submit}>
      <header className="dhead"><h2>The next policy of {p.group}</h2><p className="muted">It is signed when it is given out; agents take it within seconds, and none that is older ever again. Going back is the next version, with what an earlier one said.</p></header>
      <fieldset>
        <legend>What its agents collect</legend>
        {COLLECTORS.map((c) => {
          const part = draft.parts[c.name]!;
          const place = `/collectors/${c.name}`;
          const faults = at(place);
          const given = (field: string) => invalid(at(`${place}/${field}`), `wrong-${c.name}`);
          return (
            <div key={c.name} className="collect">
              <label className="check"><input type="checkbox" checked={part.on} onChange={(e) => set(c.name, { on: e.target.checked })} /> <span><strong>{c.label}</strong> <span className="muted">{c.about}</span></span></label>
              {part.on ? <label className="every">every <input className="input" type="number" inputMode="decimal" min={0.1} max={86_400} step={0.1} required {...given('every_ms')} aria-label={`${c.label}: seconds between two looks`} value={part.every} onChange={(e) => set(c.name, { every: e.target.value })} /> s</label> : null}
              {part.on && 'paths' in c ? <label className="paths"><span className="muted">{c.paths}</span><textarea className="input mono" rows={Math.min(8, Math.max(2, part.paths.split('\n').length))} required spellCheck={false} {...given('paths')} value={part.paths} onChange={(e) => set(c.name, { paths: e.target.value })} /></label> : null}
              {part.on ? (
                <div className="row wrap limits muted">
                  <label>at most <input className="input" type="number" inputMode="numeric" min={1} max={100_000} step={1} required {...given('records_per_second')} aria-label={`${c.label}: records a second at most`} value={part.records} onChange={(e) => set(c.name, { records: e.target.value })} /> records</label>
                  <label>and <input className="input" type="number" inputMode="decimal" min={1} max={1_073_741} step="any" required {...given('bytes_per_second')} aria-label={`${c.label}: kilobytes a second at most`} value={part.kilobytes} onChange={(e) => set(c.name, { kilobytes: e.target.value })} /> kB a second</label>
                </div>
              ) : null}
              <Wrong id={`wrong-${c.name}`} all={faults} below={place} />
            </div>
          );
        })}
        <p className="muted">{falcoOf(base)?.on ? 'They listen to the Falco beside them' : 'They do not listen to a Falco'}: that and its rules are set on <Link to="/falco">its page</Link> and stay as they are.</p>
      </fieldset>
      <fieldset>
        <legend>Scripts that may be run when somebody orders it</legend>
        {draft.scripts.map((s, i) => (
          <div key={i} className="collect">
            <label>Name <input className="input" required maxLength={100} {...invalid(at(`/scripts/${i}/name`), `wrong-script-${i}`)} value={s.name} onChange={(e) => script(i, { name: e.target.value })} /></label>
            <label className="paths"><span className="muted">Its text, from #! on</span><textarea className="input mono" rows={4} required maxLength={65_536} spellCheck={false} {...invalid(at(`/scripts/${i}/text`), `wrong-script-${i}`)} value={s.text} onChange={(e) => script(i, { text: e.target.value })} /></label>
            <button type="button" className="btn" onClick={() => setDraft({ ...draft, scripts: draft.scripts.filter((_, at) => at !== i) })}>Take {s.name || 'it'} away</button>
            <Wrong id={`wrong-script-${i}`} all={at(`/scripts/${i}`)} below={`/scripts/${i}`} />
          </div>
        ))}
        <div className="row"><button type="button" className="btn" onClick={() => setDraft({ ...draft, scripts: [...draft.scripts, { name: '', text: '#!/bin/sh\n' }] })}>Add a script</button></div>
      </fieldset>
      <AgentChoice agent={draft.agent} set={(agent) => setDraft({ ...draft, agent })} more={() => setPackages(true)} />
      <fieldset>
        <legend>What changes</legend>
        {different.length === 0 ? <p className="muted">Nothing yet.</p> : <Changes all={different} label="What changes" />}
      </fieldset>
      <fieldset>
        <legend>How far it goes</legend>
        <div className="seg" role="group" aria-label="How far it goes">{SHARES.map((s) => <button key={s.share} type="button" aria-pressed={share === s.share} onClick={() => setShare(s.share)}>{s.label}</button>)}</div>
        <p className="muted">{share < 100 ? `${hostsOf(p, share)} take it, always the same ones; the others keep what they have until it is widened. A host that has no policy takes it.` : `All ${p.hosts.of} hosts of the group take it.`}</p>
        <Wrong id="wrong-share" all={at('/share')} below="/share" />
      </fieldset>
      <label className="form"><span>Why <span className="muted">(kept with the version)</span></span><input className="input" maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} /></label>
      <Wrong id="wrong-note" all={at('/note')} below="/note" />
      {p.version !== base.version ? <p className="c-bad" role="alert">Somebody has given out version {p.version} meanwhile. Leave this and begin with that one.</p> : null}
      {give.isError ? <ProblemBox problem={refused ? new Refused(refused.status, refused.title, refused.message, refused.errors.filter((f) => !placed.includes(f)), refused.retryAfter, refused.requestId, refused.type) : give.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={different.length === 0 || give.isPending}>{give.isPending ? 'Signing…' : `Give version ${base.version + 1} out`}</button><button type="button" className="btn" onClick={done}>Leave it</button></div>
      <Packages opened={packages} close={() => setPackages(false)} may />
    </form>
  );
}

const invalid = (faults: readonly Fault[], id: string) => (faults.length > 0 ? ({ 'aria-invalid': true, 'aria-describedby': id } as const) : {});

/** What the platform does not take of a part, beside it. */
const Wrong = ({ id, all, below }: { id: string; all: readonly Fault[]; below: string }) => (all.length > 0 ? <p id={id} className="wrong" role="alert">{all.map((f) => <span key={f.where + f.reason}>{f.where === below ? null : <span className="mono">{f.where.slice(below.length + 1)}</span>}{' '}<span>{f.reason}</span>{'\n'}</span>)}</p> : null);
