import { brief, type Difference } from './policies';

/** What differs, place by place. */
export const Changes = ({ all, label }: { all: readonly Difference[]; label: string }) => (
  <ul className="hist" aria-label={label}>
    {all.map((d) => <li key={d.path} className="row wrap"><span className="mono">{d.path}</span><span className="muted grow1">{brief(d.before)} <span aria-label="becomes">→</span> <strong>{brief(d.after)}</strong></span></li>)}
  </ul>
);
