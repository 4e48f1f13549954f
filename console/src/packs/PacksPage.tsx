import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Nearby } from '../endpoints/Nearby';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { GroupView } from './GroupView';
import { PackEditor } from './PackEditor';
import { PackView } from './PackView';
import { GROUPS, PACKS } from './packs';
import { readSearch } from './search';

const route = getRouteApi('/packs');

/** The queries that osquery asks again and again, in packs, and which groups of hosts are given which. */
export default function PacksPage() {
  const search = readSearch(route.useSearch());
  const nav = useNavigate({ from: '/packs' });
  const may = useMay('endpoints:manage');
  const packs = useQuery(PACKS);
  const groups = useQuery(GROUPS);
  const all = packs.data?.packs ?? [];
  const given = groups.data?.groups ?? [];
  const writing = search.edit === true && may;
  const name = search.group ? undefined : (search.pack ?? (writing ? undefined : all[0]?.name));
  const go = (to: typeof search, replace = false) => void nav({ search: to, replace });
  const places = [...given.map((g) => ({ group: g.group })), ...all.map((p) => ({ pack: p.name }))];
  const move = (d: number) => {
    const i = places.findIndex((p) => ('group' in p ? p.group === search.group : p.pack === name));
    const next = places[i < 0 ? 0 : Math.max(0, Math.min(places.length - 1, i + d))];
    if (next) go(next, true);
  };
  const group = given.find((g) => g.group === search.group);
  useKeys(writing ? [] : [
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => move(-1) },
    ...(may ? [{ keys: ['n'], label: 'Write a pack', group: 'Packs', run: () => go({ edit: true }) }] : []),
    ...(may && name ? [{ keys: ['e'], label: 'Edit it, or a copy of it', group: 'Packs', run: () => go({ pack: name, edit: true }) }] : []),
  ]);
  return (
    <div className="hunts">
      <aside className="hside" aria-label="Packs and groups">
        <header><h1>osquery packs</h1><span className="grow1" />{may ? <button type="button" className="btn" onClick={() => go({ edit: true })}>Write one <Key k="n" /></button> : null}</header>
        <Nearby />
        {packs.isError ? <div className="pad"><ProblemBox problem={packs.error} retry={() => void packs.refetch()} /></div> : null}
        {groups.isError ? <div className="pad"><ProblemBox problem={groups.error} retry={() => void groups.refetch()} /></div> : null}
        {packs.isPending || groups.isPending ? <div className="pad"><Waiting /></div> : null}
        <h2 className="cap pad">Groups of hosts</h2>
        {groups.data && given.length === 0 ? <p className="pad muted">No host with osquery yet. A group that nobody has chosen packs for is given the usual ones.</p> : null}
        <ul className="hlist short" aria-label="Groups of hosts">
          {given.map((g) => (
            <li key={g.group}><button type="button" aria-current={g.group === search.group || undefined} onClick={() => go({ group: g.group })}>
              <span className="ht">{g.group}</span>
              <span className="hm muted">{number(g.hosts)} {g.hosts === 1 ? 'host' : 'hosts'}<span className="grow1" />{g.version === 0 ? 'the usual packs' : `${g.packs.length} packs`}</span>
            </button></li>
          ))}
        </ul>
        <h2 className="cap pad">Packs</h2>
        <ul className="hlist" aria-label="Packs">
          {all.map((p) => (
            <li key={p.name}><button type="button" aria-current={p.name === name || undefined} onClick={() => go({ pack: p.name })}>
              <span className="ht">{p.title}</span>
              <span className="hm muted"><span className="mono">{p.name}</span><span className="grow1" />{p.queries.length} {p.queries.length === 1 ? 'query' : 'queries'}{p.shipped ? '' : ` · own, version ${p.version}`}</span>
            </button></li>
          ))}
        </ul>
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label="Pack or group">
        {writing ? <PackEditor key={name ?? ''} name={name} known={all} done={(p) => go({ pack: p }, true)} leave={() => go(name ? { pack: name } : {}, true)} />
          : group ? <GroupView key={`${group.group} ${group.version}`} group={group} packs={all} may={may} />
          : search.group && groups.data ? <div className="empty"><h2>No group is called that</h2><p className="muted">Groups come with the secrets by which hosts are let in.</p></div>
          : name ? <PackView key={name} name={name} groups={given} may={may} edit={() => go({ pack: name, edit: true })} gone={() => go({}, true)} /> : null}
      </div>
    </div>
  );
}
