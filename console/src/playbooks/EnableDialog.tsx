import { useQuery } from '@tanstack/react-query';
import { ConnectOne } from '../connectors/ConnectOne';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { ProblemBox } from '../ui/parts';
import { CATALOGUE, POLICY, consent, trigger, type Summary } from './playbooks';

/** Before a playbook is on: what starts it, what may happen, and what the response policy does with it. */
export function EnableDialog({ of, close, go }: { of: Summary | undefined; close: () => void; go: (p: Summary) => void }) {
  return <Dialog opened={of !== undefined} close={close} title={`Enable “${of?.name ?? ''}”`}>{of ? <Says of={of} close={close} go={go} /> : null}</Dialog>;
}

function Says({ of, close, go }: { of: Summary; close: () => void; go: (p: Summary) => void }) {
  const mayPolicy = useMay('actions:read');
  const catalogue = useQuery(CATALOGUE);
  const policy = useQuery({ ...POLICY, enabled: mayPolicy });
  const names = [...new Set(of.actions)];
  return (
    <div className="stack">
      <p>{of.triggers.length === 0 || of.triggers.every((t) => t.on === 'manual') ? 'People can run it, and other playbooks can call it. Nothing else starts it.' : 'It is started by:'}</p>
      {of.triggers.some((t) => t.on !== 'manual') ? <ul className="says">{of.triggers.filter((t) => t.on !== 'manual').map((t, i) => <li key={i}><span className="mono">{trigger(t)}</span> <span className="muted">at most {t.most_an_hour} an hour</span></li>)}</ul> : null}
      {catalogue.isError ? <ProblemBox problem={catalogue.error} retry={() => void catalogue.refetch()} /> : null}
      {policy.isError ? <ProblemBox problem={policy.error} retry={() => void policy.refetch()} /> : null}
      {catalogue.isPending || (mayPolicy && policy.isPending) ? <Waiting /> : null}
      {catalogue.data ? (
        names.length === 0 ? <p className="muted">It does nothing by itself: its steps are tasks of people.</p> : (
          <ul className="hist pb-may" aria-label="What may happen">
            {names.map((n) => {
              const a = catalogue.data.actions.find((x) => x.action === n);
              const c = a && policy.data ? consent(a, policy.data) : undefined;
              return <li key={n}><strong>{a?.title ?? n}</strong> {c ? <span className={`tone ${c.tone}`}>{c.says}</span> : a ? <span className="muted">radius {a.radius}</span> : <span className="c-bad">is not in the catalogue</span>}{a && a.carried_by.length === 0 ? <div><ConnectOne action={a.action} close={close} /></div> : a ? <div className="muted">{a.says} By {a.carried_by.join(' or ')}.</div> : null}</li>;
            })}
          </ul>
        )
      ) : null}
      <p className="muted">A step may ask for more people, and what matters most counts as one radius wider. Turning it off stops nothing that already runs.</p>
      <div className="row"><button type="button" className="btn" data-primary data-autofocus disabled={catalogue.isPending} onClick={() => go(of)}>Enable it</button><button type="button" className="btn" onClick={close}>Leave it off</button></div>
    </div>
  );
}
