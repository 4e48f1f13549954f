import { useEffect, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ruleOf } from '../rules/RuleRail';
import { moment, number } from '../ui/format';
import { CopyButton, Key, Yaml } from '../ui/parts';
import { DayBars } from './DayBars';
import { HitRules } from './HitRules';
import { HuntState, useWho } from './HuntList';
import { Samples } from './Samples';
import { STATUSES } from '../api/client';
import { about, bars, perDay, timeLeft, underWay, type Hunt, type Sample } from './hunt';

type Props = { hunt: Hunt; rule: string | undefined; onRule: (id: string | undefined) => void; cancel: (() => void) | undefined; raise: (() => void) | undefined; repeat: (() => void) | undefined };

/** One hunt: how far it is, how often its rules would have fired, on what. */
export function HuntDetail({ hunt, rule: asked, onRule, cancel, raise, repeat }: Props) {
  const rule = hunt.rules.find((r) => r.rule_id === asked);
  const several = hunt.rules.length > 1;
  const shown = rule ?? (several ? undefined : hunt.rules[0]);
  const hits = rule ? rule.hits : hunt.hits;
  const busy = underWay(hunt);
  const who = useWho();
  // A rule that was pasted is not among those in use, so there is nothing to lead to.
  const known = hunt.rule ? undefined : shown?.rule_id;
  const kept = useQuery({ ...ruleOf(known ?? ''), enabled: known !== undefined, retry: false });
  return (
    <>
      <header className="dhead">
        <div className="row wrap">
          <h2 className="grow1">{hunt.title}</h2>
          <HuntState of={hunt.state} />
          <CopyButton text={`${window.location.origin}/hunts?hunt=${hunt.id}`} label="Copy a link to this hunt">Link</CopyButton>
          {busy && cancel ? <button type="button" className="btn" onClick={cancel}>Cancel <Key k="x" /></button> : null}{!busy && repeat ? <button type="button" className="btn" onClick={repeat}>Hunt again <Key k="r" /></button> : null}
          {raise ? <button type="button" className="btn" data-primary onClick={raise}>Raise the alerts… <Key k="a" /></button> : null}
        </div>
        <p className="muted row wrap"><span className="mono">{moment(hunt.from)} – {moment(hunt.to)}</span><span title={hunt.created_by}>by {who(hunt)}, {moment(hunt.created_at)}</span>{hunt.raise ? <span className="tag">raises alerts</span> : <span className="tag">preview, raises nothing</span>}</p>
      </header>
      {busy ? <Progress hunt={hunt} /> : null}
      {hunt.note ? <p className={`note ${hunt.state === 'failed' ? 'c-failing' : 'c-quiet'}`} role="status">{hunt.note}</p> : null}
      {busy ? null : (
        <section className="ledger dnums" aria-label="In numbers">
          <div><b>{number(hits)}</b><span>{hunt.raise ? 'hits, raised' : 'would have fired'}</span></div>
          <div><b>{rate(perDay(hits, hunt))}</b><span>a day</span></div>
          {several && !rule ? <div><b>{number(hunt.rules.length)}</b><span>rules fired</span></div> : null}
          <div><b>{number(hunt.scanned_events)}</b><span title="The others cannot fit and were passed over">events looked at</span></div>
          {hunt.ended_at ? <div><b>{took(Date.parse(hunt.ended_at) - Date.parse(hunt.created_at))}</b><span>took</span></div> : null}
          {hunt.raise && hunt.hits > 0 ? <div className="dlink"><Link className="btn" to="/alerts" search={{ status: STATUSES.join(','), ...(hunt.rules.length === 1 ? { rule: hunt.rules[0]!.rule_id } : {}), from: hunt.from, to: hunt.to }}>See the alerts</Link></div> : null}
        </section>
      )}
      {!busy && hunt.hits === 0 ? <Nothing hunt={hunt} repeat={repeat} /> : null}
      {hits > 0 && hunt.rules.length > 0 ? (
        <section className="dsec" aria-labelledby="perday">
          <h3 className="cap" id="perday">{hunt.raise ? 'Fired, by day' : 'Would have fired, by day'}{rule ? <><span className="said">{rule.title}</span><button type="button" className="plain" onClick={() => onRule(undefined)}>All rules</button></> : null}{known ? <Link to="/rules" search={{ rule: known }}>The rule</Link> : null}</h3>
          <DayBars bars={bars(hunt, rule?.rule_id)} label={`Hits by day${shown ? ` of ${shown.title}` : ''}`} to={kept.data?.searchable ? (b) => ({ rule: kept.data.id, from: b.from, to: b.to }) : undefined} />
        </section>
      ) : null}
      {several ? <HitRules rules={hunt.rules} chosen={rule?.rule_id} onChoose={(id) => onRule(id === rule?.rule_id ? undefined : id)} /> : null}
      {shown ? <Samples key={shown.rule_id} of={shown} /> : null}
      {hunt.rule ? <RuleText text={hunt.rule} /> : null}
    </>
  );
}

const rate = (n: number) => (n === 0 ? '0' : n < 0.1 ? '< 0.1' : n < 10 ? String(Math.round(n * 10) / 10) : number(Math.round(n)));
const took = (ms: number) => (ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : ms < 90_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`);

function Progress({ hunt }: { hunt: Hunt }) {
  const first = useRef<Sample>(undefined);
  const [left, setLeft] = useState<number>();
  const running = hunt.state === 'running';
  useEffect(() => {
    if (!running) return;
    const now = { at: Date.now(), progress: hunt.progress };
    first.current ??= now;
    setLeft((before) => timeLeft(first.current, now) ?? before);
  }, [running, hunt.progress]);
  const percent = Math.floor(hunt.progress * 100);
  return (
    <section className="dprog" aria-label="Progress">
      <progress max={1} value={hunt.progress} aria-label="How much is done" />
      <p role="status">
        {running ? <><strong>{percent} %</strong> of what is stored in this time · {number(hunt.scanned_events)} events looked at · <strong>{number(hunt.hits)}</strong> {hunt.hits === 1 ? 'hit' : 'hits'} so far{left === undefined ? '' : ` · ${about(left)} left`}</> : 'It waits: one hunt runs at a time, so that search and detection stay quick.'}
      </p>
      {[78, 64, 70].map((w) => <span key={w} className="sk" style={{ width: `${w}%` }} />)}
    </section>
  );
}

function Nothing({ hunt, repeat }: { hunt: Hunt; repeat: (() => void) | undefined }) {
  if (hunt.state !== 'done') return null;
  return (
    <div className="empty">
      <h2>{hunt.rule || hunt.rule_ids.length === 1 ? 'It would not have fired' : 'None of them would have fired'}</h2>
      <p className="muted">{hunt.scanned_events === 0 ? 'No stored event in this time can fit: nothing came from such a source, or the time is before the first event.' : `${number(hunt.scanned_events)} events were looked at and none fits. For a rule that should find something, look whether its log source is among your sources.`}</p>
      <div className="row wrap">{repeat ? <button type="button" className="btn" onClick={repeat}>Over a longer time <Key k="r" /></button> : null}<Link className="btn" to="/sources">See the sources</Link></div>
    </div>
  );
}

function RuleText({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  return (
    <section className="dsec">
      <button type="button" className="btn" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Hide the rule that was hunted with' : 'Show the rule that was hunted with'}</button>
      {open ? <Yaml text={text} label="The rule that was hunted with" /> : null}
    </section>
  );
}

