import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api, type Schemas } from '../api/client';
import { near } from '../search/range';
import { useMay } from '../session/session';
import { exact, number, when } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';

type Stage = Schemas['RuleStage'];
const SAYS: Record<Stage, string> = { active: 'What it finds becomes alerts.', shadow: 'In the shadow: what it finds is counted here and makes no work.', disabled: 'Disabled: what it finds is dropped.' };
const STEPS: { to: Stage; label: string }[] = [{ to: 'active', label: 'Let it raise alerts' }, { to: 'shadow', label: 'Into the shadow' }, { to: 'disabled', label: 'Disable it' }];

/** How far the tenant lets a rule go, and what it would have raised. */
export function RuleStage({ rule }: { rule: string }) {
  const may = useMay('suppressions:write');
  const client = useQueryClient();
  const [to, setTo] = useState<Stage>();
  const one = useQuery({ queryKey: ['rule-stage', rule], queryFn: ({ signal }) => answer(api.GET('/v1/rules/{rule}/stage', { params: { path: { rule } }, signal })) });
  const s = one.data;
  const change = async (reason: string) => {
    if (!s || !to) return;
    try {
      client.setQueryData(['rule-stage', rule], await answer(api.PUT('/v1/rules/{rule}/stage', { params: { path: { rule } }, body: { stage: to, reason, version: s.version } })));
      said(SAYS[to]);
      setTo(undefined);
    } catch (e) {
      failed('Nothing was changed', e instanceof Error ? e.message : String(e));
    }
    await Promise.all(['rules', 'rule', 'rule-stage'].map((k) => client.invalidateQueries({ queryKey: [k] })));
  };
  return (
    <section aria-label="Stage">
      <h3 className="cap">Stage</h3>
      {one.isError ? <ProblemBox problem={one.error} retry={() => void one.refetch()} /> : null}
      {s ? <p>{SAYS[s.stage]}{s.changed_at ? <span className="muted"> {s.changed_by}, {when(s.changed_at)}: {s.reason}</span> : null}</p> : null}
      {s && s.shadow.firings > 0 ? (
        <>
          <p>{s.stage === 'shadow' ? 'So far it fired' : 'In the shadow it fired'} {number(s.shadow.firings)} times on {number(s.shadow.days.length)} {s.shadow.days.length === 1 ? 'day' : 'days'}; the last {number(s.shadow.kept)} would have been {number(s.shadow.alerts)} {s.shadow.alerts === 1 ? 'alert' : 'alerts'}.</p>
          <p className="muted">{s.shadow.entities.slice(0, 5).map((e) => `${e.value} (${number(e.firings)})`).join(', ')}</p>
          <ul className="hist" aria-label="What it would have raised">{s.shadow.newest.slice(0, 8).map((f) => <li key={f.alert_id} className="row"><span className="mono muted">{exact(f.time)}</span><span className="grow1 ht">{f.entities.slice(0, 3).map((e) => e.value).join(', ')}</span><Link to="/search" search={{ event: f.event_id, ...near(f.time) }}>its event</Link></li>)}</ul>
        </>
      ) : s?.stage === 'shadow' ? <p className="muted">It has found nothing since.</p> : null}
      {may && s && !to ? <div className="row wrap">{STEPS.filter((x) => x.to !== s.stage).map((x) => <button key={x.to} type="button" className="btn" onClick={() => setTo(x.to)}>{x.label}…</button>)}</div> : null}
      {to ? (
        <form className="form" onSubmit={(e) => { e.preventDefault(); void change(String(new FormData(e.currentTarget).get('reason')).trim()); }}>
          <label>Why<input className="input" name="reason" required maxLength={2000} autoComplete="off" autoFocus /></label>
          <div className="row"><button type="submit" className="btn" data-primary>{STEPS.find((x) => x.to === to)?.label}</button><button type="button" className="btn" onClick={() => setTo(undefined)}>Leave it</button></div>
        </form>
      ) : null}
    </section>
  );
}
