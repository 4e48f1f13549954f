import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Nearby } from '../endpoints/Nearby';
import { newestOf } from '../falco/rules';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { useKeys } from '../ui/keys';
import { ProblemBox } from '../ui/parts';
import { PolicyForm } from './PolicyForm';
import { PolicyView } from './PolicyView';
import { Reach } from './Reach';
import { readSearch } from './search';

const route = getRouteApi('/policies');
const REFRESH_MS = 5_000;

/** What our agents are to collect, by group: what is in force where, the next version, and how far it goes. */
export default function PoliciesPage() {
  const search = readSearch(route.useSearch());
  const nav = useNavigate({ from: '/policies' });
  const may = useMay('endpoints:manage');
  const list = useQuery({ queryKey: ['agent-policies'], queryFn: ({ signal }) => newestOf(signal), refetchInterval: REFRESH_MS });
  const all = (list.data?.policies ?? []).toSorted((a, b) => a.group.localeCompare(b.group));
  const p = all.find((x) => x.group === search.group) ?? (search.group ? undefined : all[0]);
  const editing = search.edit === true && may;
  const go = (to: typeof search, replace = false) => void nav({ search: to, replace });
  const move = (d: number) => {
    const next = all[Math.max(0, Math.min(all.length - 1, all.findIndex((x) => x.group === p?.group) + d))];
    if (next) go({ group: next.group }, true);
  };
  useKeys(editing ? [] : [
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => move(-1) },
    ...(may && p ? [{ keys: ['e'], label: 'Edit it', group: 'Agent policies', run: () => go({ group: p.group, edit: true }) }] : []),
  ]);
  return (
    <div className="hunts">
      <aside className="hside" aria-label="Groups of hosts">
        <header><h1>Agent policies</h1></header>
        <Nearby />
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        <ul className="hlist" aria-label="Groups">
          {all.map((x) => (
            <li key={x.group}><button type="button" aria-current={x.group === p?.group || undefined} onClick={() => go({ group: x.group })}>
              <span className="ht">{x.group}</span>
              <span className="hm muted">version {x.version}{x.share < 100 ? <span className="pill c-medium">{x.share} %</span> : null}</span>
              <Reach p={x} />
            </button></li>
          ))}
        </ul>
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label="Policy">
        {list.data && all.length === 0 ? <div className="empty"><h2>No host runs our agent yet</h2><p className="muted">A group gets a policy when its first host is let in: processes, connections, services, inventory and the log of logins. From then on it is changed here: each version is signed, tried on a part of the group if wanted, and taken back with one click.</p></div> : null}
        {list.data && search.group && !p ? <div className="empty"><h2>This group has no policy</h2><p className="muted">It gets one when its first host with our agent is let in.</p></div> : null}
        {p && editing ? <PolicyForm key={p.group} policy={p} done={() => go({ group: p.group }, true)} /> : null}
        {p && !editing ? <PolicyView key={p.group} policy={p} may={may} edit={() => go({ group: p.group, edit: true })} /> : null}
      </div>
    </div>
  );
}
