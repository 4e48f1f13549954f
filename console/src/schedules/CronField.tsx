import { useMemo } from 'react';
import { describe, next, parse } from './cron';

const COMMON: readonly [cron: string, label: string][] = [['*/15 * * * *', '15 minutes'], ['0 * * * *', 'Hour'], ['0 7 * * *', 'Day at 7'], ['0 7 * * 1-5', 'Workday at 7'], ['0 7 * * 1', 'Monday at 7']];
const TIMES = 3;

/** Five fields with what they say and when that is, while they are typed. */
export function CronField({ value, zone, onChange }: { value: string; zone: string; onChange: (v: string) => void }) {
  const said = useMemo(() => {
    const c = parse(value);
    if (typeof c === 'string') return { wrong: c, words: '', times: [] };
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
    const times = next(c, zone, Date.now(), TIMES).map((t) => clock.format(t));
    return { wrong: times.length === 0 ? 'No day fits it, in five years.' : '', words: describe(c), times };
  }, [value, zone]);
  return (
    <div className="cron">
      <div className="row wrap" role="group" aria-label="Every">
        <span className="muted">Every</span>
        {COMMON.map(([cron, label]) => <button type="button" key={cron} className="chip" aria-pressed={value.trim() === cron} onClick={() => onChange(cron)}>{label}</button>)}
      </div>
      <input className="input mono" aria-label="Cron expression: minute, hour, day of the month, month, day of the week" aria-describedby="cron-says" aria-invalid={said.wrong !== ''} value={value} maxLength={200} spellCheck={false} autoComplete="off" onChange={(e) => onChange(e.target.value)} />
      <p id="cron-says" role="status" className={said.wrong ? 'wrong' : undefined}>{said.wrong || <><strong>{said.words}</strong> <span className="muted">({zone}). Next: {said.times.join(' · ')}</span></>}</p>
    </div>
  );
}
