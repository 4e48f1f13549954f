import { useState, type KeyboardEvent } from 'react';
import { Modal, type MantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { VIEWS, toSearch } from '../saved/views';
import { quote } from '../search/clause';
import { useMay } from '../session/session';
import { AlertsIcon, HelpIcon, HuntsIcon, MoonIcon, PlusIcon, RulesIcon, SaveIcon, SearchIcon, SignOutIcon, SunIcon, SystemIcon, TenantsIcon, UserIcon } from '../ui/icons';
import { Key } from '../ui/parts';
import { useDelegated } from './delegated';
import { STATUSES } from '../api/client';
import { usePages } from './pages';

type Act = { group: string; label: string; Icon: typeof SearchIcon; key?: string; also?: string; run: () => void };
type Props = { opened: boolean; close: () => void; scheme: (s: MantineColorScheme) => void; help: () => void; leave: () => void };

/** Go anywhere, do anything; what was typed can always be looked for. */
export default function Palette({ opened, close, ...rest }: Props) {
  return (
    <Modal.Root opened={opened} onClose={close} size={600} padding={0} yOffset={90} lockScroll={false} radius={10} transitionProps={{ duration: 0 }}>
      <Modal.Overlay backgroundOpacity={0.5} />
      <Modal.Content className="dialog">
        <Modal.Title className="vh">Go to or do</Modal.Title>
        <Choices close={close} {...rest} />
      </Modal.Content>
    </Modal.Root>
  );
}

function Choices({ close, scheme, help, leave }: Omit<Props, 'opened'>) {
  const nav = useNavigate();
  const pages = usePages();
  const views = useQuery({ ...VIEWS, enabled: useMay('events:read') });
  const others = useDelegated();
  const mayToken = useMay('tokens:write');
  const mayHunt = useMay('hunts:write');
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const words = typed.trim();
  const all: Act[] = [
    ...pages.map((p) => ({ group: 'Go to', label: p.label, Icon: p.Icon, key: p.key, run: () => void nav({ to: p.to }) })),
    ...(views.data?.views ?? []).map((v) => ({ group: 'Saved search', label: v.name, Icon: SaveIcon, also: v.query, run: () => void nav({ to: '/search', search: toSearch(v) }) })),
    { group: 'Go to', label: 'Account', Icon: UserIcon, key: 'g m', also: 'passkeys sessions password authenticator', run: () => void nav({ to: '/account' }) },
    { group: 'Go to', label: 'Open alerts, critical and high', Icon: AlertsIcon, run: () => void nav({ to: '/alerts', search: { severity: 'critical,high' } }) },
    { group: 'Go to', label: 'Closed alerts', Icon: AlertsIcon, run: () => void nav({ to: '/alerts', search: { status: 'resolved,dismissed' } }) },
    ...(mayHunt ? [{ group: 'Do', label: 'Start a hunt', Icon: HuntsIcon, also: 'retro past rule preview', run: () => void nav({ to: '/hunts', search: { new: 'yes' } }) }] : []),
    ...others.filter((t) => t.active).map((t) => ({ group: 'Do', label: `Act in ${t.name}`, Icon: TenantsIcon, also: `tenant switch ${t.id}`, run: t.act })),
    ...(mayToken ? [{ group: 'Do', label: 'New token', Icon: PlusIcon, also: 'api key program', run: () => void nav({ to: '/sources', search: { new: 'token' } }) }] : []),
    { group: 'Do', label: 'Connect a source', Icon: PlusIcon, also: 'token ingest curl', run: () => void nav({ to: '/sources', search: { new: 'source' } }) },
    { group: 'Do', label: 'Dark colours', Icon: MoonIcon, also: 'theme', run: () => scheme('dark') },
    { group: 'Do', label: 'Light colours', Icon: SunIcon, also: 'theme', run: () => scheme('light') },
    { group: 'Do', label: 'Colours as the system has them', Icon: SystemIcon, also: 'theme auto', run: () => scheme('auto') },
    { group: 'Do', label: 'Keys of this screen', Icon: HelpIcon, key: '?', also: 'help shortcuts', run: help },
    { group: 'Do', label: 'Sign out', Icon: SignOutIcon, also: 'logout', run: leave },
  ];
  const parts = words.toLowerCase().split(/\s+/);
  const fit = all.filter((a) => parts.every((w) => `${a.label} ${a.also ?? ''}`.toLowerCase().includes(w)));
  const look: Act[] = words
    ? [
        { group: 'Look for', label: `Events with ${quote(words)}`, Icon: SearchIcon, run: () => void nav({ to: '/search', search: { q: quote(words) } }) },
        { group: 'Look for', label: `Rules with ${quote(words)}`, Icon: RulesIcon, run: () => void nav({ to: '/rules', search: { q: words } }) },
        { group: 'Look for', label: `Alerts that name ${quote(words)}`, Icon: AlertsIcon, run: () => void nav({ to: '/alerts', search: { entity: words, status: STATUSES.join(',') } }) },
      ]
    : [];
  const acts = [...fit, ...look];
  const run = (a: Act | undefined) => {
    if (!a) return;
    close();
    a.run();
  };
  const key = (e: KeyboardEvent) => {
    const d = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
    if (d !== 0) setAt((at + d + acts.length) % acts.length);
    else if (e.key === 'Enter') run(acts[at]);
    else return;
    e.preventDefault();
  };
  return (
    <>
      <div className="pal-in">
        <SearchIcon size={17} />
        <input value={typed} onChange={(e) => { setTyped(e.target.value); setAt(0); }} onKeyDown={key} placeholder="Go to, do, or look for…" role="combobox" aria-label="Go to or do" aria-expanded="true" aria-controls="pal" aria-activedescendant={`pal-${at}`} autoComplete="off" spellCheck={false} data-autofocus />
      </div>
      <div className="pal" id="pal" role="listbox" aria-label="Choices">
        {acts.map((a, i) => (
          <div key={`${a.group}/${a.label}/${i}`} role="option" id={`pal-${i}`} aria-selected={i === at} ref={i === at ? (el) => el?.scrollIntoView({ block: 'nearest' }) : undefined} onMouseMove={() => setAt(i)} onClick={() => run(a)}>
            <a.Icon size={16} aria-hidden /><span className="grow1">{a.label}</span><span className="muted">{a.group}</span>{a.key ? <Key k={a.key} /> : null}
          </div>
        ))}
      </div>
    </>
  );
}
