import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api, STATUSES } from '../api/client';
import { Waiting } from '../ui/EventView';
import { exact, moment, number } from '../ui/format';
import { CopyButton, Key, ProblemBox } from '../ui/parts';
import { RunAnswer } from './RunAnswer';
import { next, parse } from './cron';
import { reading, type Schedule, type ScheduleRun } from './schedules';

const REFRESH_MS = 5_000;
const BUSY_MS = 1_000;
type Props = { of: Schedule; run: string | undefined; onRun: (id: string | undefined) => void; may: boolean; now: () => void; flip: () => void; change: () => void; drop: () => void };

/** One schedule: what it asks, when it is due, what its runs found. */
export function ScheduleDetail({ of, run, onRun, may, now, flip, change, drop }: Props) {
  const runs = useQuery({
    queryKey: ['schedule-runs', of.id],
    queryFn: ({ signal }) => answer(api.GET('/v1/schedules/{id}/runs', { params: { path: { id: of.id } }, signal })),
    refetchInterval: (q) => (q.state.data?.runs.some((r) => r.state === 'running') ? BUSY_MS : REFRESH_MS),
  });
  const all = runs.data?.runs ?? [];
  const shown = run ?? (all.find((r) => r.kept > 0) ?? all[0])?.id;
  const due = useMemo(() => {
    const c = parse(of.cron);
    return typeof c === 'string' || !of.enabled ? [] : next(c, of.time_zone, Date.now(), 3);
  }, [of.cron, of.time_zone, of.enabled, of.next_at]);
  return (
    <>
      <header className="dhead">
        <div className="row wrap">
          <h2 className="grow1">{of.name}</h2>
          {of.enabled ? <span className="pill c-ok">on</span> : <span className="pill c-quiet">off</span>}
          <CopyButton text={`${window.location.origin}/schedules?schedule=${of.id}`} label="Copy a link to this schedule">Link</CopyButton>
          {may ? (
            <>
              <button type="button" className="btn" onClick={drop}>Delete <Key k="d" /></button>
              <button type="button" className="btn" onClick={change}>Change <Key k="e" /></button>
              <button type="button" className="btn" onClick={flip}>{of.enabled ? 'Turn off' : 'Turn on'} <Key k="x" /></button>
              <button type="button" className="btn" data-primary onClick={now} disabled={!of.enabled}>Run now <Key k="r" /></button>
            </>
          ) : null}
        </div>
        {of.description ? <p>{of.description}</p> : null}
        <p className="muted row wrap"><strong>{reading(of.cron)}</strong><span className="mono">{of.cron}</span><span>{of.time_zone}</span><span>by {of.mine ? 'you' : of.owner}</span></p>
        <p className="muted">{due.length > 0 ? `Next: ${due.map((t) => moment(new Date(t).toISOString())).join(' · ')}` : 'It is off, so nothing is due.'}{of.alert ? ` · raises a ${of.alert.severity} alert from ${number(of.alert.threshold)} ${of.alert.threshold === 1 ? 'hit' : 'hits'} on` : ' · raises no alert'}</p>
        <div className="row"><pre className="code qtext grow1" tabIndex={0} aria-label="The query">{of.query || (of.rule ? 'Every event on which the rule fires' : 'Everything')}</pre><Link className="btn" to="/search" search={{ q: of.query || undefined, rule: of.rule ?? undefined }}>In the search</Link></div>
      </header>
      {runs.isError ? <div className="pad"><ProblemBox problem={runs.error} retry={() => void runs.refetch()} /></div> : null}
      {runs.isPending ? <div className="pad"><Waiting /></div> : null}
      {runs.data && all.length === 0 ? <div className="empty"><h2>It has not run yet</h2><p className="muted">{of.enabled && of.next_at ? `The first run is due ${moment(of.next_at)}.` : 'It is off.'} A run now shows what it finds.</p></div> : null}
      {all.length > 0 ? <Runs all={all} shown={shown} onRun={onRun} /> : null}
      {shown ? <RunAnswer key={shown} id={shown} /> : null}
    </>
  );
}

const TONE: Record<ScheduleRun['state'], string> = { running: 'c-low', done: 'c-ok', partial: 'c-quiet', failed: 'c-failing' };

function Runs({ all, shown, onRun }: { all: readonly ScheduleRun[]; shown: string | undefined; onRun: (id: string) => void }) {
  const most = Math.max(1, ...all.map((r) => r.hits));
  return (
    <section className="dsec" aria-labelledby="runs">
      <h3 className="cap" id="runs">Runs<span className="muted">{number(all.length)}</span></h3>
      <ul className="runs" aria-label="Runs">
        {all.map((r) => (
          <li key={r.id}>
            <button type="button" aria-pressed={r.id === shown} onClick={() => onRun(r.id)} title={`What came in from ${exact(r.from)} to ${exact(r.to)}`}>
              <span className="mono">{moment(r.started_at)}</span><span><span className={`pill ${TONE[r.state]}`}>{r.state}</span></span>
              <span className="btrack"><span className="bfill" style={{ width: `${r.hits === 0 ? 0 : Math.max(1, (r.hits / most) * 100)}%` }} /></span>
              <span className="num mono">{r.exact ? '' : '≥ '}{number(r.hits)} {r.hits === 1 ? 'hit' : 'hits'}</span>
              <span className="muted ht">{r.error ?? [r.missed > 0 ? `makes up for ${number(r.missed)} missed` : '', `${number(r.scanned)} events looked at`].filter(Boolean).join(' · ')}</span>
            </button>
            {r.alert_id ? <Link className="btn" to="/alerts" search={{ alert: r.alert_id, status: STATUSES.join(',') }}>Its alert</Link> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
