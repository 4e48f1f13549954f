import { useEffect, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { HuntSearch } from '../search/range';
import { useMay } from '../session/session';
import { useKeys } from '../ui/keys';
import { failed, said } from '../ui/toast';
import { ScheduleDialog } from '../schedules/ScheduleDialog';
import { SaveDialog } from './SaveDialog';
import { ViewsMenu } from './ViewsMenu';
import { VIEWS, again, bare, differs, kept, toSearch, update, type View } from './views';

/** Saved searches beside the query bar: the menu, the window that saves, and the address that names one. */
export function SavedBits({ search, show }: { search: HuntSearch; show: (s: HuntSearch, replace?: boolean) => void }) {
  const client = useQueryClient();
  const may = useMay('searches:write');
  const [menu, setMenu] = useState(false);
  const [saving, setSaving] = useState(false);
  const [timing, setTiming] = useState(false);
  const nav = useNavigate();
  const views = useQuery({ ...VIEWS, enabled: search.saved !== undefined || menu });
  const current = views.data?.views.find((v) => v.id === search.saved);
  const changed = current !== undefined && !bare(search) && differs(current, search);
  const gone = search.saved !== undefined && views.isSuccess && !views.isFetching && current === undefined;

  // A link that names a view and nothing else means what the view says now.
  const fill = current !== undefined && bare(search) && differs(current, search);
  useEffect(() => { if (fill) show({ ...toSearch(current), event: search.event, side: search.side }, true); }, [fill]);
  useEffect(() => {
    if (!gone) return;
    failed('That saved search is not here', 'It was deleted, or is private to somebody else.');
    show({ ...search, saved: undefined }, true);
  }, [gone]);

  const put = async (v: View) => {
    const before = v;
    try {
      const now = await update(v, kept(search, v.last !== null || v.from !== null));
      await again(client);
      said(`“${v.name}” keeps what is shown now`, () => void update(now, before).then(() => again(client)).catch((e: unknown) => failed('Not put back', e instanceof Error ? e.message : String(e))));
    } catch (e) {
      failed('Not saved', e instanceof Error ? e.message : String(e));
      void again(client);
    }
  };
  useKeys([
    { keys: ['m'], label: 'Saved searches', group: 'Query', run: () => setMenu(true) },
    ...(may ? [{ keys: ['S'], label: 'Save this search', group: 'Query', run: () => setSaving(true) }, { keys: ['c'], label: 'Run it by a schedule', group: 'Query', run: () => setTiming(true) }] : []),
  ]);
  return (
    <>
      <ViewsMenu current={current} changed={changed} may={may} opened={menu} onOpened={setMenu} open={(v) => show(toSearch(v))} save={() => setSaving(true)} put={() => { if (current) void put(current); }} schedule={may ? () => setTiming(true) : undefined} />
      <SaveDialog opened={saving} close={() => setSaving(false)} search={search} saved={(v) => show({ ...search, saved: v.id }, true)} />
      <ScheduleDialog opened={timing} close={() => setTiming(false)} of={{ query: search.q ?? '', rule: search.rule, name: current?.name }} saved={(s) => void nav({ to: '/schedules', search: { schedule: s.id } })} />
    </>
  );
}
