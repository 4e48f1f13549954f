import { Menu } from '@mantine/core';
import { Dropdown } from '../ui/Dropdown';
import { Refused, answer, api, type Histogram } from '../api/client';
import { bytes, number } from '../ui/format';
import { CopyButton, TabRow, type Choice } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { plottable } from './TablePlot';
import type { View } from './TableResult';
import type { HuntSearch } from './range';
import type { Asked } from './stream';
import type { Run } from './useRun';

const EXPORTED = 10_000;
const VIEWS: readonly Choice<View>[] = [{ value: 'table', label: 'Table' }, { value: 'chart', label: 'Chart' }];
type Props = { run: Run; total: Histogram | undefined; asked: Asked; search: HuntSearch; view: View; onView: (v: View) => void; syntax: boolean; onSyntax: () => void };

/** How far the query is, what it found, and what can be done with it. */
export function RunLine({ run, total, asked, search, view, onView, syntax, onSyntax }: Props) {
  const { end, progress } = run;
  const table = run.kind === 'table';
  return (
    <div className="meta">
      {total ? <span data-testid="found"><strong>{number(total.total)}</strong> {total.total === 1 ? 'event' : 'events'}{total.partial ? ' so far' : ''}</span> : null}
      {table && run.rows.length > 0 ? <span><strong>{number(run.rows.length)}</strong> {run.rows.length === 1 ? 'row' : 'rows'}</span> : null}
      {end ? <span title={`${number(end.scanned)} events looked at, ${bytes(end.scanned_bytes)} passed`}>in {took(end.took_ms)}</span> : null}
      {end?.partial ? <span className="pill c-quiet" title={end.cut.join(' ') || 'The time limit came before the end. Narrow the time range to see everything.'}>incomplete: the time limit came first</span> : null}
      {end && !end.partial && end.cut.length > 0 ? <span className="pill c-quiet" title={end.cut.join(' ')}>cut: {end.cut[0]}</span> : null}
      {run.stopped ? <span className="pill c-quiet">stopped: what was found so far</span> : null}
      {run.running ? <span role="status">Searching…{progress ? ` ${Math.floor(progress.percent)} %` : ''}</span> : null}
      {run.running && progress ? <progress className="pbar" max={100} value={progress.percent} aria-label="How much is done" /> : null}
      <span style={{ marginLeft: 'auto' }} />
      {table && plottable(run.columns, run.rows) ? <TabRow label="How to show the answer" choices={VIEWS} value={view} onChange={onView} panel="answer" /> : null}
      <button type="button" className="plain" aria-expanded={syntax} onClick={onSyntax}>How to write a query</button>
      <Dropdown position="bottom-end">
        <Menu.Target><button type="button" className="btn">Export</button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void download(asked, 'csv')}>CSV, for spreadsheets</Menu.Item>
          <Menu.Item onClick={() => void download(asked, 'ndjson')}>NDJSON, whole events</Menu.Item>
          <Menu.Item onClick={() => void download(asked, 'parquet')}>Parquet, for notebooks and lakes</Menu.Item>
          <Menu.Label>At most {number(EXPORTED)} rows</Menu.Label>
        </Menu.Dropdown>
      </Dropdown>
      <CopyButton text={shareable(asked, search)} label="Copy a link to this search">Link</CopyButton>
    </div>
  );
}

const took = (ms: number) => (ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`);

/** A link that means the same tomorrow: with the instants and not with a length back from now. */
function shareable({ from, to }: Asked, s: HuntSearch): string {
  const u = new URLSearchParams({ ...(s.q ? { q: s.q } : {}), from, to, ...(s.event ? { event: s.event } : {}), ...(s.view ? { view: s.view } : {}), ...(s.rule ? { rule: s.rule } : {}), ...(s.of ? { of: s.of } : {}) });
  return `${window.location.origin}/search?${u.toString()}`;
}

async function download(asked: Asked, format: 'csv' | 'ndjson' | 'parquet') {
  try {
    const call = api.POST('/v1/events/export', { body: { ...asked, format, limit: EXPORTED, timeout_ms: 60_000 }, parseAs: 'blob' });
    const file = (await answer(call)) as unknown as Blob;
    const partial = (await call).response.headers.get('X-Marsad-Partial') === 'true';
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `events.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    said(partial ? 'Exported in part: the limits came first.' : 'Exported.');
  } catch (e) {
    failed('The export failed', e instanceof Refused ? e.message : String(e));
  }
}
