import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Waiting } from '../ui/EventView';
import { exact, number } from '../ui/format';
import { Json, ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { GROUPS, assign, change, configOf, type Group, type Pack } from './packs';

/** Which packs the hosts of a group are given, and what they are told then. */
export function GroupView({ group, packs, may }: { group: Group; packs: readonly Pack[]; may: boolean }) {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<readonly string[]>(group.packs);
  const [note, setNote] = useState('');
  const [shown, setShown] = useState(false);
  const config = useQuery({ queryKey: ['osquery-config', group.group, group.version], queryFn: ({ signal }) => configOf(group.group, signal), enabled: shown });
  const give = useMutation({
    mutationFn: () => assign({ group: group.group, base: group.version, packs: [...chosen], ...(note ? { note } : {}) }),
    onSuccess: async (g) => {
      said(`${g.group} is given ${g.packs.length} packs; its hosts have them when they ask next`);
      await client.invalidateQueries({ queryKey: GROUPS.queryKey });
    },
  });
  const difference = change(group.packs, chosen);
  const toggle = (name: string, on: boolean) => setChosen(on ? [...chosen, name] : chosen.filter((p) => p !== name));
  return (
    <form className="hform" onSubmit={(e) => { e.preventDefault(); give.mutate(); }}>
      <header className="dhead">
        <h2>{group.group}</h2>
        <p className="muted">{number(group.hosts)} {group.hosts === 1 ? 'host' : 'hosts'} with osquery. {group.version === 0 ? 'Nobody has chosen packs for it: it is given the usual ones.' : `Chosen ${exact(group.made_at ?? '')}${group.note ? `: ${group.note}` : '.'}`}</p>
      </header>
      <fieldset disabled={!may}>
        <legend>Its packs</legend>
        {packs.map((p) => <label key={p.name} className="check"><input type="checkbox" checked={chosen.includes(p.name)} onChange={(e) => toggle(p.name, e.target.checked)} /> <span><strong>{p.title}</strong> <span className="muted">{p.queries.length} {p.queries.length === 1 ? 'query' : 'queries'}{p.platform ? `, ${p.platform}` : ''}{p.usual ? ', usual' : ''}</span></span></label>)}
      </fieldset>
      {may ? <label className="form"><span>Why <span className="muted">(kept with the choice)</span></span><input className="input" maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} /></label> : null}
      {give.isError ? <ProblemBox problem={give.error} /> : null}
      {may ? <div className="row"><button type="submit" className="btn" data-primary disabled={difference === '' || give.isPending}>Give them</button>{difference ? <button type="button" className="btn" onClick={() => setChosen(group.packs)}>As it was</button> : null}<span className="muted" role="status">{difference ? `The group ${difference}.` : ''}</span></div> : null}
      <section aria-label="What its hosts are told">
        <button type="button" className="btn" aria-expanded={shown} onClick={() => setShown(!shown)}>{shown ? 'Hide what its hosts are told' : 'Show what its hosts are told'}</button>
        {shown && config.isError ? <ProblemBox problem={config.error} retry={() => void config.refetch()} /> : null}
        {shown && config.isPending ? <Waiting /> : null}
        {shown && config.data ? <Json value={config.data} label="Configuration of osquery" /> : null}
      </section>
    </form>
  );
}
