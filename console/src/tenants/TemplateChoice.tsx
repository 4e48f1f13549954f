import type { UseQueryResult } from '@tanstack/react-query';
import { ProblemBox } from '../ui/parts';
import { gives, type TemplateList } from './tenants';

type Props = { found: UseQueryResult<TemplateList>; chosen: string; choose: (name: string) => void };

/** What a new tenant begins with, and what that gives it. */
export function TemplateChoice({ found, chosen, choose }: Props) {
  const templates = found.data?.templates ?? [];
  const faults = [...(found.data?.faults ?? []), ...templates.flatMap((t) => t.faults)];
  const one = templates.find((t) => t.name === chosen);
  return (
    <>
      <label>Template
        <select className="input" name="template" value={chosen} disabled={found.isPending} aria-describedby="template-gives" onChange={(e) => choose(e.target.value)}>
          <option value="">{found.isPending ? 'being read…' : 'none'}</option>
          {templates.map((t) => <option key={t.name} value={t.name} disabled={t.faults.length > 0}>{t.name}{t.shipped ? '' : ' (our own)'}{t.faults.length > 0 ? ': has a fault' : ''}</option>)}
        </select>
      </label>
      <div id="template-gives" className="gives" role="status">
        {one ? (
          <>
            <p>{one.description}</p>
            <dl>{gives(one).map(([what, text]) => <div key={what}><dt>{what}</dt><dd>{text}</dd></div>)}</dl>
          </>
        ) : (
          <p className="muted">{found.data && templates.length === 0 ? <>There are no templates. A file <span className="mono">templates/tenants/NAME.yaml</span> in the data folder makes one.</> : 'No limits, no roles beside those that every tenant has, and no second factor asked for. All of it can be set later.'}</p>
        )}
      </div>
      {faults.length > 0 ? (
        <div className="gives">
          <p>{faults.length === 1 ? 'One fault keeps a template from being used:' : `${faults.length} faults keep templates from being used:`}</p>
          <ul>{faults.slice(0, 5).map((f) => <li key={f.where + f.reason}><span className="mono">{f.where}</span> {f.reason}</li>)}{faults.length > 5 ? <li className="muted">and {faults.length - 5} more</li> : null}</ul>
        </div>
      ) : null}
      {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
    </>
  );
}
