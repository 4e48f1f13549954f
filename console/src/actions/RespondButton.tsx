import { Suspense, lazy, useState } from 'react';
import { useMay, useSession } from '../session/session';
import { useKeys } from '../ui/keys';
import { Key } from '../ui/parts';
import type { Subject } from './RespondDialog';

const RespondDialog = lazy(() => import('./RespondDialog'));

const GROUP: Record<Subject['kind'], string> = { alert: 'Alert', case: 'Case', host: 'Endpoints' };

/** Whether somebody may start a playbook or ask for some action. */
export function useMayRespond(): boolean {
  const runs = useMay('playbooks:run');
  const reads = useMay('actions:read');
  const { permissions } = useSession();
  return runs || (reads && permissions.some((p) => p === '*' || /^actions:(contain|investigate|intel|cases|notify)$/.test(p)));
}

/** Does something about an alert, a case or a host, from where somebody looks at it. */
export default function RespondButton(subject: Subject) {
  const may = useMayRespond();
  const [opened, setOpened] = useState<boolean>();
  useKeys(may ? [{ keys: ['R'], label: 'Respond…', group: GROUP[subject.kind], run: () => setOpened(true) }] : []);
  if (!may) return null;
  return (
    <>
      <button type="button" className="btn" onClick={() => setOpened(true)}>Respond… <Key k="R" /></button>
      {opened !== undefined ? <Suspense fallback={null}><RespondDialog opened={opened} close={() => setOpened(false)} subject={subject} /></Suspense> : null}
    </>
  );
}
