import './people.css';
import { Suspense, lazy, useEffect, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { live } from '../live/context';
import { useSession } from '../session/session';
import { EmailIcon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { INBOX, UNREAD } from './inbox';

const InboxDialog = lazy(() => import('./InboxDialog'));

/** How much concerns me that I have not read; what, when it is opened. */
export default function InboxButton() {
  const { user } = useSession();
  const client = useQueryClient();
  const [opened, setOpened] = useState<boolean>();
  const unread = useQuery(UNREAD).data?.unread ?? 0;
  useEffect(() => live.read((m) => { if (m.kind === 'resync' || (m.kind === 'inbox' && m.user === user.id)) void client.invalidateQueries({ queryKey: INBOX }); }), [client, user.id]);
  useKeys([{ keys: ['g x'], label: 'Inbox', group: 'Go to', run: () => setOpened(true) }]);
  return (
    <>
      <button type="button" className="icon inbox" aria-label={unread > 0 ? `Inbox, ${unread} unread` : 'Inbox'} title="Inbox (g x)" onClick={() => setOpened(true)}><EmailIcon size={17} />{unread > 0 ? <span className="n" aria-hidden>{unread > 99 ? '99+' : unread}</span> : null}</button>
      {opened !== undefined ? <Suspense fallback={null}><InboxDialog opened={opened} close={() => setOpened(false)} /></Suspense> : null}
    </>
  );
}
