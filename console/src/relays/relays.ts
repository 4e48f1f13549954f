import { answer, api, type Schemas } from '../api/client';
import { number } from '../ui/format';

export type Relay = Schemas['Relay'];
export type Relays = Schemas['RelayList'];
export type Standing = 'connected' | 'silent' | 'revoked';

/** A relay says every few seconds how it is; the platform writes that once a minute. */
export const SILENT_MS = 3 * 60_000;
export const standing = (r: Pick<Relay, 'state' | 'last_seen_at'>, now: number): Standing => (r.state === 'revoked' ? 'revoked' : now - Date.parse(r.last_seen_at) > SILENT_MS ? 'silent' : 'connected');
export const TONE: Record<Standing, string> = { connected: 'c-ok', silent: 'c-failing', revoked: 'c-quiet' };
export const RELAYS = { queryKey: ['relays'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/relays', { signal })), refetchInterval: 5_000 };
export const hosts = (r: Relay) => r.groups.reduce((n, g) => n + g.hosts, 0);

export type Box = { x: number; y: number; w: number; h: number };
export type Node = Box & { key: string; title: string; detail: string; tone: string };
export type Line = { from: Node; to: Node; tone: string };
const [COLUMN, WIDTH, ROW, GAP] = [300, 220, 46, 12];

/** Where everything stands: the platform, its relays beside it, and beyond each the groups of hosts that come through it. */
export function map(all: Relays, now: number): { nodes: Node[]; lines: Line[]; width: number; height: number } {
  const nodes: Node[] = [];
  const lines: Line[] = [];
  const ends: [Relay | undefined, Relays['direct']][] = [...all.relays.map((r): [Relay, Relay['groups']] => [r, r.groups]), ...(all.direct.length > 0 ? [[undefined, all.direct] as [undefined, Relays['direct']]] : [])];
  const height = ends.reduce((h, [, groups]) => h + Math.max(1, groups.length) * (ROW + GAP), 0);
  const platform: Node = { key: 'platform', title: 'Platform', detail: `${all.relays.length} ${all.relays.length === 1 ? 'relay' : 'relays'}`, tone: '', x: 0, y: Math.max(0, height / 2 - GAP / 2 - ROW / 2), w: WIDTH - 60, h: ROW };
  nodes.push(platform);
  let y = 0;
  for (const [relay, groups] of ends) {
    const rows = Math.max(1, groups.length);
    const tone = relay ? TONE[standing(relay, now)] : '';
    const waiting = relay && relay.waiting_records > 0 ? `, ${number(relay.waiting_records)} waiting` : '';
    const lost = relay && relay.lost_records > 0 ? `, ${number(relay.lost_records)} lost` : '';
    const from: Node = { key: relay?.id ?? 'direct', title: relay?.hostname ?? 'No relay', detail: relay ? `${standing(relay, now)}${waiting}${lost}` : 'hosts that reach the platform', tone, x: COLUMN - 60, y: y + ((rows - 1) * (ROW + GAP)) / 2, w: WIDTH, h: ROW };
    nodes.push(from);
    lines.push({ from: platform, to: from, tone });
    groups.forEach((g, i) => {
      const node: Node = { key: `${relay?.id ?? ''} ${g.group}`, title: g.group, detail: `${g.heard} of ${g.hosts} hosts heard lately`, tone: g.heard === g.hosts ? 'c-ok' : g.heard === 0 ? 'c-failing' : 'c-medium', x: 2 * COLUMN - 60, y: y + i * (ROW + GAP), w: WIDTH, h: ROW };
      nodes.push(node);
      lines.push({ from, to: node, tone });
    });
    y += rows * (ROW + GAP);
  }
  return { nodes, lines, width: 2 * COLUMN - 60 + WIDTH, height: Math.max(ROW, height - GAP) };
}
