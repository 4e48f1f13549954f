import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { ago, number } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { FEEDS, addFeed, changeFeed, endFeed, fetchFeed, type Feed, type FeedContent } from './feeds';
import { LIST } from './intel';

const TONE: Record<Feed['state'], string> = { ok: 'c-ok', waiting: 'c-low', failing: 'c-failing', off: 'c-quiet' };
const EVERY: readonly (readonly [number, string])[] = [[15, '15 minutes'], [60, 'hour'], [360, '6 hours'], [1440, 'day'], [10_080, 'week']];

/** Feeds that are fetched: where from, how often, how that goes. */
export function FeedsDialog({ may, close }: { may: boolean; close: () => void }) {
  const client = useQueryClient();
  const feeds = useQuery(FEEDS);
  const [adding, setAdding] = useState(false);
  const fresh = () => Promise.all([client.invalidateQueries({ queryKey: FEEDS.queryKey }), client.invalidateQueries({ queryKey: LIST })]);
  const act = useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onSettled: fresh });
  const all = feeds.data?.feeds ?? [];
  const now = Date.now();
  return (
    <Dialog opened close={close} firm title="Feeds that are fetched">
      <div className="stack">
        {feeds.isPending ? <Waiting /> : null}
        {feeds.isError ? <ProblemBox problem={feeds.error} retry={() => void feeds.refetch()} /> : null}
        {feeds.data && all.length === 0 && !adding ? <p className="muted">None yet. Give the address of a list, a CSV file or a STIX bundle: it is fetched again and again, what it lists is looked for, and what it lists no more ends by itself. Your own word on a value always counts more than a feed’s.</p> : null}
        <ul className="stack" aria-label="Feeds" style={{ padding: 0, listStyle: 'none' }}>
          {all.map((f) => (
            <li key={f.id} className="stack">
              <div className="row wrap"><span className={`pill ${TONE[f.state]}`}>{f.state}</span><strong>{f.name}</strong><span className="muted">{number(f.indicators)} indicators, {f.fetched_at ? `fetched ${ago(f.fetched_at, now)}` : 'never fetched'}</span><span className="grow1" />
                {may ? <>
                  {f.enabled ? <button type="button" className="btn" disabled={act.isPending} aria-label={`Fetch now: ${f.name}`} onClick={() => act.mutate(async () => { await fetchFeed(f); said(`${f.name} is fetched next`); })}>Fetch now</button> : null}
                  <button type="button" className="btn" disabled={act.isPending} aria-label={`Switch ${f.enabled ? 'off' : 'on'}: ${f.name}`} onClick={() => act.mutate(() => changeFeed(f, { enabled: !f.enabled }))}>Switch {f.enabled ? 'off' : 'on'}</button>
                  <button type="button" className="btn" disabled={act.isPending} aria-label={`Delete: ${f.name}`} onClick={() => act.mutate(async () => { await endFeed(f); said(`What ${f.name} listed is not looked for any more`); })}>Delete</button>
                </> : null}
              </div>
              <span className="mono small muted">{f.url}</span>
              {f.failure ? <p className="tone c-failing small">{f.failed_at ? ago(f.failed_at, now) : ''}: {f.failure}</p> : null}
              {f.faults.length > 0 ? <details><summary className="small">{f.faults.length === 20 ? '20 or more' : f.faults.length} of its lines are no indicators</summary><ul className="hist">{f.faults.map((x) => <li key={x} className="mono small">{x}</li>)}</ul></details> : null}
            </li>
          ))}
        </ul>
        {act.isError ? <ProblemBox problem={act.error} /> : null}
        {adding ? <NewFeed leave={() => setAdding(false)} saved={async (f) => { setAdding(false); said(`${f.name} is fetched from now on`); await fresh(); }} /> : <div className="row">{may ? <button type="button" className="btn" data-primary data-autofocus onClick={() => setAdding(true)}>Add a feed…</button> : null}<button type="button" className="btn" onClick={close}>Close</button></div>}
      </div>
    </Dialog>
  );
}

function NewFeed({ leave, saved }: { leave: () => void; saved: (f: Feed) => Promise<void> }) {
  const save = useMutation({ mutationFn: addFeed, onSuccess: saved });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (name: string) => String(f.get(name) ?? '').trim();
    save.mutate({ name: text('name'), url: text('url'), format: text('format') as FeedContent['format'], minutes: Number(text('minutes')), confidence: Number(text('confidence')), tlp: text('tlp') as FeedContent['tlp'] });
  };
  return (
    <form className="form wide" onSubmit={submit} aria-label="A new feed">
      <label>Address<input className="input mono" name="url" type="url" required maxLength={2048} autoComplete="off" spellCheck={false} autoFocus placeholder="https://feeds.example.org/bad.csv" /></label>
      <div className="two"><label>Name<input className="input" name="name" required maxLength={200} autoComplete="off" placeholder="Open C2 list" /></label><label>Format<select className="input" name="format"><option value="list">A list</option><option value="csv">CSV</option><option value="stix">STIX 2.1</option></select></label></div>
      <div className="two"><label>Every<select className="input" name="minutes" defaultValue={360}>{EVERY.map(([m, label]) => <option key={m} value={m}>{label}</option>)}</select></label><label>Confidence of lines without one<input className="input" name="confidence" type="number" min={0} max={100} required defaultValue={60} /></label></div>
      <label>TLP<select className="input" name="tlp" defaultValue="green">{['clear', 'green', 'amber', 'amber+strict', 'red'].map((t) => <option key={t}>{t}</option>)}</select></label>
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending}>Fetch it</button><button type="button" className="btn" onClick={leave}>Leave it</button></div>
    </form>
  );
}
