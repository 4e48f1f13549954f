import { useState, type FormEvent } from 'react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { SEVERITIES, answer, api } from '../api/client';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { ProblemBox, SeverityLabel } from '../ui/parts';
import { said } from '../ui/toast';
import { GOALS, seconds, span, type Target } from './targets';

const TARGETS = queryOptions({ queryKey: ['case-targets'], queryFn: ({ signal }) => answer(api.GET('/v1/cases/targets', { signal })) });

/** Until when cases have to be acknowledged, contained and resolved. */
export default function TargetSettings() {
  const all = useQuery(TARGETS);
  return (
    <div className="pad casecol">
      <h2>Case targets</h2>
      <p className="muted">How long a case may wait, from its opening. Clocks that run follow at once; what is late stays late. A breach is in the case’s history and the audit log once.</p>
      {all.isError ? <ProblemBox problem={all.error} retry={() => void all.refetch()} /> : null}
      {all.isPending ? <Waiting /> : null}
      {all.data ? <Table key={all.dataUpdatedAt} targets={all.data.targets} /> : null}
    </div>
  );
}

function Table({ targets }: { targets: readonly Target[] }) {
  const client = useQueryClient();
  const may = useMay('cases:configure');
  const [wrong, setWrong] = useState<string>();
  const save = useMutation({
    mutationFn: (own: readonly Target[]) => answer(api.PUT('/v1/cases/targets', { body: { targets: own.map(({ severity, goal, seconds: s }) => ({ severity, goal, seconds: s })) } })),
    onSuccess: (now) => { client.setQueryData(TARGETS.queryKey, now); void client.invalidateQueries({ queryKey: ['cases'] }); said('Saved: clocks that run follow'); },
  });
  const of = (severity: Target['severity'], goal: Target['goal']) => targets.find((t) => t.severity === severity && t.goal === goal)!;
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const own: Target[] = [];
    for (const t of targets) {
      const text = String(f.get(`${t.severity} ${t.goal}`)).trim();
      const s = text === '' ? t.usual : seconds(text);
      if (s === undefined) { setWrong(`“${text}” is no time: write 15 min, 4 h or 3 d.`); return; }
      if (s !== t.usual) own.push({ ...t, seconds: s });
    }
    setWrong(undefined);
    save.mutate(own);
  };
  return (
    <form className="form" onSubmit={submit} aria-label="Case targets">
      <div className="scrollx" tabIndex={0} role="region" aria-label="Table of targets"><table className="tbl">
        <thead><tr><th scope="col">Severity</th>{GOALS.map((g) => <th scope="col" key={g.goal}>{g.label}</th>)}</tr></thead>
        <tbody>{SEVERITIES.map((severity) => <tr key={severity}><th scope="row"><SeverityLabel of={severity} /></th>{GOALS.map(({ goal, label }) => { const t = of(severity, goal); return <td key={goal}><input className="input" style={{ width: 110 }} name={`${severity} ${goal}`} aria-label={`${label}, ${severity}`} defaultValue={t.own ? span(t.seconds) : ''} placeholder={span(t.usual)} disabled={!may} autoComplete="off" maxLength={20} /></td>; })}</tr>)}</tbody>
      </table></div>
      <p className="muted">An empty field is as the platform has it, in grey. From 1 minute to 366 days.</p>
      {wrong ? <p className="c-bad" role="alert">{wrong}</p> : null}
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      {may ? <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending}>Save the targets</button>{targets.some((t) => t.own) ? <button type="button" className="btn" disabled={save.isPending} onClick={() => save.mutate([])}>All as the platform has them</button> : null}</div> : <p className="muted">Your role may read these, not change them.</p>}
    </form>
  );
}
