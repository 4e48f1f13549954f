import { ago, compact } from '../ui/format';
import { useSession } from '../session/session';
import { underWay, type Hunt } from './hunt';

const TONE: Record<Hunt['state'], string> = { waiting: 'c-quiet', running: 'c-low', done: 'c-ok', cancelled: 'c-quiet', failed: 'c-failing', interrupted: 'c-failing' };

export const HuntState = ({ of }: { of: Hunt['state'] }) => <span className={`pill ${TONE[of]}`}>{of}</span>;

/** Who started it, by name. */
export function useWho() {
  const { user } = useSession();
  return (h: Hunt) => (h.created_by === `user:${user.id}` ? 'you' : h.created_by.startsWith('token:') && h.created_by_name !== h.created_by ? `the token ${h.created_by_name}` : h.created_by_name);
}

/** Earlier hunts and those under way, newest first. */
export function HuntList({ hunts, current, now, open }: { hunts: readonly Hunt[]; current: string | undefined; now: number; open: (id: string) => void }) {
  const who = useWho();
  return (
    <ul className="hlist" aria-label="Hunts">
      {hunts.map((h) => (
        <li key={h.id}>
          <button type="button" aria-current={h.id === current || undefined} id={`hunt-${h.id}`} onClick={() => open(h.id)}>
            <span className="ht" title={h.title}>{h.title}</span>
            <span className="hm"><HuntState of={h.state} />{h.raise ? <span className="tag" title="Made alerts of what it found">raised</span> : null}<span className="grow1" /><span className="mono">{h.state === 'waiting' ? '' : `${compact(h.hits)} ${h.hits === 1 ? 'hit' : 'hits'}`}</span></span>
            <span className="hm muted"><span className="ht" title={h.created_by}>{who(h)}</span><span className="grow1" /><span style={{ flex: 'none' }}>{ago(h.created_at, now)}</span></span>
            {underWay(h) ? <progress className="pbar" max={1} value={h.progress} aria-label={`How much of “${h.title}” is done`} /> : null}
          </button>
        </li>
      ))}
    </ul>
  );
}
