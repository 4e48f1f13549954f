import type { ReactNode } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { STATUSES } from '../api/client';
import { save } from '../cases/cases';
import { RULING } from '../decisions/decisions';
import { useMay } from '../session/session';
import { LANES } from '../tuning/tuning';
import { Waiting } from '../ui/EventView';
import { number, words } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { failed } from '../ui/toast';
import { after, before, day, documentOf, reportOf, span, tried, type Report, type Suggested } from './report';

const route = getRouteApi('/report');
const LOUD = ['disable', 'suppress', 'threshold'];

/** What a week of decisions says of rules, thresholds and the model. */
export default function ReportPage() {
  const { week } = route.useSearch();
  const nav = useNavigate({ from: '/report' });
  const found = useQuery(reportOf(week));
  const r = found.data;
  const document = useMutation({ mutationFn: documentOf, onSuccess: (text, of) => save(`decisions-${of}.md`, text, 'text/markdown'), onError: (e) => failed('Not downloaded', e.message) });
  const go = (to: string | undefined) => { if (to) void nav({ search: { week: to } }); };
  const next = r ? after(r) : undefined;
  useKeys([
    { keys: ['['], label: 'The week before', group: 'Report', run: () => go(r && before(r)) },
    { keys: [']'], label: 'The week after', group: 'Report', run: () => go(next) },
    { keys: ['m'], label: 'Download as Markdown', group: 'Report', run: () => { if (r) document.mutate(r.week); } },
  ]);
  return (
    <div className="page" tabIndex={0} role="region" aria-label="Weekly report">
      <div className="pagehead">
        <h1>Report</h1>
        <button type="button" className="btn" disabled={!r} onClick={() => go(r && before(r))}>Week before <Key k="[" /></button>
        <button type="button" className="btn" disabled={!next} onClick={() => go(next)}>Week after <Key k="]" /></button>
        {r ? <span><strong className="mono">{r.week}</strong> <span className="muted">{day(Date.parse(r.from))} to {day(Date.parse(r.to) - 1)}, UTC</span></span> : null}
        {r && !r.complete ? <span className="pill c-quiet">not over yet</span> : null}
        <span className="grow1" />
        <button type="button" className="btn" disabled={!r || document.isPending} onClick={() => { if (r) document.mutate(r.week); }}>Markdown <Key k="m" /></button>
      </div>
      {found.isError ? <div className="stack"><ProblemBox problem={found.error} retry={() => void found.refetch()} />{week ? <div className="row"><Link className="btn" to="/report">To the last whole week</Link></div> : null}</div> : null}
      {found.isPending ? <Waiting /> : null}
      {r ? <div style={{ display: 'grid', gap: 18 }}><Decided r={r} /><Closed r={r} /><Thresholds r={r} /><Rules r={r} /><Model r={r} /></div> : null}
    </div>
  );
}

