import { useMemo, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { compact, number } from '../ui/format';
import type { Narrow } from '../ui/EventView';
import { ExcludeIcon, IncludeIcon } from '../ui/icons';
import { ProblemBox } from '../ui/parts';
import { COMMON } from './fields';
import type { Asked } from './stream';

type Field = Schemas['EventFields']['fields'][number];

/** Fields that have a column of their own, and how to change that. */
type Columns = { columns: readonly string[]; onColumns: (columns: string[]) => void };

const TELLING = new Set(COMMON.map(([path]) => path));
/** What analysts ask about first, then the rest by how many events have it; numbers that stand for words last. */
const rank = (name: string) => (TELLING.has(name) ? 0 : /_uid$|_id$|^metadata\./.test(name) ? 2 : 1);

/** Which fields the events have, and the most frequent values of the one that is opened. */
export function FieldPane({ asked, ready, narrow, count, columns, onColumns }: { asked: Asked; ready: boolean; narrow: Narrow; count: (field: string) => void } & Columns) {
  const [want, setWant] = useState('');
  const [open, setOpen] = useState<string>();
  const fields = useQuery({
    queryKey: ['fields', asked],
    queryFn: ({ signal }) => answer(api.POST('/v1/events/fields', { body: asked, signal })),
    placeholderData: keepPreviousData,
    enabled: ready,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  const w = want.toLowerCase();
  const all = useMemo(() => (fields.data?.fields ?? []).toSorted((a, b) => rank(a.name) - rank(b.name)), [fields.data]);
  const shown = w ? all.filter((f) => f.name.toLowerCase().includes(w)) : all;
  return (
    <aside className="fpane" aria-label="Fields" data-testid="fields">
      <input className="input" type="search" aria-label="Find a field" placeholder={all.length > 0 ? `${all.length} fields` : 'Fields'} value={want} onChange={(e) => setWant(e.target.value)} />
      {fields.isError ? <ProblemBox problem={fields.error} retry={() => void fields.refetch()} /> : null}
      <ul className="flist">
        {shown.map((f) => <FieldItem key={f.name} field={f} of={fields.data?.events ?? 0} asked={asked} open={open === f.name} onOpen={() => setOpen(open === f.name ? undefined : f.name)} narrow={narrow} count={count} columns={columns} onColumns={onColumns} />)}
      </ul>
      {fields.data && shown.length === 0 ? <p className="muted small">{w ? `No field has “${want}”.` : 'No events, so no fields.'}</p> : null}
      {fields.data?.partial ? <p className="muted small">Counted in part: the time limit came first.</p> : null}
    </aside>
  );
}

function FieldItem({ field, of, asked, open, onOpen, narrow, count, columns, onColumns }: { field: Field; of: number; asked: Asked; open: boolean; onOpen: () => void; narrow: Narrow; count: (field: string) => void } & Columns) {
  const share = of > 0 ? Math.round((field.count / of) * 100) : 0;
  return (
    <li>
      <button type="button" className="fname" aria-expanded={open} onClick={onOpen} title={`${field.name}: in ${number(field.count)} of ${number(of)} events`}>
        <span className="mono">{field.name}</span><span className="muted">{share}%</span>
      </button>
      {open ? <Values field={field.name} asked={asked} narrow={narrow} count={count} columns={columns} onColumns={onColumns} /> : null}
    </li>
  );
}

function Values({ field, asked, narrow, count, columns, onColumns }: { field: string; asked: Asked; narrow: Narrow; count: (field: string) => void } & Columns) {
  const values = useQuery({
    queryKey: ['values', asked, field],
    queryFn: ({ signal }) => answer(api.POST('/v1/events/values', { body: { ...asked, field, limit: 10 }, signal })),
    staleTime: Infinity,
    gcTime: 60_000,
  });
  if (values.isError) return <ProblemBox problem={values.error} retry={() => void values.refetch()} />;
  if (!values.data) return <span className="sk" role="status" aria-label="Loading" style={{ width: '80%', margin: '8px 12px' }} />;
  const most = values.data.values[0]?.count ?? 1;
  return (
    <div className="fvals">
      {values.data.values.map((v) => (
        <div key={v.value} className="fval">
          <span className="fbar" style={{ width: `${(v.count / most) * 100}%` }} />
          <span className="mono ftext" title={v.value}>{v.value === '' ? '(empty)' : v.value}</span>
          <span className="muted">{compact(v.count)}</span>
          <button type="button" className="icon" aria-label={`Only events where ${field} is ${v.value}`} title="Filter in" onClick={() => narrow(field, v.value, true)}><IncludeIcon size={14} /></button>
          <button type="button" className="icon" aria-label={`No events where ${field} is ${v.value}`} title="Filter out" onClick={() => narrow(field, v.value, false)}><ExcludeIcon size={14} /></button>
        </div>
      ))}
      <p className="muted small">
        {values.data.other > 0 ? `${number(values.data.other)} more values. ` : ''}{values.data.missing > 0 ? `${number(values.data.missing)} events without. ` : ''}
        <button type="button" className="plain" onClick={() => count(field)}>Count all</button>{' '}
        <button type="button" className="plain" aria-pressed={columns.includes(field)} onClick={() => onColumns(columns.includes(field) ? columns.filter((c) => c !== field) : [...columns, field])}>Column</button>
      </p>
    </div>
  );
}
