import { Menu } from '@mantine/core';
import { Dropdown } from '../ui/Dropdown';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SaveIcon, ScheduleIcon, SharedIcon } from '../ui/icons';
import { Key } from '../ui/parts';
import { VIEWS, type View } from './views';

type Props = { current: View | undefined; changed: boolean; may: boolean; opened: boolean; onOpened: (on: boolean) => void; open: (v: View) => void; save: () => void; put: () => void; schedule: (() => void) | undefined };

/** Saved searches: open one, keep the one that is shown. */
export function ViewsMenu({ current, changed, may, opened, onOpened, open, save, put, schedule }: Props) {
  const views = useQuery(VIEWS);
  const all = views.data?.views ?? [];
  const mine = all.filter((v) => v.mine);
  const others = all.filter((v) => !v.mine);
  const item = (v: View) => (
    <Menu.Item key={v.id} onClick={() => open(v)} rightSection={v.shared ? <SharedIcon size={14} /> : undefined} aria-current={v.id === current?.id || undefined}>
      <span className="vname">{v.name}</span><span className="mono muted vq">{v.query || (v.rule ? 'a rule' : 'everything')}</span>
    </Menu.Item>
  );
  return (
    <Dropdown position="bottom-end" width={460} opened={opened} onChange={onOpened}>
      <Menu.Target><button type="button" className="btn vbtn" aria-label={current ? `Saved searches; this is ${current.name}${changed ? ', changed' : ''}` : 'Saved searches'}><SaveIcon size={15} /><span className="ht">{current ? current.name : 'Saved'}</span>{changed ? <span className="dotc" title="Changed since it was saved" /> : null}</button></Menu.Target>
      <Menu.Dropdown className="menulist">
        {may ? <Menu.Item leftSection={<SaveIcon size={15} />} rightSection={<Key k="S" />} onClick={save}>Save this search…</Menu.Item> : null}
        {may && changed && current?.editable ? <Menu.Item leftSection={<SaveIcon size={15} />} onClick={put}>Save the changes to “{current.name}”</Menu.Item> : null}
        {schedule ? <Menu.Item leftSection={<ScheduleIcon size={15} />} rightSection={<Key k="c" />} onClick={schedule}>Run it by a schedule…</Menu.Item> : null}
        <Menu.Divider />
        {mine.length > 0 ? <Menu.Label>Yours</Menu.Label> : null}
        {mine.map(item)}
        {others.length > 0 ? <Menu.Label>Shared by others</Menu.Label> : null}
        {others.map(item)}
        {views.data && all.length === 0 ? <Menu.Label>None yet. A search that you ask often is one key away when it has a name.</Menu.Label> : null}
        {views.isError ? <Menu.Label>They cannot be shown: {views.error.message}</Menu.Label> : null}
        <Menu.Divider />
        <Menu.Item component={Link} to="/saved">Rename, share, delete…</Menu.Item>
      </Menu.Dropdown>
    </Dropdown>
  );
}
