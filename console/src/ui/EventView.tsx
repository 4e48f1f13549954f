import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api, type EventDetail, type Match } from '../api/client';
import { highlight, highlightAll, type Part } from '../alerts/highlight';
import { clause } from '../search/clause';
import { near } from '../search/range';
import { exact, logSource, texts } from './format';
import { ExcludeIcon, IncludeIcon } from './icons';
import { CopyButton, Json, Marked, ProblemBox, TabRow, type Choice } from './parts';

export type EventTab = 'fields' | 'ocsf' | 'raw';
const TABS: readonly Choice<EventTab>[] = [{ value: 'fields', label: 'Fields' }, { value: 'ocsf', label: 'OCSF' }, { value: 'raw', label: 'Raw' }];
const FILTER_FROM = 16;

/** Adds a condition to the query that is being asked; where there is none, the fields link to a new search. */
export type Narrow = (field: string, value: string, include: boolean) => void;

/** One event, flat, as OCSF and as it came; what a rule matched is marked in each. */
export function EventView({ id, matches = [], tab, onTab, narrow }: { id: string; matches?: readonly Match[]; tab: EventTab; onTab: (t: EventTab) => void; narrow?: Narrow }) {
  const event = useQuery({ queryKey: ['event', id], queryFn: ({ signal }) => answer(api.GET('/v1/events/{id}', { params: { path: { id } }, signal })), staleTime: Infinity });
  const panel = `event-${id}`;
  return (
    <div>
      <div className="row wrap" style={{ marginBottom: 8 }}>
        <TabRow label="How to show the event" choices={TABS} value={tab} onChange={onTab} panel={panel} />
        <span className="grow1" />
        <CopyButton text={id} label="Copy the event's id" />
      </div>
      <div role="tabpanel" id={panel} aria-labelledby={`${panel}-${tab}`}>
        {event.isError ? <ProblemBox problem={event.error} retry={() => void event.refetch()} /> : null}
        {tab === 'raw' ? <Raw id={id} matches={matches} /> : null}
        {event.data && tab === 'fields' ? <Fields event={event.data} matches={matches} narrow={narrow} /> : null}
        {event.data && tab === 'ocsf' ? <Json value={event.data.ocsf} label="The event as OCSF" /> : null}
        {event.isPending && tab !== 'raw' ? <Waiting /> : null}
      </div>
    </div>
  );
}

export const Waiting = () => <div role="status" aria-busy="true" aria-label="Loading">{[72, 54, 63, 40].map((w) => <span key={w} className="sk" style={{ width: `${w}%`, margin: '11px 0' }} />)}</div>;

function Raw({ id, matches }: { id: string; matches: readonly Match[] }) {
  const raw = useQuery({
    queryKey: ['raw', id],
    queryFn: ({ signal }) => answer(api.GET('/v1/events/{id}/raw', { params: { path: { id } }, parseAs: 'text', signal })),
    staleTime: Infinity,
  });
  if (raw.isError) return <ProblemBox problem={raw.error} retry={() => void raw.refetch()} />;
  if (raw.data === undefined) return <Waiting />;
  // The record may write a value with its own escapes.
  const needles = matches.flatMap((m) => [m.value, JSON.stringify(m.value).slice(1, -1)]);
  return (
    <>
      <pre className="code" tabIndex={0} aria-label="The record as it came"><Marked parts={highlightAll(raw.data, needles)} /></pre>
      <div className="row" style={{ marginTop: 6 }}><CopyButton text={raw.data} label="Copy the record">Copy record</CopyButton></div>
    </>
  );
}

/** A path that breaks behind its dots. */
const Breakable = ({ text }: { text: string }) => text.split('.').map((part, i, all) => <span key={i}>{part}{i < all.length - 1 ? '.' : ''}<wbr /></span>);

type Line = { field: string; value: string; hit: boolean; parts: readonly Part[]; caption?: string };

