import { useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { CopyLine, ProblemBox, TabRow } from '../ui/parts';
import { PLATFORMS, letIn, line, type Platform } from './endpoints';

const DAY = 86_400_000;

/** Makes an enroll secret and shows, once, the line that makes a host report. */
export function EnrollDialog({ opened, close }: { opened: boolean; close: () => void }) {
  return <Dialog opened={opened} close={close} firm title="Let hosts in">{opened ? <Enroll close={close} /> : null}</Dialog>;
}

function Enroll({ close }: { close: () => void }) {
  const [platform, setPlatform] = useState<Platform>('linux');
  const make = useMutation({
    mutationFn: (f: FormData) => {
      const days = Number(f.get('days'));
      return letIn({ name: String(f.get('name')).trim(), purpose: 'osquery', group: String(f.get('group')).trim() || 'default', one_time: f.get('once') === 'on', ...(days > 0 ? { expires_at: new Date(Date.now() + days * DAY).toISOString() } : {}) });
    },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    make.mutate(new FormData(e.currentTarget));
  };
  const made = make.data;
  if (made) {
    const host = window.location.host;
    return (
      <div className="form">
        <p><strong>Copy it now.</strong> The secret in it is shown this once and kept only as a hash. Run it on {made.one_time ? 'the host' : 'each host'} where osquery is installed; it appears here within seconds.</p>
        <TabRow label="Platform" choices={PLATFORMS} value={platform} onChange={setPlatform} panel="enroll-line" />
        <div id="enroll-line" role="tabpanel" aria-label="The line to run"><CopyLine text={line(platform, host, made.secret)} label="Copy the line" /></div>
        <p className="muted">{platform === 'windows' ? 'In PowerShell as an administrator. ' : ''}The host has to trust the certificate of {host}; with one of your own authority add <span className="mono">--tls_server_certs</span>. What stood in osquery&rsquo;s flag file is replaced.</p>
        <div className="row"><button type="button" className="btn" data-primary onClick={close}>I have it</button></div>
      </div>
    );
  }
  return (
    <form className="form" onSubmit={submit}>
      <p className="muted">Hosts that run osquery report with nothing of ours on them. A secret lets them in; what they are told to look at depends on nothing else.</p>
      {make.isError ? <ProblemBox problem={make.error} /> : null}
      <div className="two">
        <label>Name<input className="input" name="name" required maxLength={100} autoComplete="off" placeholder="web servers, November" data-autofocus /></label>
        <label>Group<input className="input" name="group" maxLength={100} autoComplete="off" placeholder="default" /></label>
      </div>
      <div className="two">
        <label>Good for<select className="input" name="days" defaultValue="30"><option value="1">a day</option><option value="7">a week</option><option value="30">30 days</option><option value="365">a year</option><option value="0">ever</option></select></label>
        <label className="row"><input type="checkbox" name="once" /> One host only</label>
      </div>
      <div className="row"><button type="submit" className="btn" data-primary disabled={make.isPending}>{make.isPending ? 'Making…' : 'Make the line'}</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}
