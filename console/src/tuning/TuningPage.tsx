import { useRef } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { STATUSES } from '../api/client';
import { ruleOf } from '../rules/RuleRail';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { exact, number, when } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { UNDO_MS, failed, said } from '../ui/toast';
import { ACTS, DONE, LANES, ORDER, TUNING, again, previewOf, tune, undo, type Act, type Kind, type Preview, type Tuned } from './tuning';

const route = getRouteApi('/tuning');
const idOf = (r: Tuned) => `${r.record.rule_id}@${r.record.version}`;

/** Rules by how often they are wrong, and one key to do something about it, with the way back. */
export default function TuningPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/tuning' });
  const client = useQueryClient();
  const may = useMay('suppressions:write');
  const list = useQuery(TUNING);
  const all = ORDER.flatMap((lane) => (list.data?.rules ?? []).filter((r) => r.lane === lane));
  const current = all.find((r) => idOf(r) === search.rule || r.record.rule_id === search.rule) ?? (search.rule === undefined ? all[0] : undefined);
  const rule = current?.record.rule_id;
  const mayHide = useQuery({ ...previewOf(rule ?? '', 'suppress'), enabled: rule !== undefined });
  const last = useRef<{ until: number; run: () => void }>(undefined);
  const back = async (id: string) => {
    last.current = undefined;
    try {
      const act = await undo(id);
      said(`As it was: ${act.rule_id}`);
    } catch (e) {
      failed('Not undone', e instanceof Error ? e.message : String(e));
    }
    await again(client);
  };
  const run = async (kind: Kind) => {
    if (!current || !may) return;
    try {
      const done = await tune(current.record.rule_id, kind, current.why, kind === 'suppress' ? mayHide.data?.entity : undefined);
      last.current = { until: Date.now() + UNDO_MS, run: () => void back(done.id) };
      said(`The rule is ${DONE[kind]}${done.entity ? `: ${done.entity}` : ''}`, () => void back(done.id));
    } catch (e) {
      failed('Nothing was changed', e instanceof Error ? e.message : String(e));
    }
    await again(client);
  };
  const open = (r: Tuned, replace = false) => void nav({ search: { rule: idOf(r) }, replace });
  const move = (d: number) => {
    const i = current ? all.indexOf(current) : -1;
    const next = all[Math.max(0, Math.min(all.length - 1, i + d))];
    if (next) open(next, true);
  };
  const helps = current ? LANES[current.lane].helps : undefined;
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next rule', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous rule', group: 'Move', run: () => move(-1) },
    ...(may ? [
      { keys: ['d'], label: 'Disable the rule', group: 'Rule', run: () => void run('disable') },
      { keys: ['s'], label: 'Put the rule in the shadow', group: 'Rule', run: () => void run('shadow') },
      { keys: ['h'], label: 'Hide who causes most false alerts', group: 'Rule', run: () => void run('suppress') },
      { keys: ['u'], label: 'Undo', group: 'Rule', run: () => { if (last.current && last.current.until > Date.now()) last.current.run(); } },
    ] : []),
  ]);
  return (
    <div className="hunts">
      <aside className="hside" aria-label="Rules by lane">
        <header><h1>Tuning</h1><span className="muted">{list.data ? `${number(all.length)} in ${list.data.days} days` : ''}</span><span className="grow1" /><Link to="/report">Report</Link></header>
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        {ORDER.map((lane) => {
          const some = all.filter((r) => r.lane === lane);
          return some.length === 0 ? null : (
            <section key={lane} aria-labelledby={`lane-${lane}`}>
              <h2 className="cap row pad" id={`lane-${lane}`}><span className={`pill ${LANES[lane].tone}`}>{LANES[lane].label}</span><span className="muted">{number(some.length)}</span></h2>
              <ul className="hlist" aria-labelledby={`lane-${lane}`}>
                {some.map((r) => (
                  <li key={idOf(r)}>
                    <button type="button" aria-current={r === current || undefined} onClick={() => open(r)}>
                      <span className={r.title ? 'ht' : 'ht mono'} title={r.record.rule_id}>{r.title ?? r.record.rule_id}</span>
                      <span className="hm muted"><span className="ht">{r.why}</span></span>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label="Rule and what was done">
        {list.data && all.length === 0 ? <div className="empty"><h2>No rule has fired yet</h2><p className="muted">Each rule that fires gets a record of what people found its alerts to be. Those that are wrong too often stand first here, with what helps: disable it, watch it from the shadow, or hide who causes the false alerts. What that would have lost is shown before, and everything can be undone.</p></div> : null}
        {list.data && search.rule && !current && all.length > 0 ? <div className="empty"><h2>This rule has not fired lately</h2></div> : null}
        {current ? <Detail key={idOf(current)} of={current} may={may} helps={helps} run={(k) => void run(k)} /> : null}
        <Acts may={may} back={(id) => void back(id)} />
      </div>
    </div>
  );
}

function Detail({ of, may, helps, run }: { of: Tuned; may: boolean; helps: Kind | undefined; run: (kind: Kind) => void }) {
  const { record } = of;
  const known = useQuery({ ...ruleOf(record.rule_id), retry: false });
  const whole = useQuery(previewOf(record.rule_id, 'disable'));
  const part = useQuery(previewOf(record.rule_id, 'suppress'));
  const stage = known.data?.stage;
  return (
    <>
      <header className="dhead">
        <div className="row wrap">
          <h2 className="grow1">{of.title ?? known.data?.title ?? record.rule_id}</h2>
          {stage && stage !== 'active' ? <span className="pill c-quiet">{stage === 'shadow' ? 'in the shadow' : 'disabled'}</span> : null}
          <span className={`pill ${LANES[of.lane].tone}`}>{LANES[of.lane].label}</span>
        </div>
        <p className="muted">{LANES[of.lane].what}</p>
        <dl className="kv">
          <dt>Rule</dt><dd className="mono">{known.data ? <Link to="/rules" search={{ rule: record.rule_id }}>{record.rule_id}</Link> : record.rule_id}</dd>
          <dt>Fired</dt><dd>{number(record.fired)}, the last {when(record.last_at)}; <Link to="/alerts" search={{ rule: record.rule_id, status: STATUSES.join(',') }}>its alerts</Link></dd>
          <dt>False</dt><dd>{record.false_positive_rate.text}</dd>
          <dt>Precision</dt><dd>{record.precision.text}</dd>
          <dt>Changed by people</dt><dd>{number(record.overridden)} of its decisions</dd>
        </dl>
      </header>
      <section className="pad" aria-label="What it would have lost">
        <h3 className="cap">What there would not have been in 30 days</h3>
        {whole.isError ? <ProblemBox problem={whole.error} retry={() => void whole.refetch()} /> : null}
        {whole.isPending ? <Waiting /> : null}
        {whole.data ? <Lost p={whole.data} label="Without the rule" /> : null}
        {part.data?.entity ? <Lost p={part.data} label={`Without ${part.data.entity}`} /> : part.data ? <p className="muted">Nobody is in a false alert of it: there is nobody to hide.</p> : null}
        {whole.data && whole.data.attacks.length > 0 ? <><h4 className="cap">Attacks among them</h4><ul className="hist" aria-label="Attacks among them">{whole.data.attacks.map((a) => <li key={a.id} className="row"><span className="mono muted">{exact(a.time)}</span><Link className="grow1" to="/alerts" search={{ alert: a.id, status: STATUSES.join(',') }}>{a.title}</Link></li>)}</ul></> : null}
        {may ? (
          <div className="row wrap">
            <button type="button" className="btn" data-primary={helps === 'disable' || undefined} disabled={!known.data || stage === 'disabled'} onClick={() => run('disable')}>Disable <Key k="d" /></button>
            <button type="button" className="btn" data-primary={helps === 'shadow' || undefined} disabled={!known.data || stage === 'shadow'} onClick={() => run('shadow')}>Into the shadow <Key k="s" /></button>
            <button type="button" className="btn" data-primary={helps === 'suppress' || undefined} disabled={!part.data?.entity} onClick={() => run('suppress')}>Hide for 30 days{part.data?.entity ? `: ${part.data.entity}` : ''} <Key k="h" /></button>
          </div>
        ) : null}
        {known.isError ? <p className="muted">It is no rule in use here: what it raises can only be hidden.</p> : null}
      </section>
    </>
  );
}

function Lost({ p, label }: { p: Preview; label: string }) {
  return (
    <p><strong>{label}</strong>: {number(p.alerts)} {p.alerts === 1 ? 'alert' : 'alerts'} fewer; {number(p.false_positives)} were false, {number(p.benign)} benign, <span className={p.true_positives > 0 ? 'c-critical' : undefined}>{number(p.true_positives)} {p.true_positives === 1 ? 'was an attack' : 'were attacks'}</span>, {number(p.not_judged)} not judged.</p>
  );
}

function Acts({ may, back }: { may: boolean; back: (id: string) => void }) {
  const acts = useQuery(ACTS);
  const all = acts.data?.acts ?? [];
  const told = (a: Act) => (a.act === 'suppress' ? `${a.entity} hidden for 30 days` : DONE[a.act]);
  return (
    <section className="pad" aria-labelledby="acts">
      <h3 className="cap" id="acts">What was done</h3>
      {acts.isError ? <ProblemBox problem={acts.error} retry={() => void acts.refetch()} /> : null}
      {acts.data && all.length === 0 ? <p className="muted">Nothing yet. What people do here is listed with its reason, and can be undone.</p> : null}
      {all.length > 0 ? (
        <ul className="hist" aria-label="What was done about rules">
          {all.slice(0, 50).map((a) => (
            <li key={a.id} className="row wrap">
              <span className="mono muted" title={exact(a.made_at)}>{when(a.made_at)}</span>
              <span className="grow1"><span className="mono">{a.rule_id}</span> {told(a)} by {a.made_by}: {a.reason} <span className="muted">({number(a.lost)} alerts of 30 days, {number(a.lost_attacks)} attacks)</span></span>
              {a.undone_by ? <span className="muted">undone by {a.undone_by}</span> : may ? <button type="button" className="btn" aria-label={`Undo: ${a.rule_id} ${told(a)}`} onClick={() => back(a.id)}>Undo</button> : null}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
