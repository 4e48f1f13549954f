import { useEffect, useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { number } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { bringIn, formatOf, type Format, type Import } from './feeds';

const MOST = 32 << 20;
const FORMATS: readonly (readonly [Format, string])[] = [['list', 'A list, a value a line'], ['csv', 'CSV with named columns'], ['stix', 'A STIX 2.1 bundle']];

/** A feed from a file or the clipboard: first what would become of it, line by line, then listed. */
export function ImportDialog({ opened, close, done }: { opened: boolean; close: () => void; done: () => void }) {
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [format, setFormat] = useState<Format>('list');
  const [fault, setFault] = useState('');
  const tried = useMutation({ mutationFn: (body: Import) => bringIn({ ...body, dry_run: true }) });
  const listed = useMutation({ mutationFn: bringIn, onSuccess: (r) => { close(); said(`${number(r.added)} new and ${number(r.changed)} changed indicators are looked for from now on`); done(); } });
  const { reset } = tried;
  const { reset: again } = listed;
  useEffect(() => { if (opened) { setText(''); setName(''); setFault(''); reset(); again(); } }, [opened, reset, again]);
  const take = (t: string, file = name) => { setText(t); setFormat(formatOf(t, file)); reset(); again(); };
  const pick = async (file?: File) => {
    if (!file) return;
    setFault(file.size > MOST ? `${file.name} is larger than 32 MiB.` : '');
    if (file.size > MOST) return;
    setName(file.name);
    take(await file.text(), file.name);
  };
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const days = Number(f.get('days'));
    const body: Import = { format, text, source: String(f.get('source')).trim() || 'import', confidence: Number(f.get('confidence')), tlp: String(f.get('tlp')) as Import['tlp'], valid_days: days > 0 ? days : null };
    if (tried.data) listed.mutate(body); else tried.mutate(body);
  };
  const out = tried.data;
  const busy = tried.isPending || listed.isPending;
  const nothing = out?.read === 0;
  return (
    <Dialog opened={opened} close={close} firm title="Bring a feed in">
      <form className="form wide" onSubmit={submit} onChange={(e) => { if ((e.target as HTMLElement).dataset.stays === undefined) reset(); }}>
        <label>File<input className="input" type="file" accept=".csv,.txt,.list,.json" data-autofocus onChange={(e) => void pick(e.currentTarget.files?.[0])} /></label>
        {text.length > 200_000 ? <p className="muted">{name}: {number(text.split('\n').length)} lines</p> : <label>Or paste it<textarea className="input mono" rows={6} spellCheck={false} autoComplete="off" value={text} onChange={(e) => take(e.currentTarget.value)} placeholder={'203.0.113.0/24\nbad[.]example\nhxxp://bad[.]example/a'} /></label>}
        {fault ? <p className="tone c-failing" role="alert">{fault}</p> : null}
        <div className="two">
          <label>It is<select className="input" value={format} onChange={(e) => setFormat(e.currentTarget.value as Format)}>{FORMATS.map(([id, label]) => <option key={id} value={id}>{label}</option>)}</select></label>
          <label>Source<input className="input" name="source" maxLength={200} required autoComplete="off" key={name} defaultValue={name.replace(/\.[a-z]+$/i, '')} placeholder="CERT bulletin 41" /></label>
        </div>
        <div className="two">
          <label>Confidence of lines without one<input className="input" name="confidence" type="number" min={0} max={100} required defaultValue={60} /></label>
          <label>TLP<select className="input" name="tlp" defaultValue="amber">{['clear', 'green', 'amber', 'amber+strict', 'red'].map((t) => <option key={t}>{t}</option>)}</select></label>
        </div>
        <label>Lines without an end hold for<select className="input" name="days" defaultValue={90}><option value={7}>a week</option><option value={30}>30 days</option><option value={90}>90 days</option><option value={365}>a year</option><option value={0}>ever</option></select></label>
        {out ? (
          <section aria-label="What would become of it" role="status" className="stack">
            <p><strong>{number(out.added)}</strong> new, <strong>{number(out.changed)}</strong> listed already and said anew{out.warned ? <>, of them <strong>{number(out.warned)}</strong> on a warning list: kept, not looked for</> : null}{out.faults.length > 0 ? <>, <strong>{out.faults.length === 100 ? '100 or more' : out.faults.length}</strong> refused</> : null}.</p>
            {out.faults.length > 0 ? <ul className="hist" aria-label="Refused" tabIndex={0} style={{ maxHeight: 140, overflow: 'auto' }}>{out.faults.map((f) => <li key={f} className="mono small">{f}</li>)}</ul> : null}
            {out.lines.length > 0 ? <div tabIndex={0} role="region" aria-label="The first lines" style={{ maxHeight: 200, overflow: 'auto' }}><table className="tbl"><thead><tr><th>Value</th><th>Type</th><th>Confidence</th><th>What</th></tr></thead><tbody>{out.lines.map((l) => <tr key={l.type + l.value}><td className="mono">{l.value}</td><td>{l.type}</td><td className="num">{l.confidence}</td><td>{l.warning ? `warning list: ${l.warning}` : l.what === 'added' ? 'new' : 'changed'}</td></tr>)}</tbody></table></div> : null}
          </section>
        ) : null}
        {tried.isError ? <ProblemBox problem={tried.error} /> : null}
        {listed.isError ? <ProblemBox problem={listed.error} /> : null}
        {busy ? <progress aria-label={listed.isPending ? 'Being listed' : 'Being read'} style={{ width: '100%' }} /> : null}
        <div className="row"><button type="submit" className="btn" data-primary disabled={busy || text.trim() === '' || nothing}>{out ? `List ${number(out.read)}` : 'See what it would be'}</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
      </form>
    </Dialog>
  );
}
