import type { Schemas } from '../api/client';
import { answer, api } from '../api/client';

export type Package = Schemas['AgentPackage'];
export type Named = Schemas['NamedAgentPackage'];

export const packagesOf = (signal: AbortSignal) => answer(api.GET('/v1/agent-packages', { signal }));
export const forget = (id: string) => answer(api.DELETE('/v1/agent-packages/{id}', { params: { path: { id } } }));

/** Sends a file in blocks; what came is said after each. */
export async function send(file: Blob, told: (part: number) => void): Promise<Package> {
  let at = await answer(api.POST('/v1/agent-packages', { body: { size: file.size } }));
  for (let number = 0; number * at.block_size < file.size; number++) {
    const block = file.slice(number * at.block_size, (number + 1) * at.block_size);
    at = await answer(api.PUT('/v1/agent-packages/{id}/blocks', { params: { path: { id: at.id }, query: { number } }, body: block as unknown as string, bodySerializer: (b) => b, headers: { 'Content-Type': 'application/octet-stream' } }));
    told(Math.min(1, ((number + 1) * at.block_size) / file.size));
  }
  return at;
}

/** Those that are whole, by platform. */
export function byPlatform(all: readonly Package[]): [string, Package[]][] {
  const whole = all.filter((p) => p.sha256);
  return [...new Set(whole.map((p) => p.platform))].toSorted().map((platform) => [platform, whole.filter((p) => p.platform === platform)]);
}

/** By which a policy names them. */
export const hashes = (agent: readonly Named[]) => (agent.length ? { agent: agent.map((a) => a.sha256) } : {});
export const agents = (all: readonly Named[]) => all.map((a) => `${a.version} on ${a.platform}`).join(', ');
