import { useQuery } from '@tanstack/react-query';
import { ProblemBox } from '../ui/parts';
import { byPlatform, packagesOf, type Named } from './packages';

/** Which agent the hosts of a group are to run, of each platform one. */
export function AgentChoice({ agent, set, more }: { agent: readonly Named[]; set: (agent: Named[]) => void; more: () => void }) {
  const list = useQuery({ queryKey: ['agent-packages'], queryFn: ({ signal }) => packagesOf(signal) });
  const there = byPlatform(list.data?.packages ?? []);
  const platforms = [...there, ...agent.filter((a) => list.data && !there.some(([p]) => p === a.platform)).map((a): (typeof there)[number] => [a.platform, []])];
  const choose = (platform: string, sha256: string) => {
    const p = list.data?.packages.find((x) => x.sha256 === sha256);
    set([...agent.filter((a) => a.platform !== platform), ...(p?.sha256 ? [{ version: p.version, platform, sha256: p.sha256, size: p.size }] : [])]);
  };
  return (
    <fieldset>
      <legend>Which agent they run</legend>
      {list.isError ? <ProblemBox problem={list.error} retry={() => void list.refetch()} /> : null}
      {platforms.map(([platform, all]) => (
        <label key={platform} className="row"><span className="mono">{platform}</span>
          <select className="input" aria-label={`Agent for ${platform}`} value={agent.find((a) => a.platform === platform)?.sha256 ?? ''} onChange={(e) => choose(platform, e.target.value)}>
            <option value="">the one that they have</option>
            {agent.filter((a) => a.platform === platform && !all.some((p) => p.sha256 === a.sha256)).map((a) => <option key={a.sha256} value={a.sha256}>{a.version}, whose package is gone</option>)}
            {all.map((p) => <option key={p.id} value={p.sha256 ?? ''}>{p.version}</option>)}
          </select>
        </label>
      ))}
      {list.data && platforms.length === 0 ? <p className="muted">The one that they have: there is no other here yet.</p> : null}
      <div className="row"><button type="button" className="btn" onClick={more}>Agent packages</button></div>
    </fieldset>
  );
}
