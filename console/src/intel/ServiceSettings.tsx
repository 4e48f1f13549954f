import { type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { number, when } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { SERVICES, setService, testService, type Service } from './feeds';

const ABOUT: Record<string, string> = {
  virustotal: 'Files, names, links and addresses, by what scores of engines say. A key is on your VirusTotal profile.',
  abuseipdb: 'Addresses that others have reported. A key is under Account, API.',
  greynoise: 'Addresses that scan the whole internet, or belong to well-known services. A key is under Account.',
};

/** Services outside that are asked about values: keys, budgets, and how they answer. */
export default function ServiceSettings() {
  const services = useQuery(SERVICES);
  if (services.isPending) return <div className="pad"><Waiting /></div>;
  if (services.isError) return <div className="pad"><ProblemBox problem={services.error} retry={() => void services.refetch()} /></div>;
  return (
    <>
      <header className="dhead"><h2>Intelligence services</h2><p className="muted">They are asked about values of alerts, and when you ask what is known of one. Without any, everything works on your own indicators and feeds. What is asked leaves the house: the value, nothing else.</p></header>
      {services.data.sources.map((s) => <One key={s.source} of={s} />)}
    </>
  );
}

function One({ of }: { of: Service }) {
  const client = useQueryClient();
  const may = useMay('intel:write');
  const fresh = () => client.invalidateQueries({ queryKey: SERVICES.queryKey });
  const save = useMutation({ mutationFn: (body: Parameters<typeof setService>[1]) => setService(of.source, body), onSuccess: (s) => said(`${s.title} is ${s.enabled ? 'asked' : 'not asked'} from now on`), onSettled: fresh });
  const test = useMutation({ mutationFn: () => testService(of.source), onSettled: fresh });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = e.currentTarget;
    const f = new FormData(form);
    const key = String(f.get('key')).trim();
    test.reset();
    save.mutate({ enabled: f.get('enabled') === 'on', per_minute: Number(f.get('per_minute')), per_day: Number(f.get('per_day')), ...(key ? { key } : {}) }, { onSuccess: () => { const input = form.elements.namedItem('key'); if (input instanceof HTMLInputElement) input.value = ''; } });
  };
  const failing = of.failed_at !== null && (of.answered_at === null || of.failed_at > of.answered_at);
  return (
    <section className="pad" aria-label={of.title}>
      <div className="row wrap"><h3 className="grow1">{of.title}</h3><span className={`pill ${!of.enabled ? 'c-quiet' : failing ? 'c-failing' : 'c-ok'}`}>{!of.enabled ? 'off' : failing ? 'failing' : 'on'}</span></div>
      <p className="muted">{ABOUT[of.source]}</p>
      <dl className="kv">
        <dt>Key</dt><dd>{of.has_key ? 'in the vault; nobody is ever told it' : 'none'}</dd>
        <dt>Used</dt><dd>{number(of.used_minute)} of {number(of.per_minute)} this minute, {number(of.used_today)} of {number(of.per_day)} today</dd>
        <dt>Last answer</dt><dd>{of.answered_at ? when(of.answered_at) : 'none yet'}</dd>
        {of.failed_at && of.failure ? <><dt>Last failure</dt><dd>{when(of.failed_at)}: {of.failure}</dd></> : null}
      </dl>
      {may ? (
        <form className="form" key={`${of.per_minute}/${of.per_day}/${String(of.enabled)}`} onSubmit={submit}>
          <label>{of.has_key ? 'Another key' : 'Key'}<input className="input mono" name="key" type="password" maxLength={500} autoComplete="new-password" spellCheck={false} required={!of.has_key} /></label>
          <div className="two"><label>Questions a minute<input className="input" name="per_minute" type="number" min={1} max={100_000} required defaultValue={of.per_minute} /></label><label>Questions a day<input className="input" name="per_day" type="number" min={1} max={10_000_000} required defaultValue={of.per_day} /></label></div>
          <label className="check"><input type="checkbox" name="enabled" defaultChecked={of.enabled || !of.has_key} />Ask {of.title}</label>
          {save.isError ? <ProblemBox problem={save.error} /> : null}
          {test.isError ? <ProblemBox problem={test.error} /> : null}
          {test.data ? <p role="status" className={test.data.answered ? 'tone c-ok' : 'tone c-failing'}>{test.data.answered ? `It answered in ${number(Math.round(test.data.took_ms))} ms.` : `It did not answer: ${test.data.failure}`}</p> : null}
          <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending}>Save</button><button type="button" className="btn" disabled={test.isPending || !of.has_key || !of.enabled} onClick={() => test.mutate()}>Test {of.title}</button></div>
        </form>
      ) : <p className="muted">Setting it up takes the permission <span className="mono">intel:write</span>.</p>}
    </section>
  );
}
