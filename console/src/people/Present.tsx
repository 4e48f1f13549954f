import './people.css';
import { useEffect, useState } from 'react';
import { initials, nameOf, told, usePresence, type Of } from './present';

/** Who goes through a queue does not stop at each. */
const STAYS_MS = 800;

type Props = { of: Of; id: string };

/** Who else looks at this alert or case. Given a key of what it is of. */
export default function Present(props: Props) {
  const [stays, setStays] = useState(props.of === 'case');
  useEffect(() => {
    const timer = window.setTimeout(() => setStays(true), STAYS_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return stays ? <People {...props} /> : null;
}

function People({ of, id }: Props) {
  const people = usePresence(of, id);
  return (
    <span className="present noprint" role="status" data-testid="present">
      {people.slice(0, 5).map((p, i) => <span key={`${nameOf(p)} ${i}`} className="face" data-state={p.state} data-provider={p.provider !== null || undefined} title={`${nameOf(p)} ${p.state === 'writing' ? 'is writing' : 'is here'}`} aria-hidden>{initials(p.name)}</span>)}
      {people.length > 0 ? <span className="muted">{told(people)}</span> : null}
    </span>
  );
}
