import { useId, useState } from 'react';
import { number } from '../ui/format';
import { carries, found, type Connection, type Connector } from './connectors';

type Props = { all: readonly Connector[]; connected: readonly Connection[]; first: string; choose: ((c: Connector) => void) | undefined; /** In a window of its own: typing begins at once. */ dialog?: boolean };

/** The connectors that there are, by what they can do. */
export function Catalogue({ all, connected, first, choose, dialog }: Props) {
  const [words, setWords] = useState(first.replaceAll('_', ' '));
  const id = useId();
  const fit = found(all, words);
  return (
    <div className="form">
      <label>Which product, or what it is to do<input className="input" type="search" value={words} onChange={(e) => setWords(e.target.value)} autoComplete="off" spellCheck={false} maxLength={200} placeholder="okta, block ip, suspend" data-autofocus={dialog || undefined} onKeyDown={(e) => { if (e.key === 'Enter' && choose && fit[0]) { e.preventDefault(); choose(fit[0]); } }} /></label>
      <p className="vh" role="status">{number(fit.length)} of {number(all.length)} connectors fit</p>
      <ul className="conkinds" data-dialog={dialog || undefined} aria-label={dialog ? 'Products' : 'Connectors'}>{fit.map((c) => {
        const have = connected.filter((x) => x.connector === c.name);
        const does = carries(c);
        return (
          <li key={c.name}>
            <div className="row wrap"><strong id={`${id}${c.name}`}>{c.title}</strong>{have.length > 0 ? <span className="pill c-ok">connected{have.length > 1 ? `: ${number(have.length)}` : ''}</span> : null}<span className="grow1" />{choose ? <button type="button" className="btn" aria-label={`Connect ${c.title}`} onClick={() => choose(c)}>Connect</button> : null}</div>
            <p className="muted">{c.description}</p>
            <p className="concarries">{does.length > 0 ? does.map((d) => <span key={d.action} className="tag" title={d.title}>{d.action}</span>) : <span className="muted">Carries out no action of playbooks; its operations can be called.</span>}</p>
            {dialog ? null : <p><a href={c.documentation} target="_blank" rel="noreferrer noopener">The vendor’s document</a></p>}
          </li>
        );
      })}</ul>
      {fit.length === 0 ? <p className="muted">Nothing shipped fits “{words}”. A connector is a file: <span className="mono">./marsad connectors new my-product</span> begins one, and the guide “Connectors” goes through it.</p> : null}
    </div>
  );
}