function Fields({ event, matches, narrow }: { event: EventDetail; matches: readonly Match[]; narrow?: Narrow }) {
  const [want, setWant] = useState('');
  const lines = fieldLines(event, matches);
  const w = want.toLowerCase();
  const shown = w ? lines.filter((l) => l.field.toLowerCase().includes(w) || l.value.toLowerCase().includes(w)) : lines;
  return (
    <>
      {lines.length > FILTER_FROM ? <input className="input" style={{ width: '100%', marginBottom: 6 }} type="search" aria-label="Filter the fields" placeholder={`Filter ${lines.length} fields`} value={want} onChange={(e) => setWant(e.target.value)} /> : null}
      <table className="fields" aria-label="Fields of the event">
        <tbody>{shown.map((l) => <FieldRow key={l.field} line={l} time={event.time} narrow={narrow} />)}</tbody>
      </table>
      {shown.length === 0 ? <p className="muted">No field has “{want}”.</p> : null}
    </>
  );
}

function FieldRow({ line, time, narrow }: { line: Line; time: string; narrow?: Narrow }) {
  const { field, value, hit, parts, caption } = line;
  return (
    <tr data-hit={hit || undefined}>
      <th scope="row"><Breakable text={field} />{hit ? <span className="vh"> (matched by the rule)</span> : null}</th>
      <td>{value.length > 600 ? <div className="long" tabIndex={0} role="group" aria-label={field}><Marked parts={parts} /></div> : <Marked parts={parts} />}{caption ? <span className="caption">{caption}</span> : null}</td>
      <td className="actcell">
        <span className="acts">
          {field.startsWith('·') ? null : narrow ? (
            <>
              <button type="button" className="icon" aria-label={`Only events where ${field} is this`} title="Filter in" onClick={() => narrow(field, value, true)}><IncludeIcon size={15} /></button>
              <button type="button" className="icon" aria-label={`No events where ${field} is this`} title="Filter out" onClick={() => narrow(field, value, false)}><ExcludeIcon size={15} /></button>
            </>
          ) : (
            <Link className="icon" to="/search" search={{ q: clause(field, value, true), ...near(time) }} aria-label={`Search events where ${field} is this`} title="Search for this value"><IncludeIcon size={15} /></Link>
          )}
          <CopyButton text={value} label={`Copy ${field}`} />
        </span>
      </td>
    </tr>
  );
}

/** Matched fields first, then OCSF, then what had no home; each value with its matched part marked. */
export function fieldLines(event: EventDetail, matches: readonly Match[]): Line[] {
  const lines = Object.entries(event.fields).flatMap(([field, v]): Line[] => {
    const value = texts(v).join('\n');
    if (value === '') return [];
    const own = matches.filter((x) => x.field === field || `unmapped.${x.field}` === field);
    const here = own.length > 0 ? own : matches.filter((x) => x.field === '*' && x.value !== '' && value.includes(x.value));
    return [{ field, value, hit: here.length > 0, parts: here.length > 0 ? highlight(value, ...here.map((m) => m.pattern)) : [{ text: value, hit: false }], caption: caption(field, v, event.ocsf) }];
  });
  const rank = (l: Line) => (l.hit ? 0 : l.field.startsWith('unmapped.') ? 2 : 1);
  lines.sort((a, b) => rank(a) - rank(b) || (a.field < b.field ? -1 : 1));
  const plain = (field: string, value: string): Line => ({ field, value, hit: false, parts: [{ text: value, hit: false }] });
  return [...lines, plain('· time', exact(event.time)), plain('· received', exact(event.received_at)), plain('· source', event.origin), plain('· log source', logSource(event.log_source))];
}

const EPOCH_MS = [1e12, 4e12] as const;

/** What a number stands for: OCSF has the name of an id beside it, and times are milliseconds. */
function caption(field: string, value: unknown, ocsf: EventDetail['ocsf']): string | undefined {
  const path = field.split('.');
  const last = path.pop() ?? '';
  if (last.endsWith('time') && typeof value === 'number' && value > EPOCH_MS[0] && value < EPOCH_MS[1]) return exact(new Date(value).toISOString());
  const stem = /^(.+)_u?id$/.exec(last)?.[1];
  if (stem === undefined || field.startsWith('unmapped.')) return undefined;
  const at = path.reduce<unknown>(member, ocsf);
  const name = member(at, `${stem}_name`) ?? member(at, stem);
  return typeof name === 'string' && name !== value ? name : undefined;
}

const member = (of: unknown, key: string): unknown => (of !== null && typeof of === 'object' ? (of as Record<string, unknown>)[key] : undefined);
