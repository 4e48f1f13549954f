import { Suspense, lazy, useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Waiting } from '../ui/EventView';
import { Key, ProblemBox } from '../ui/parts';
import { useSettled } from '../ui/settled';
import { said } from '../ui/toast';
import { Findings } from './Findings';
import { FIRST, NAME, check, find, put, type Pack, type PackText } from './packs';

const Code = lazy(() => import('../ui/Code'));
const HINT = 'title: …\nqueries:\n  name:\n    query: SELECT …\n    interval: 3600';
type Props = { name: string | undefined; known: readonly Pack[]; done: (pack: string) => void; leave: () => void };

/** Where a pack is written: a new one, the next version of an own one, or a copy of one that is shipped. */
export function PackEditor({ name, known, done, leave }: Props) {
  const from = useQuery({ queryKey: ['osquery-pack', name], queryFn: ({ signal }) => find(name!, signal), enabled: name !== undefined, retry: false });
  if (from.isError) return <div className="pad"><ProblemBox problem={from.error} retry={() => void from.refetch()} /></div>;
  if (name !== undefined && !from.data) return <div className="pad"><Waiting /></div>;
  return <Form from={from.data} known={known} done={done} leave={leave} />;
}

function Form({ from, known, done, leave }: { from: PackText | undefined; known: readonly Pack[]; done: (pack: string) => void; leave: () => void }) {
  const client = useQueryClient();
  const own = from && !from.shipped ? from : undefined;
  const [name, setName] = useState(own?.name ?? (from ? `own-${from.name}` : ''));
  const [text, setText] = useState(from?.text ?? FIRST);
  const [note, setNote] = useState('');
  const settled = useSettled(text) ?? text;
  const checked = useQuery({ queryKey: ['osquery-pack-check', settled], queryFn: ({ signal }) => check(own?.name ?? 'pack', settled, signal), staleTime: Infinity });
  const save = useMutation({
    mutationFn: () => put(name, { base: own?.version ?? 0, text, ...(note ? { note } : {}) }),
    onSuccess: async (p) => {
      said(`Version ${p.version} of ${p.name} is kept`);
      await client.invalidateQueries({ queryKey: ['osquery-packs'] });
      await client.invalidateQueries({ queryKey: ['osquery-pack', p.name] });
      done(p.name);
    },
  });
  const findings = checked.data?.findings ?? [];
  const taken = !own && known.some((p) => p.name === name);
  const ready = checked.data?.good === true && settled === text && name !== '' && !taken && !save.isPending;
  const go = () => { if (ready) save.mutate(); };
  return (
    <form className="hform" onSubmit={(e) => { e.preventDefault(); go(); }}>
      <header className="dhead"><h2>{own ? `Edit ${own.title}` : from ? `A copy of ${from.title}` : 'Write a pack'}</h2><p className="muted">Queries that osquery asks again and again, with osquery&rsquo;s own words (an osquery pack in JSON may be pasted). It is checked while it is written; hosts have it when a group is given it and they ask next.</p></header>
      {own ? null : <label className="form"><span>Name <span className="muted">(lower-case letters, digits, - and _; results are called pack_NAME_QUERY)</span></span><input className="input mono" required pattern={NAME} maxLength={64} autoFocus autoComplete="off" spellCheck={false} value={name} onChange={(e) => setName(e.target.value)} aria-describedby="name-wrong" /></label>}
      <p id="name-wrong" className="wrong" role="status" hidden={!taken}>There is a pack of this name already.</p>
      <Suspense fallback={<Waiting />}><Code value={text} label="Pack" hint={HINT} wrongLines={findings.map((f) => f.line).filter((l) => l > 0)} onEdit={setText} onRun={go} /></Suspense>
      <div role="status">
        {checked.isError ? <ProblemBox problem={checked.error} retry={() => void checked.refetch()} /> : null}
        {findings.length > 0 ? <Findings all={findings} /> : checked.data?.pack ? <p className="muted">{checked.data.pack.queries.length} {checked.data.pack.queries.length === 1 ? 'query' : 'queries'}, nothing to say against it.</p> : null}
      </div>
      <label className="form"><span>Why <span className="muted">(kept with the version)</span></span><input className="input" maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} /></label>
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={!ready}>{save.isPending ? 'Keeping…' : own ? `Keep version ${own.version + 1}` : 'Keep it'} <Key k="Ctrl Enter" /></button><button type="button" className="btn" onClick={leave}>Leave it</button></div>
    </form>
  );
}
