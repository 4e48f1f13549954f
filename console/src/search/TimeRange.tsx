import { useEffect, useRef, useState, type FormEvent, type Ref } from 'react';
import { ClockIcon } from '../ui/icons';
import { DEFAULT_LAST, PRESETS, label, span, toLocalInput, type HuntSearch } from './range';

type Props = { search: Pick<HuntSearch, 'last' | 'from' | 'to'>; onChange: (c: Pick<HuntSearch, 'last' | 'from' | 'to'>) => void; button?: Ref<HTMLButtonElement>; /** The length that the address leaves out. */ usual?: string };

/** A length back from now, or two instants. */
export function TimeRange({ search: given, onChange, button, usual = DEFAULT_LAST }: Props) {
  const search = { ...given, last: given.last ?? usual };
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (e: PointerEvent) => { if (!box.current?.contains(e.target as Node)) setOpen(false); };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);
  const choose = (c: Pick<HuntSearch, 'last' | 'from' | 'to'>) => {
    setOpen(false);
    onChange(c);
  };
  const absolute = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const from = new Date(String(f.get('from')));
    const to = new Date(String(f.get('to')));
    if (!Number.isNaN(from.valueOf()) && !Number.isNaN(to.valueOf())) choose({ from: from.toISOString(), to: to.toISOString(), last: undefined });
  };
  const now = span(search, Date.now());
  return (
    <div ref={box} style={{ position: 'relative' }} onKeyDown={(e) => { if (e.key === 'Escape' && open) { e.stopPropagation(); setOpen(false); } }}>
      <button ref={button} type="button" className="btn" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}><ClockIcon size={15} />{label(search)}</button>
      {open ? (
        <div className="pop" role="dialog" aria-label="Time range">
          <div className="presets">
            {PRESETS.map(([v, l], i) => <button type="button" key={v} className="btn" autoFocus={i === 0} aria-pressed={!search.from && search.last === v} onClick={() => choose({ last: v === usual ? undefined : v, from: undefined, to: undefined })}>{l}</button>)}
          </div>
          <form onSubmit={absolute} style={{ display: 'grid', gap: 8 }}>
            <label>From<input className="input" type="datetime-local" name="from" step={1} required defaultValue={toLocalInput(now.from)} /></label>
            <label>To<input className="input" type="datetime-local" name="to" step={1} required defaultValue={toLocalInput(now.to)} /></label>
            <button type="submit" className="btn" data-primary style={{ justifyContent: 'center' }}>Use these</button>
          </form>
        </div>
      ) : null}
    </div>
  );
}
