import { list } from '../alerts/filter';
import type { Entity, Schemas } from '../api/client';

export type Span = '1d' | '7d' | '30d';
export const BANDS: readonly Exclude<Schemas['RiskBand'], 'none'>[] = ['critical', 'high', 'medium', 'low'];
/** What bears risk; other entities have pages, and no score. */
export const BEARERS: readonly Entity['type'][] = ['host', 'user', 'ip', 'email', 'container', 'account'];

export type RiskSearch = { type?: string; band?: string; tab?: 'known' };
export const readSearch = (s: Record<string, unknown>): RiskSearch => ({ type: list(s.type, BEARERS), band: list(s.band, BANDS), tab: s.tab === 'known' ? s.tab : undefined });

export type EntitySearch = { span?: Span; hops?: 2 };
export const readEntity = (s: Record<string, unknown>): EntitySearch => ({ span: s.span === '1d' || s.span === '30d' ? s.span : undefined, hops: Number(s.hops) === 2 ? 2 : undefined });
