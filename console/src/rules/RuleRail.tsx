import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Refused, answer, api, STATUSES } from '../api/client';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { CloseIcon, HuntsIcon, SearchIcon } from '../ui/icons';
import { CopyButton, Key, ProblemBox, SeverityLabel, Yaml } from '../ui/parts';
import { RuleStage } from './RuleStage';
import { otherTags, ruleSource, tactics, techniqueLink, techniques, type RuleDetail } from './filter';

export const ruleOf = (id: string) => ({ queryKey: ['rule', id], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/rules/{rule}', { params: { path: { rule: id } }, signal })), staleTime: 60_000 });

type Props = { id: string; shut: () => void; search: () => void };

/** One rule: what it finds, where it is from, and what can be asked with it. */
export function RuleRail({ id, shut, search }: Props) {
  const mayHunt = useMay('hunts:write');
  const one = useQuery(ruleOf(id));
  const r = one.data;
  return (
    <aside className="rail" aria-label="Rule" data-rule={id}>
      <div className="railhead">
        <div className="row">
          {r ? <SeverityLabel of={r.level} /> : null}
          {r ? <span className="tag">{r.status}</span> : null}
          {r?.kind === 'correlation' ? <span className="tag">correlation</span> : null}
          <span className="grow1" />
          <CopyButton text={`${window.location.origin}/rules?rule=${encodeURIComponent(id)}`} label="Copy a link to this rule" />
          <button type="button" className="icon" aria-label="Close the rule" title="Close (Esc)" onClick={shut}><CloseIcon size={17} /></button>
        </div>
        {r ? <h2>{r.title}</h2> : <Waiting />}
        {r ? (
          <div className="row wrap">
            {r.searchable ? <button type="button" className="btn" data-primary onClick={search}><SearchIcon size={14} />Search its events <Key k="s" /></button> : null}
            {r.searchable ? <Link className="btn" to="/search" search={{ rule: r.id }} title="Only events on which it fires">Run exactly <Key k="e" /></Link> : null}
            {mayHunt ? <Link className="btn" to="/hunts" search={{ new: 'yes', rules: r.id }} title="Over what is stored already"><HuntsIcon size={14} />Hunt <Key k="h" /></Link> : null}
          </div>
        ) : null}
        {r && !r.searchable ? <p className="muted">{r.waiting ? 'It waits for a list that it needs and watches nothing until the list is there.' : 'It looks at several events at once, so it is no search: a hunt runs it over the past.'}</p> : null}
      </div>
      <div className="railbody" tabIndex={0} role="region" aria-label="Details of the rule">
        {one.isError ? <section>{one.error instanceof Refused && one.error.status === 404 ? <p>No rule in use has this id. It may have been taken out.</p> : <ProblemBox problem={one.error} retry={() => void one.refetch()} />}</section> : null}
        {r ? <Body r={r} /> : one.isPending ? <section><Waiting /></section> : null}
      </div>
    </aside>
  );
}

function Body({ r }: { r: RuleDetail }) {
  const more = otherTags(r.tags);
  return (
    <>
      {r.description ? <section><h3 className="cap">What it finds</h3><p className="why" style={{ whiteSpace: 'pre-line' }}>{r.description.trim()}</p></section> : null}
      <RuleStage rule={r.id} />
      <section>
        <dl className="kv">
          <dt>Watches</dt><dd>{ruleSource(r)}</dd>
          {techniques(r.tags).length > 0 ? <><dt>ATT&amp;CK</dt><dd className="row wrap">{techniques(r.tags).map((t) => <a key={t} className="tag" href={techniqueLink(t)} target="_blank" rel="noreferrer">{t}</a>)}</dd></> : null}
          {tactics(r.tags).length > 0 ? <><dt>Tactics</dt><dd>{tactics(r.tags).join(', ')}</dd></> : null}
          {more.length > 0 ? <><dt>Tags</dt><dd className="row wrap">{more.map((t) => <span key={t} className="tag">{t}</span>)}</dd></> : null}
          {r.falsepositives.length > 0 ? <><dt>Known to be wrong</dt><dd>{r.falsepositives.join('; ')}</dd></> : null}
          <dt>Alerts</dt><dd><Link to="/alerts" search={{ rule: r.id, status: STATUSES.join(',') }}>See its alerts</Link>, <Link to="/tuning" search={{ rule: r.id }}>its record</Link></dd>
          <dt>From</dt><dd>{r.set || 'this installation'}{r.license ? ` · ${r.license}` : ''}{r.set_address ? <div>{/^https:\/\//.test(r.set_address) ? <a href={r.set_address} target="_blank" rel="noreferrer">{r.set_address}</a> : r.set_address}</div> : null}{r.set_revision ? <div className="mono muted">{r.set_revision}</div> : null}</dd>
          {r.author ? <><dt>Author</dt><dd>{r.author}</dd></> : null}
          {r.references.length > 0 ? <><dt>References</dt><dd>{r.references.map((x) => <div key={x}>{/^https?:\/\//.test(x) ? <a href={x} target="_blank" rel="noreferrer">{x}</a> : x}</div>)}</dd></> : null}
          <dt>Id</dt><dd className="mono">{r.id}</dd>
        </dl>
      </section>
      <section>
        <h3 className="cap">As written<span className="grow1" /><CopyButton text={r.source} label="Copy the rule" /></h3>
        <Yaml text={r.source} label="The rule as written" />
      </section>
    </>
  );
}
