import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { exact } from '../ui/format';
import { Key, ProblemBox, Yaml } from '../ui/parts';
import { said } from '../ui/toast';
import { PACKS, every, find, remove, type Group } from './packs';
import { Findings } from './Findings';

/** One pack: what it asks, how often and where, who is given it, and its text. */
export function PackView({ name, groups, may, edit, gone }: { name: string; groups: readonly Group[]; may: boolean; edit: () => void; gone: () => void }) {
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const pack = useQuery({ queryKey: ['osquery-pack', name], queryFn: ({ signal }) => find(name, signal), retry: false });
  const end = useMutation({
    mutationFn: () => remove(name),
    onSuccess: async () => {
      said(`${name} is gone`);
      await client.invalidateQueries({ queryKey: PACKS.queryKey });
      gone();
    },
  });
  const p = pack.data;
  if (pack.isError) return <div className="pad"><ProblemBox problem={pack.error} retry={() => void pack.refetch()} /></div>;
  if (!p) return <div className="pad"><Waiting /></div>;
  const given = groups.filter((g) => g.packs.includes(name));
  return (
    <>
      <header className="dhead">
        <div className="row wrap">
          <h2 className="grow1">{p.title}</h2>
          <span className={`pill ${p.shipped ? 'c-low' : 'c-ok'}`}>{p.shipped ? 'shipped' : `own, version ${p.version}`}</span>
          {may ? <button type="button" className="btn" data-primary onClick={edit}>{p.shipped ? 'Make a copy' : 'Edit'} <Key k="e" /></button> : null}
          {may && !p.shipped ? <button type="button" className="btn" disabled={given.length > 0} title={given.length > 0 ? 'Groups are given it' : undefined} onClick={() => setSure(true)}>Delete</button> : null}
        </div>
        {p.description ? <p className="muted">{p.description}</p> : null}
        <dl className="kv">
          <dt>Given to</dt><dd>{given.length === 0 ? 'no group' : given.map((g, i) => <span key={g.group}>{i > 0 ? ', ' : ''}<Link to="/packs" search={{ group: g.group }}>{g.group}</Link></span>)}</dd>
          {p.platform ? <><dt>Platform</dt><dd>{p.platform}</dd></> : null}
          {p.attack.length > 0 ? <><dt>ATT&amp;CK</dt><dd>{p.attack.join(', ')}</dd></> : null}
          {p.watched_paths > 0 ? <><dt>Watches</dt><dd>{p.watched_paths} patterns of files</dd></> : null}
          {p.made_at ? <><dt>Written</dt><dd>{exact(p.made_at)}{p.note ? `: ${p.note}` : ''}</dd></> : null}
        </dl>
      </header>
      <section className="pad" aria-label="Queries">
        <h3 className="cap">Queries</h3>
        <div className="scrollx" tabIndex={0} role="region" aria-label="Its queries">
          <table className="tbl"><thead><tr><th scope="col">Name</th><th scope="col">Every</th><th scope="col">Where</th><th scope="col">What for</th><th scope="col">Query</th></tr></thead>
            <tbody>{p.queries.map((q) => <tr key={q.name}><td className="mono nowrap">{q.name}</td><td className="nowrap">{every(q.interval)}</td><td>{q.platform || 'everywhere'}</td><td>{q.description}</td><td className="mono">{q.query}</td></tr>)}</tbody></table>
        </div>
      </section>
      {p.findings.length > 0 ? <section className="pad" aria-label="What can be said against it"><h3 className="cap">What can be said against it</h3><Findings all={p.findings} /></section> : null}
      <section className="pad" aria-label="As it is written"><h3 className="cap">As it is written</h3><Yaml text={p.text} label="The pack's text" /></section>
      <Dialog opened={sure} close={() => setSure(false)} title={`Delete ${p.title}?`}>
        <div className="form">
          {end.isError ? <ProblemBox problem={end.error} /> : null}
          <p>All {p.version} of its versions go. What hosts have answered stays.</p>
          <div className="row"><button type="button" className="btn" data-primary disabled={end.isPending} onClick={() => end.mutate()}>Delete it</button><button type="button" className="btn" data-autofocus onClick={() => setSure(false)}>Leave it</button></div>
        </div>
      </Dialog>
    </>
  );
}
