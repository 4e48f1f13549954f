import type { Ref } from 'react';
import { SEVERITIES, STATUSES, type AlertPage, type AlertStatus } from '../api/client';
import { compact, number, words as spell } from '../ui/format';
import { CloseIcon } from '../ui/icons';
import { Words } from '../ui/Words';
import type { QueueSearch } from './filter';

type Props = {
  search: QueueSearch;
  counts: AlertPage['counts'] | undefined;
  total: number | undefined;
  change: (c: Partial<QueueSearch>) => void;
  toggle: (list: string | undefined, value: string) => string | undefined;
  words: Ref<HTMLInputElement>;
};

const VIEWS: readonly { status: string | undefined; label: string; of: readonly AlertStatus[] }[] = [
  { status: undefined, label: 'Open', of: ['new', 'in_progress'] },
  { status: 'new', label: 'New', of: ['new'] },
  { status: 'in_progress', label: 'In progress', of: ['in_progress'] },
  { status: 'snoozed', label: 'Snoozed', of: ['snoozed'] },
  { status: 'resolved,dismissed', label: 'Closed', of: ['resolved', 'dismissed'] },
  { status: STATUSES.join(','), label: 'All', of: STATUSES },
];

export function QueueHead({ search, counts, total, change, toggle, words }: Props) {
  const status = search.status === 'new,in_progress' ? undefined : search.status;
  const chosen = (search.severity ?? '').split(',');
  return (
    <header className="qhead">
      <div className="row">
        <h1>Alerts</h1>
        <span className="muted" data-testid="total" aria-live="polite">{total === undefined ? '' : number(total)}</span>
        <Words id="alert-words" label="Words in the title" q={search.q} change={(q) => change({ q })} input={words} />
      </div>
      <div className="row wrap">
        <div className="seg" role="group" aria-label="Status">
          {VIEWS.map((v) => <button type="button" key={v.label} aria-pressed={v.status === status} onClick={() => change({ status: v.status })}>{v.label}<span className="n">{counts ? compact(v.of.reduce((n, s) => n + (counts.status[s] ?? 0), 0)) : ''}</span></button>)}
        </div>
        <div className="row wrap" role="group" aria-label="Severity">
          {SEVERITIES.map((s, i) => <button type="button" key={s} className={`chip c-${s}`} aria-pressed={chosen.includes(s)} title={`Only ${s} (${i + 1})`} onClick={() => change({ severity: toggle(search.severity, s) })}><span className="dot" />{s === 'informational' ? 'info' : s}<span className="n">{counts ? compact(counts.severity[s] ?? 0) : ''}</span></button>)}
        </div>
        <Narrowed name="names" value={search.entity} off={() => change({ entity: undefined })} />
        <Narrowed name="rule" value={search.rule} off={() => change({ rule: undefined })} />
        <Narrowed name="tag" value={search.tag} off={() => change({ tag: undefined })} />
        <Narrowed name="title has" value={search.q} off={() => change({ q: undefined })} />
        <Narrowed name="time" value={search.from ?? search.to ? `${spell(search.from ?? '…')} – ${search.to ?? 'now'}` : undefined} off={() => change({ from: undefined, to: undefined })} />
      </div>
    </header>
  );
}

function Narrowed({ name, value, off }: { name: string; value: string | undefined; off: () => void }) {
  if (value === undefined) return null;
  return <span className="chip"><span className="muted">{name}</span><span className="mono">{value}</span><button type="button" className="icon" aria-label={`Remove the filter: ${name} ${value}`} onClick={off}><CloseIcon size={14} /></button></span>;
}
