import { useRef, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { UNDO_MS, failed, said } from '../ui/toast';
import { ViewTable } from './ViewTable';
import { VIEWS, again, content, create, remove, toSearch, update, type View } from './views';

const route = getRouteApi('/saved');
const text = (e: unknown) => (e instanceof Error ? e.message : String(e));

/** What people keep of their searches: names, who sees them, and the end of that. */
export default function SavedPage() {
  const { at } = route.useSearch();
  const nav = useNavigate({ from: '/saved' });
  const client = useQueryClient();
  const may = useMay('searches:write');
  const views = useQuery(VIEWS);
  const all = views.data?.views ?? [];
  const [renaming, setRenaming] = useState<string>();
  const undo = useRef<{ until: number; run: () => void }>(undefined);
  const current = all.find((v) => v.id === at);
  const place = (id: string | undefined) => void nav({ search: { at: id }, replace: true });
  const open = (v: View) => void nav({ to: '/search', search: toSearch(v) });

  const done = (message: string, back: () => Promise<unknown>) => {
    const run = () => { undo.current = undefined; void back().then(() => again(client)).catch((e: unknown) => failed('Not undone', text(e))); };
    undo.current = { until: Date.now() + UNDO_MS, run };
    said(message, run);
  };
  const change = async (v: View, to: Parameters<typeof update>[1], message: string) => {
    try {
      const now = await update(v, to);
      done(message, () => update(now, content(v)));
    } catch (e) {
      failed(`“${v.name}” is unchanged`, text(e));
    }
    await again(client);
  };
  const drop = async (v: View) => {
    const next = all[all.indexOf(v) + 1] ?? all[all.indexOf(v) - 1];
    try {
      await remove(v);
      place(next?.id);
      done(`“${v.name}” is deleted`, () => create(content(v)));
    } catch (e) {
      failed(`“${v.name}” is still there`, text(e));
    }
    await again(client);
  };
  const share = (v: View) => void change(v, { shared: !v.shared }, v.shared ? `Only you see “${v.name}”` : `Everybody here sees “${v.name}”`);
  const move = (d: number) => {
    const i = all.findIndex((v) => v.id === at);
    const next = all[i < 0 ? 0 : Math.max(0, Math.min(all.length - 1, i + d))];
    if (next) { place(next.id); document.getElementById(`view-${next.id}`)?.scrollIntoView({ block: 'nearest' }); }
  };
  const edit = (act: (v: View) => void) => { if (current?.editable && may) act(current); };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => move(-1) },
    { keys: ['o', 'Enter'], label: 'Open it in the search', group: 'Saved search', run: () => { if (current) open(current); } },
    ...(may ? [
      { keys: ['r'], label: 'Rename', group: 'Saved search', run: () => edit((v) => setRenaming(v.id)) },
      { keys: ['s'], label: 'Share, or not any more', group: 'Saved search', run: () => edit(share) },
      { keys: ['d'], label: 'Delete', group: 'Saved search', run: () => edit((v) => void drop(v)) },
      { keys: ['u'], label: 'Undo', group: 'Saved search', run: () => { if (undo.current && undo.current.until > Date.now()) undo.current.run(); } },
    ] : []),
  ]);
  return (
    <div className="page" tabIndex={0} role="region" aria-label="Saved searches">
      <div className="pagehead"><h1>Saved searches</h1><span className="muted">{views.data ? number(all.length) : ''}</span></div>
      {views.isError ? <ProblemBox problem={views.error} retry={() => void views.refetch()} /> : null}
      {views.isPending ? <Waiting /> : null}
      {views.data && all.length === 0 ? (
        <div className="empty"><h2>No search is saved yet</h2><p className="muted">A question that you ask every morning deserves a name: run it in the search, press <Key k="S" />, and it is one key away, for you or for everybody here.</p><div className="row"><button type="button" className="btn" data-primary onClick={() => void nav({ to: '/search' })}>To the search <Key k="g s" /></button></div></div>
      ) : null}
      {all.length > 0 ? <ViewTable views={all} at={at} may={may} renaming={renaming} setRenaming={setRenaming} place={place} rename={(v, name) => void change(v, { name }, `Renamed to “${name}”`)} share={share} drop={(v) => void drop(v)} /> : null}
    </div>
  );
}
