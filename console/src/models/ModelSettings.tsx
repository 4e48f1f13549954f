import { useRef, useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { number, when } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import Calls from './Calls';
import { MODEL, PROVIDERS, content, forget, save, test, type Content, type Setting } from './models';

/** Which model is asked about what the rules leave open: off until somebody wants one. */
export default function ModelSettings() {
  const found = useQuery(MODEL);
  const may = useMay('models:write');
  const [open, setOpen] = useState(false);
  const s = found.data?.setting;
  return (
    <div className="pad">
      <h2 className="cap row" style={{ marginBottom: 12 }}>Model{found.data ? <span className={`pill ${s?.enabled ? 'c-ok' : 'c-quiet'}`}>{s?.enabled ? 'on' : 'off'}</span> : null}</h2>
      {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting /> : null}
      {found.data && !s ? <p style={{ maxWidth: 640, marginBottom: 14 }}>Rules and intelligence decide what is clear; what they leave open goes to a person. A language model can be asked about that rest first. It is shown the alert’s own text, shortened and without secrets, and that text leaves this platform for the address that you give here. It may escalate an alert or ask for a person; it closes only what the facts would let anybody close.</p> : null}
      {s ? <Now s={s} /> : null}
      {found.data && may ? (open || s ? <Form key={s ? 'kept' : 'new'} s={s ?? null} /> : <button type="button" className="btn" data-primary onClick={() => setOpen(true)}>Set a model up</button>) : null}
      {found.data && !may && !s ? <p className="muted">Your role may not set one up.</p> : null}
      {s ? <Calls /> : null}
    </div>
  );
}

function Now({ s }: { s: Setting }) {
  return (
    <>
      <dl className="kv">
        <dt>Model</dt><dd className="mono">{s.model}</dd>
        <dt>Address</dt><dd className="mono" style={{ overflowWrap: 'anywhere' }}>{s.url}</dd>
        <dt>Key</dt><dd>{s.has_key ? 'in the vault' : 'none'}</dd>
        <dt>Today</dt><dd>{number(s.calls_used)} of {number(s.calls_per_day)} questions, {number(s.tokens_used)} of {number(s.tokens_per_day)} tokens (by UTC)</dd>
        <dt>Last answer</dt><dd>{s.answered_at ? when(s.answered_at) : 'never'}</dd>
        {s.failure ? <><dt>Last failure</dt><dd>{s.failed_at ? when(s.failed_at) : ''}: {s.failure}</dd></> : null}
      </dl>
      {s.enabled && (s.calls_used >= s.calls_per_day || s.tokens_used >= s.tokens_per_day) ? <p><strong>Today’s budget is used up.</strong> What the rules leave open goes to people until midnight, UTC.</p> : null}
    </>
  );
}

function Form({ s }: { s: Setting | null }) {
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [provider, setProvider] = useState<Content['provider']>(s?.provider ?? 'openai');
  const [url, setUrl] = useState(s?.url ?? PROVIDERS.openai.url);
  const after = () => Promise.all([client.invalidateQueries({ queryKey: MODEL.queryKey }), client.invalidateQueries({ queryKey: ['model-calls'] })]);
  const saving = useMutation({ mutationFn: save, onSuccess: async () => { said('The model is set up'); await after(); } });
  const testing = useMutation({ mutationFn: test });
  const dropping = useMutation({ mutationFn: forget, onSuccess: async () => { said('The model and its key are forgotten'); await after(); } });
  const submit = (e: FormEvent<HTMLFormElement>) => { e.preventDefault(); saving.mutate(content(new FormData(e.currentTarget))); };
  const ask = () => { if (form.current?.reportValidity()) testing.mutate(content(new FormData(form.current))); };
  const choose = (p: Content['provider']) => {
    if (Object.values(PROVIDERS).some((one) => one.url === url)) setUrl(PROVIDERS[p].url);
    setProvider(p);
  };
  const t = testing.data;
  return (
    <form ref={form} className="form" onSubmit={submit} aria-label="Set the model up" style={{ maxWidth: 640, marginTop: 12 }}>
      <label className="check"><input type="checkbox" name="enabled" defaultChecked={s?.enabled ?? true} /> Ask it</label>
      <div className="two">
        <label>Provider<select className="input" name="provider" value={provider} onChange={(e) => choose(e.target.value as Content['provider'])}>{Object.entries(PROVIDERS).map(([value, p]) => <option key={value} value={value}>{p.label}</option>)}</select></label>
        <label>Model<input className="input" name="model" required maxLength={200} defaultValue={s?.model} /></label>
      </div>
      <label>Address<input className="input" name="url" required maxLength={2000} value={url} onChange={(e) => setUrl(e.target.value)} /></label>
      <p className="muted">https and on the internet. A model inside your network, such as an Ollama of your own, has to be allowed by whoever runs the installation: <code>outbound.allow</code>.</p>
      <label>Key<input className="input" name="key" type="password" autoComplete="off" maxLength={500} placeholder={s?.has_key ? 'stays as it is' : ''} /></label>
      {s?.has_key ? <label className="check"><input type="checkbox" name="nokey" /> Without a key from now on</label> : null}
      <div className="two">
        <label>Seconds for an answer<input className="input" name="seconds" type="number" required min={1} max={60} defaultValue={s?.seconds ?? 20} /></label>
        <label>Questions a day<input className="input" name="calls" type="number" required min={1} max={1_000_000} defaultValue={s?.calls_per_day ?? 200} /></label>
      </div>
      <label>Tokens a day<input className="input" name="tokens" type="number" required min={1} max={10_000_000_000} defaultValue={s?.tokens_per_day ?? 1_000_000} /></label>
      {saving.isError ? <ProblemBox problem={saving.error} /> : null}
      {testing.isError ? <ProblemBox problem={testing.error} /> : null}
      {dropping.isError ? <ProblemBox problem={dropping.error} /> : null}
      <div role="status">
        {testing.isPending ? <p className="muted">Asked about an alert that is none…</p> : null}
        {t ? <p><strong>{t.usable ? 'It answers as it should.' : 'It is of no use like this.'}</strong> {t.fault ? `${t.fault}. ` : ''}<span className="muted">{t.model}, {number(t.millis)} ms{t.tokens > 0 ? `, ${number(t.tokens)} tokens` : ''}</span></p> : null}
      </div>
      {t?.said ? <pre className="mono" tabIndex={0} aria-label="What came back" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{t.said}</pre> : null}
      <div className="row wrap">
        <button type="submit" className="btn" data-primary disabled={saving.isPending}>Save</button>
        <button type="button" className="btn" disabled={testing.isPending} onClick={ask}>Test without saving</button>
        {s ? <button type="button" className="btn" disabled={dropping.isPending} onClick={() => dropping.mutate()}>Forget it and its key</button> : null}
      </div>
    </form>
  );
}
