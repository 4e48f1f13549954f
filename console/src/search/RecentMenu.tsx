import { useState } from 'react';
import { Menu } from '@mantine/core';
import { recent } from './recent';

export function RecentMenu({ run }: { run: (q: string) => void }) {
  const [kept, setKept] = useState<string[]>([]);
  return (
    <Menu position="bottom-end" shadow="md" width={480} onOpen={() => setKept(recent())}>
      <Menu.Target><button type="button" className="btn">Recent</button></Menu.Target>
      <Menu.Dropdown>
        {kept.length === 0 ? <Menu.Label>Queries that you run are kept here, in this browser.</Menu.Label> : null}
        {kept.map((q) => <Menu.Item key={q} className="mono" onClick={() => run(q)}>{q}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
