import { useState } from 'react';
import { useSession } from '../session/session';
import { useKeys } from '../ui/keys';
import { Passkeys } from './Passkeys';
import { Password } from './Password';
import { Sessions } from './Sessions';

/** One's own account: how one signs in, and where one is signed in. */
export default function AccountPage() {
  const { user, tenant } = useSession();
  const [adding, setAdding] = useState(false);
  useKeys([
    { keys: ['n'], label: 'Add a passkey', group: 'Account', run: () => setAdding(true) },
    { keys: ['p'], label: 'Change the password', group: 'Account', run: () => document.getElementById('old-password')?.focus() },
  ]);
  return (
    <div className="page account" tabIndex={0} role="region" aria-label="Account">
      <div className="pagehead"><h1>Account</h1><span className="muted">{user.username}{user.role ? ` · ${user.role}` : ''} · {tenant.name}</span></div>
      <Passkeys adding={adding} setAdding={setAdding} />
      <Sessions />
      <Password />
    </div>
  );
}
