import { Menu } from '@mantine/core';
import { Dropdown } from '../ui/Dropdown';
import { ago, compact } from '../ui/format';
import { Key } from '../ui/parts';
import { failed } from '../ui/toast';
import type { Entry } from './useHistory';

type Props = { past: readonly Entry[]; run: (e: Entry) => void; forget: () => Promise<void> };

/** What was asked lately, with what came of it. */
export function RecentMenu({ past, run, forget }: Props) {
  return (
    <Dropdown position="bottom-end" width={560}>
      <Menu.Target><button type="button" className="btn">Recent</button></Menu.Target>
      <Menu.Dropdown className="menulist">
        <Menu.Label>{past.length === 0 ? 'Queries that you run are kept here, for you alone.' : <>What you asked. <Key k="ArrowUp" /> in the empty bar brings it back</>}</Menu.Label>
        {past.map((e) => (
          <Menu.Item key={e.id} onClick={() => run(e)} rightSection={<span className="muted small nowrap">{e.outcome === 'failed' ? 'failed' : `${compact(e.rows)} ${e.rows === 1 ? 'row' : 'rows'}`} · {ago(e.at, Date.now())}</span>}>
            <span className="mono vq">{e.query || (e.rule ? '' : 'everything')}</span>{e.rule ? <span className="tag">a rule</span> : null}
          </Menu.Item>
        ))}
        {past.length > 0 ? <><Menu.Divider /><Menu.Item onClick={() => void forget().catch((x: unknown) => failed('Not forgotten', x instanceof Error ? x.message : String(x)))}>Forget them all</Menu.Item></> : null}
      </Menu.Dropdown>
    </Dropdown>
  );
}
