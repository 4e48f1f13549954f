import { Menu } from '@mantine/core';
import { Key } from '../ui/parts';

export function RecentMenu({ past, run }: { past: readonly string[]; run: (q: string) => void }) {
  return (
    <Menu position="bottom-end" shadow="md" width={480}>
      <Menu.Target><button type="button" className="btn">Recent</button></Menu.Target>
      <Menu.Dropdown className="menulist">
        <Menu.Label>{past.length === 0 ? 'Queries that you run are kept here.' : <>Queries that you ran. <Key k="ArrowUp" /> in the empty bar brings them back</>}</Menu.Label>
        {past.map((q) => <Menu.Item key={q} className="mono" onClick={() => run(q)}>{q}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
