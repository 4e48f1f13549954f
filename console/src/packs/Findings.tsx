import type { Finding } from './packs';

/** What was found in a pack, by line. */
export const Findings = ({ all }: { all: readonly Finding[] }) => (
  <ul className="hist" aria-label="Findings">
    {all.map((f, i) => <li key={i} className="row"><span className={`pill ${f.severity === 'error' ? 'c-failing' : 'c-medium'}`}>{f.severity}</span><span className="muted nowrap">{f.line > 0 ? `line ${f.line}` : 'the whole'}</span><span className="grow1">{f.reason}</span></li>)}
  </ul>
);