function Card({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return <section className="card" aria-labelledby={`report-${id}`}><div className="pad stack"><h2 id={`report-${id}`}>{title}</h2>{children}</div></section>;
}

function Table({ label, head, children }: { label: string; head: readonly (readonly [string, boolean?])[]; children: ReactNode }) {
  return (
    <div className="scrollx" tabIndex={0} role="region" aria-label={label}>
      <table className="tbl"><thead><tr>{head.map(([h, num]) => <th key={h} scope="col" className={num ? 'num' : undefined}>{h}</th>)}</tr></thead><tbody>{children}</tbody></table>
    </div>
  );
}

const COUNTS = [['Alerts', true], ['Week before', true], ['Looked at', true], ['Changed', true], ['Override rate']] as const;
type Counted = Report['decisions']['kinds'][number] | Report['decisions'] | Report['decisions']['lanes'][number];
const Numbers = ({ of }: { of: Counted }) => <><td className="num mono">{number(of.count)}</td><td className="num mono muted">{number(of.before)}</td><td className="num mono">{number(of.looked_at)}</td><td className="num mono">{number(of.changed)}</td><td className={of.overridden.measured ? 'mono' : 'muted'}>{of.overridden.text}</td></>;

function Decided({ r: { decisions: d } }: { r: Report }) {
  if (d.lanes.length === 0) return <Card id="decided" title="What was decided"><p className="muted">Nothing, in this week and the one before. Here will stand how many alerts were escalated, closed or left to a person, by which rule, beside the week before, and how often people changed that.</p></Card>;
  return (
    <Card id="decided" title="What was decided">
      <Table label="By decision" head={[['Decision'], ...COUNTS]}>
        {d.kinds.map((k) => <tr key={k.decision}><td><span className={`pill ${RULING[k.decision].tone}`}>{RULING[k.decision].label}</span></td><Numbers of={k} /></tr>)}
        <tr><td><strong>all</strong></td><Numbers of={d} /></tr>
      </Table>
      <Table label="By what decided" head={[['By'], ['Decision'], ...COUNTS]}>
        {d.lanes.map((l) => <tr key={l.decision + l.lane}><td>{words(l.lane)}</td><td>{RULING[l.decision].label}</td><Numbers of={l} /></tr>)}
      </Table>
      <p className="muted">Looked at: a person overrode the decision or gave a verdict on the alert. Changed: their last word is another decision. {d.time ? `From the alert to its decision: median ${span(d.time.median_ms)}, 95 of 100 within ${span(d.time.p95_ms)}, at most ${span(d.time.most_ms)}` : 'Nothing was decided in this week'}{d.time_before ? `; in the week before: median ${span(d.time_before.median_ms)}, 95 of 100 within ${span(d.time_before.p95_ms)}.` : '.'}</p>
    </Card>
  );
}

function Closed({ r: { closed: c } }: { r: Report }) {
  return (
    <Card id="closed" title="What was closed without a person">
      {c.closed + c.sampled === 0 ? <p className="muted">Nothing. When closing is on, some of what would be closed stays open to be checked; what these checks say of all that was closed will stand here.</p> : (
        <>
          <dl className="kv">
            <dt>Closed</dt><dd>{number(c.closed)}{c.closed_attacks > 0 ? <>, of which <span className="c-critical">{number(c.closed_attacks)} found to be attacks since</span></> : ''}</dd>
            <dt>To be checked</dt><dd>{number(c.sampled)} left open, {number(c.judged)} judged; <Link to="/decisions" search={{ show: 'sampled' }}>see them</Link></dd>
            <dt>Attacks</dt><dd className="mono">{c.missed.text}</dd>
          </dl>
          <p>{c.judged === 0 ? `Nobody has judged one: any of the ${number(c.closed)} closed may have been wrong.` : `So at most ${number(c.at_most)} of the ${number(c.closed)} closed were attacks, by the upper end of the interval.`}</p>
        </>
      )}
    </Card>
  );
}

function Thresholds({ r: { thresholds: t } }: { r: Report }) {
  return (
    <Card id="thresholds" title="Thresholds">
      <p>In force: escalate from <span className="mono">{t.now.escalate}</span>, close up to <span className="mono">{t.now.close}</span>{t.closing ? '' : ' (closing is off)'}, model at least <span className="mono">{t.now.model}</span>. Tried on {number(t.looked_at)} of {number(t.decided)} decisions of the {t.days} days before the week’s end, {number(t.judged)} of them judged.</p>
      {t.suggested.map((s) => <Suggestion key={s.threshold} s={s} on={!t.now.auto_close} />)}
      {t.not_suggested.length > 0 ? <ul className="hist" aria-label="Where nothing is suggested">{t.not_suggested.map((s) => <li key={s.threshold}><strong>{words(s.threshold)}</strong>: nothing is suggested; <span className="muted">{s.why}</span></li>)}</ul> : null}
      <p className="muted">{t.criterion}</p>
    </Card>
  );
}

function Suggestion({ s, on }: { s: Suggested; on: boolean }) {
  const may = useMay('decisions:write');
  return (
    <section className="notice" aria-label={`Suggested: ${s.threshold}`}>
      <p><strong>{words(s.threshold)}: {s.to} instead of {s.from}</strong>{on && s.thresholds.auto_close ? ', with closing switched on' : ''}</p>
      <p className="muted">{s.why}</p>
      <ul className="hist" aria-label={`What ${s.threshold} would change`}>{s.effect.changes.map((c) => <li key={c.from + c.to} className="row wrap"><span className="grow1">{RULING[c.from].label} → {RULING[c.to].label}</span><span className="mono">{number(c.alerts)}</span><span className="muted">{number(c.true_positives)} were attacks, {number(c.benign)} benign, {number(c.false_positives)} false</span></li>)}</ul>
      {may ? <div className="row"><Link className="btn" to="/decisions" search={{ try: tried(s.thresholds) }}>Look at it in the preview…</Link></div> : null}
    </section>
  );
}

const RULES = [['Rule'], ['Alerts', true], ['Attacks', true], ['Benign', true], ['False', true], ['In the record', true], ['False of those judged'], ['False alerts', true], ['Lane']] as const;
type Row = Report['rules']['shown'][number];

function Rules({ r: { rules } }: { r: Report }) {
  const loud = rules.shown.filter((x) => LOUD.includes(x.lane));
  return (
    <Card id="rules" title="Rules, by what they cost people">
      {rules.count === 0 ? <p className="muted">No rule fired in {rules.days} days. Each that does will stand here with how many of its alerts were false.</p> : (
        <>
          <p>{loud.length === 0 ? 'No rule has to be tuned: none has at least a tenth false of at least 20 judged.' : <>{number(loud.length)} {loud.length === 1 ? 'rule asks' : 'rules ask'} to be tuned: {loud.slice(0, 5).map((x, i) => <span key={x.rule_id + x.version}>{i > 0 ? ', ' : ''}<Link to="/tuning" search={{ rule: `${x.rule_id}@${x.version}` }}>{x.title || x.rule_id}</Link></span>)}{loud.length > 5 ? ' and others' : ''}.</>}</p>
          <Table label="By rule" head={RULES}>
            {rules.shown.map((x) => <RuleRow key={`${x.rule_id}@${x.version}`} x={x} />)}
            {rules.count > rules.shown.length ? <tr><td>{number(rules.count - rules.shown.length)} others</td><Sums week={rules.others.week} record={rules.others.record} /><td /><td /></tr> : null}
            <tr><td><strong>all</strong></td><Sums week={rules.all.week} record={rules.all.record} /><td /><td /></tr>
          </Table>
          <p className="muted">The record is of {rules.days} days up to the end of the week. False alerts: those of the week times the record’s rate. Only verdicts of people count; without any it is not measured.</p>
        </>
      )}
    </Card>
  );
}

function RuleRow({ x }: { x: Row }) {
  return (
    <tr>
      <td><Link to="/rules" search={{ rule: x.rule_id }}>{x.title || x.rule_id}</Link><div className="muted mono small">{x.rule_id}@{x.version.slice(0, 8)}, <Link to="/alerts" search={{ rule: x.rule_id, status: STATUSES.join(',') }} aria-label={`Alerts of ${x.title || x.rule_id}`}>alerts</Link></div></td>
      <Sums week={x.week} record={x.record} />
      <td className="num mono">{x.false_alerts === null ? '–' : x.false_alerts.toFixed(1)}</td>
      <td title={x.why}><Link to="/tuning" search={{ rule: `${x.rule_id}@${x.version}` }} aria-label={`${LANES[x.lane].label}: tuning of ${x.title || x.rule_id}`}><span className={`pill ${LANES[x.lane].tone}`}>{LANES[x.lane].label}</span></Link></td>
    </tr>
  );
}

const Sums = ({ week, record }: { week: Row['week']; record: Row['record'] }) => <><td className="num mono">{number(week.fired)}</td><td className="num mono">{number(week.true_positives)}</td><td className="num mono">{number(week.benign)}</td><td className="num mono">{number(week.false_positives)}</td><td className="num mono muted">{number(record.fired)}</td><td className={record.false_positive_rate.measured ? 'mono' : 'muted'}>{record.false_positive_rate.text}</td></>;

function Model({ r: { model } }: { r: Report }) {
  return (
    <Card id="model" title="Model">
      {model.length === 0 ? <p className="muted">None was asked in this week. What it cost, and how often people changed what it said, will stand here by version of the prompt.</p> : (
        <Table label="By model and prompt" head={[['Model'], ['Prompt'], ['Asked', true], ['Answered', true], ['Failed', true], ['Over budget', true], ['Tokens', true], ['Decided', true], ['Override rate']]}>
          {model.map((m) => <tr key={`${m.model} ${m.prompt_version}`}><td>{m.model || 'unknown'}</td><td className="mono">{m.prompt_version}</td><td className="num mono">{number(m.calls)}</td><td className="num mono">{number(m.said)}</td><td className="num mono">{number(m.failed)}</td><td className="num mono">{number(m.over_budget)}</td><td className="num mono">{number(m.tokens)}</td><td className="num mono">{number(m.decided)}</td><td className={m.overridden.measured ? 'mono' : 'muted'}>{m.overridden.text}</td></tr>)}
        </Table>
      )}
    </Card>
  );
}
