import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { SEVERITIES, answer, api, type Severity } from '../api/client';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { CronField } from './CronField';
import { parse } from './cron';
import { again, content, create, ownZone, type Schedule } from './schedules';

type Props = { opened: boolean; close: () => void; /** What is to run, or a schedule that is changed. */ of: { query: string; rule?: string; name?: string } | Schedule; saved: (s: Schedule) => void };
const isSchedule = (of: Props['of']): of is Schedule => 'cron' in of;

/** Has a search run by itself: when, and whether it raises an alert. */
export function ScheduleDialog({ opened, close, of, saved }: Props) {
  return <Dialog opened={opened} close={close} firm title={isSchedule(of) ? `Change “${of.name}”` : 'Run this search by a schedule'}>{opened ? <Form close={close} of={of} saved={saved} /> : null}</Dialog>;
}

function Form({ close, of, saved }: Omit<Props, 'opened'>) {
  const client = useQueryClient();
  const before = isSchedule(of) ? of : undefined;
  const mayRaise = useMay('alerts:write');
  const [cron, setCron] = useState(before?.cron ?? '0 * * * *');
  const [zone] = useState(before?.time_zone ?? ownZone());
  const [raise, setRaise] = useState(Boolean(before?.alert));
  const save = useMutation({
    mutationFn: (f: FormData) => {
      const alert = raise ? { severity: String(f.get('severity')) as Severity, threshold: Math.max(1, Number(f.get('threshold')) || 1) } : null;
      const body = { name: String(f.get('name')).trim(), description: String(f.get('description')).trim(), cron: cron.trim(), time_zone: zone, alert };
      if (!before) return create({ ...body, query: of.query, rule: of.rule ?? null, max_hits: 100, enabled: true });
      const { enabled: _, ...kept } = content(before);
      return answer(api.PUT('/v1/schedules/{id}', { params: { path: { id: before.id } }, body: { ...kept, ...body, version: before.version } }));
    },
    onSuccess: async (s) => {
      await again(client);
      close();
      said(before ? `“${s.name}” is changed` : `“${s.name}” runs by itself from now on`);
      saved(s);
    },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    if (typeof parse(cron) !== 'string') save.mutate(new FormData(e.currentTarget));
  };
  return (
    <form className="form" onSubmit={submit}>
      <pre className="code qtext" tabIndex={0} aria-label="The query">{of.query || (of.rule ? 'Every event on which the rule fires' : 'Everything')}</pre>
      <div className="two">
        <label>Name<input className="input" name="name" required maxLength={120} autoComplete="off" defaultValue={before?.name ?? ('name' in of ? of.name : '')} data-autofocus /></label>
        <label><span>What it is for <span className="muted">(may stay empty)</span></span><input className="input" name="description" maxLength={2000} autoComplete="off" defaultValue={before?.description} /></label>
      </div>
      <CronField value={cron} zone={zone} onChange={setCron} />
      <p className="muted">Each run looks at what came in since the run before, whatever times the events have: every event once, no gap. The time range of the search plays no part.</p>
      {mayRaise ? (
        <div className="row wrap">
          <label className="check"><input type="checkbox" checked={raise} onChange={(e) => setRaise(e.target.checked)} />Raise an alert</label>
          {raise ? (
            <>
              <label className="check">from<input className="input" style={{ width: 84 }} type="number" name="threshold" min={1} max={1_000_000_000} defaultValue={before?.alert?.threshold ?? 1} aria-label="From so many hits on" />hits on, as</label>
              <select className="input" name="severity" aria-label="Severity of the alert" defaultValue={before?.alert?.severity ?? 'medium'}>{SEVERITIES.map((s) => <option key={s}>{s}</option>)}</select>
            </>
          ) : null}
        </div>
      ) : null}
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending || typeof parse(cron) === 'string'}>{before ? 'Change it' : 'Have it run'}</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}
