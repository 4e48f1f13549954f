import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RunPill } from '../runs/parts';
import { runsOf } from '../runs/runs';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { actor, exact, when } from '../ui/format';
import { Key, ProblemBox } from '../ui/parts';
import { useLiveResponse } from './live';
import { ActionPill, RadiusLabel } from './parts';
import { MOST, actions as all, asker, isTask, named, refetching } from './respond';

type Props = { id: string; since: string; alerts: readonly { id: string; title: string }[] };

/** What was done about a case and its alerts: runs of playbooks, and actions. */
export default function CaseResponse({ id, since, alerts }: Props) {
  const mayRuns = useMay('playbooks:read');
  const mayActions = useMay('actions:read');
  const about = new Set([`case:${id}`, ...alerts.map((a) => `alert:${a.id}`)]);
  const runs = useQuery({ queryKey: ['runs', 'since', since], queryFn: ({ signal }) => runsOf({ since, limit: MOST }, signal), enabled: mayRuns, refetchInterval: refetching });
  const actions = useQuery({ queryKey: ['actions', 'since', since], queryFn: ({ signal }) => all({ since, limit: MOST }, signal), enabled: mayActions, refetchInterval: refetching });
  useLiveResponse({ run: [['runs', 'since', since]], action: [['actions', 'since', since]] });
  const mine = runs.data?.runs.filter((r) => r.about && about.has(r.about)) ?? [];
  const done = actions.data?.actions.filter((a) => a.about && about.has(a.about)) ?? [];
  const more = runs.data?.next || actions.data?.next;
  return (
    <div className="casepad casecol casewide">
      {mayRuns ? <section aria-labelledby="case-runs"><h2 className="cap" id="case-runs">Runs of playbooks</h2>
        {runs.isError ? <ProblemBox problem={runs.error} retry={() => void runs.refetch()} /> : runs.isPending ? <Waiting /> : mine.length === 0 ? <p className="muted">No playbook has run on this case or its alerts. <Key k="R" /> runs one.</p> : (
          <table className="tbl"><thead><tr><th scope="col">Started</th><th scope="col">Playbook</th><th scope="col">State</th><th scope="col">About</th><th scope="col">By</th></tr></thead>
            <tbody>{mine.map((r) => <tr key={r.id}><td className="mono nowrap" title={exact(r.started_at)}>{when(r.started_at)}</td><td><Link className="caselink" to="/runs/$id" params={{ id: r.id }}>{r.name}</Link></td><td><RunPill r={r} />{r.reason && r.status !== 'running' ? <span className="muted"> {r.reason}</span> : null}</td><td>{r.about_title ?? alerts.find((a) => r.about === `alert:${a.id}`)?.title ?? 'the case'}</td><td className="nowrap">{actor(r.started_by)}</td></tr>)}</tbody></table>
        )}
      </section> : null}
      {mayActions ? <section aria-labelledby="case-actions"><h2 className="cap" id="case-actions">Actions</h2>
        {actions.isError ? <ProblemBox problem={actions.error} retry={() => void actions.refetch()} /> : actions.isPending ? <Waiting /> : done.length === 0 ? <p className="muted">Nothing was asked for. <Key k="R" /> asks for an action on one of the entities.</p> : (
          <table className="tbl"><thead><tr><th scope="col">Asked</th><th scope="col">Action</th><th scope="col">Target</th><th scope="col">State</th><th scope="col">Blast radius</th><th scope="col">By</th></tr></thead>
            <tbody>{done.map((a) => <tr key={a.id}><td className="mono nowrap" title={exact(a.requested_at)}>{when(a.requested_at)}</td><td><Link className="caselink" to={a.status === 'awaiting_approval' || a.status === 'unknown' ? '/approvals' : '/actions'} search={{ at: a.id }}>{named(a)}</Link></td><td className="mono">{isTask(a) ? '' : a.target}</td><td><ActionPill a={a} /></td><td>{isTask(a) ? '' : <RadiusLabel of={a.radius} />}</td><td className="nowrap">{asker(a)}</td></tr>)}</tbody></table>
        )}
      </section> : null}
      {more ? <p className="muted">Of the newest {MOST} since the case began; older ones are in the logs.</p> : null}
    </div>
  );
}
