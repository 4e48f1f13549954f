import { useState } from 'react';
import { useMay, useSession } from '../session/session';
import { useKeys } from '../ui/keys';
import { Authenticator } from './Authenticator';
import { Chats } from './Chats';
import { Passkeys } from './Passkeys';
import { Password } from './Password';
import { Sessions } from './Sessions';

/** One's own account: how one signs in, and where one is signed in. */
export default function AccountPage() {
  const { user, tenant, second_factor_due: due } = useSession();
  const chats = useMay('actions:read');
  const [adding, setAdding] = useState(false);
  useKeys([
    { keys: ['n'], label: 'Add a passkey', group: 'Account', run: () => setAdding(true) },
    { keys: ['p'], label: 'Change the password', group: 'Account', run: () => document.getElementById('old-password')?.focus() },
  ]);
  return (
    <div className="page account" tabIndex={0} role="region" aria-label="Account">
      <div className="pagehead"><h1>Account</h1><span className="muted">{user.username}{user.role ? ` · ${user.role}` : ''} · {tenant.name}</span></div>
      {due ? <div className="notice" role="status"><strong>Your role needs a second factor</strong><p>Add a passkey or an authenticator app; then everything else opens. A passkey takes one step, and signs you in without a password from now on.</p></div> : null}
      <Passkeys adding={adding} setAdding={setAdding} />
      <Authenticator />
      <Sessions />
      {chats ? <Chats /> : null}
      <Password />
    </div>
  );
}
