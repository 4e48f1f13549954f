import { useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { CopyLine, ProblemBox, TabRow } from '../ui/parts';
import { PLATFORMS, PURPOSES, agentLine, letIn, line, relayLine, type Enrolled, type Platform, type Purpose } from './endpoints';

const DAY = 86_400_000;

const ABOUT: Record<Purpose, string> = {
  osquery: 'Hosts that run osquery report with nothing of ours on them. A secret lets them in; what they are told to look at depends on nothing else.',
  agent: 'Linux hosts where our agent is installed: it collects what the policy of its group says, keeps it on disk while nobody is reached, and acts when it is told by a signed order.',
  relay: 'A relay stands in a network of its own between its hosts and the platform: it verifies what passes, and keeps what hosts report while the platform is away.',
};

/** Makes an enroll secret and shows, once, the line that makes a host report. */
export function EnrollDialog({ opened, close }: { opened: boolean; close: () => void }) {
  return <Dialog opened={opened} close={close} firm title="Let hosts in">{opened ? <Enroll close={close} /> : null}</Dialog>;
}

function Enroll({ close }: { close: () => void }) {
  const [purpose, setPurpose] = useState<Purpose>('osquery');
  const make = useMutation({
    mutationFn: (f: FormData) => {
      const days = Number(f.get('days'));
      return letIn({ name: String(f.get('name')).trim(), purpose, group: String(f.get('group')).trim() || 'default', one_time: f.get('once') === 'on', ...(days > 0 ? { expires_at: new Date(Date.now() + days * DAY).toISOString() } : {}) });
    },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    make.mutate(new FormData(e.currentTarget));
  };
  if (make.data) return <Made made={make.data} purpose={purpose} close={close} />;
  return (
    <form className="form" onSubmit={submit}>
      <TabRow label="What is let in" choices={PURPOSES} value={purpose} onChange={setPurpose} panel="enroll-purpose" />
      <p className="muted" id="enroll-purpose" role="tabpanel" aria-labelledby={`enroll-purpose-${purpose}`}>{ABOUT[purpose]}</p>
      {make.isError ? <ProblemBox problem={make.error} /> : null}
      <div className="two">
        <label>Name<input className="input" name="name" required maxLength={100} autoComplete="off" placeholder="web servers, November" data-autofocus /></label>
        <label hidden={purpose === 'relay'}>Group<input className="input" name="group" maxLength={100} autoComplete="off" placeholder="default" /></label>
      </div>
      <div className="two">
        <label>Good for<select className="input" name="days" key={purpose} defaultValue={purpose === 'relay' ? '1' : '30'}><option value="1">a day</option><option value="7">a week</option><option value="30">30 days</option><option value="365">a year</option><option value="0">ever</option></select></label>
        <label className="row"><input type="checkbox" name="once" key={purpose} defaultChecked={purpose === 'relay'} /> One host only</label>
      </div>
      <div className="row"><button type="submit" className="btn" data-primary disabled={make.isPending}>{make.isPending ? 'Making…' : 'Make the line'}</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}

function Made({ made, purpose, close }: { made: Enrolled; purpose: Purpose; close: () => void }) {
  const [platform, setPlatform] = useState<Platform>('linux');
  const { host, hostname } = window.location;
  const authority = made.authority_sha256 ?? '';
  return (
    <div className="form">
      <p><strong>Copy it now.</strong> The secret in it is shown this once and kept only as a hash. {purpose === 'relay' ? 'Run it on the machine that is to be the relay; hosts then call that one, with the same authority.' : `Run it on ${made.one_time ? 'the host' : 'each host'} where ${purpose === 'agent' ? 'the agent was unpacked' : 'osquery is installed'}; it appears here within seconds.`}</p>
      {purpose === 'osquery' ? (
        <>
          <TabRow label="Platform" choices={PLATFORMS} value={platform} onChange={setPlatform} panel="enroll-line" />
          <div id="enroll-line" role="tabpanel" aria-label="The line to run"><CopyLine text={line(platform, host, made.secret)} label="Copy the line" /></div>
          <p className="muted">{platform === 'windows' ? 'In PowerShell as an administrator. ' : ''}The host has to trust the certificate of {host}; with one of your own authority add <span className="mono">--tls_server_certs</span>. What stood in osquery&rsquo;s flag file is replaced.</p>
        </>
      ) : (
        <>
          <CopyLine text={(purpose === 'agent' ? agentLine : relayLine)(hostname, made.secret, authority)} label="Copy the line" />
          <p className="muted">{purpose === 'agent' ? <><span className="mono">./marsad agent package</span> makes the package; bring it to the host and unpack it with <span className="mono">tar xzf</span>. Behind a relay, its name stands in the place of {hostname}. </> : null}The platform takes these calls where <span className="mono">agents.address</span> says, which is only this machine at first, at port 8482 unless <span className="mono">agents.enroll_port</span> is another.</p>
        </>
      )}
      <div className="row"><button type="button" className="btn" data-primary onClick={close}>I have it</button></div>
    </div>
  );
}
