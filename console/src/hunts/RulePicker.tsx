import { useId, useState, type KeyboardEvent } from 'react';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { ruleOf } from '../rules/RuleRail';
import { ruleSource } from '../rules/filter';
import { number } from '../ui/format';
import { CloseIcon } from '../ui/icons';
import { SeverityLabel } from '../ui/parts';
import { useSettled } from '../ui/settled';

const OFFERED = 8;
const NAMED = 24;

/** Which of the rules in use; none chosen means all. Type to find, arrows and Enter take, Backspace takes back. */
export function RulePicker({ chosen, onChange }: { chosen: readonly string[]; onChange: (ids: string[]) => void }) {
  const list = useId();
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const words = useSettled(typed.trim()) || undefined;
  const found = useQuery({ queryKey: ['rules-offered', words], queryFn: ({ signal }) => answer(api.GET('/v1/rules', { params: { query: { q: words, limit: OFFERED + 4 } }, signal })), placeholderData: keepPreviousData, staleTime: 30_000 });
  const all = useQuery({ queryKey: ['rules-offered', undefined], queryFn: ({ signal }) => answer(api.GET('/v1/rules', { params: { query: { limit: OFFERED + 4 } }, signal })), staleTime: 30_000 });
  const offered = (found.data?.rules ?? []).filter((r) => !chosen.includes(r.id)).slice(0, OFFERED);
  const named = useQueries({ queries: chosen.slice(0, NAMED).map((id) => ruleOf(id)) });
  const take = (id: string | undefined) => {
    if (id === undefined) return;
    onChange([...chosen, id]);
    setTyped('');
    setAt(0);
  };
  const key = (e: KeyboardEvent) => {
    if (e.key === 'Backspace' && typed === '' && chosen.length > 0) onChange(chosen.slice(0, -1));
    else if (e.key === 'Enter' && open && typed.trim() !== '') take(offered[at]?.id);
    else if (e.key === 'Escape' && open && typed !== '') setTyped('');
    else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      setOpen(true);
      setAt((i) => (offered.length === 0 ? 0 : (i + (e.key === 'ArrowDown' ? 1 : -1) + offered.length) % offered.length));
    } else return;
    e.preventDefault();
  };
  return (
    <div className="picker">
      <div className="row wrap">
        {chosen.slice(0, NAMED).map((id, i) => <span key={id} className="chip" title={id}><span className="ht">{named[i]?.data?.title ?? id}</span><button type="button" className="icon" aria-label={`Without ${named[i]?.data?.title ?? id}`} onClick={() => onChange(chosen.filter((c) => c !== id))}><CloseIcon size={14} /></button></span>)}
        {chosen.length > NAMED ? <span className="muted">and {chosen.length - NAMED} more</span> : null}
      </div>
      <div className="pickin">
        <input className="input" role="combobox" aria-label="Find a rule to hunt with" aria-expanded={open && offered.length > 0} aria-controls={list} aria-autocomplete="list" aria-activedescendant={open && offered[at] ? `${list}-${at}` : undefined} autoComplete="off" spellCheck={false} placeholder={chosen.length > 0 ? 'Add another rule' : 'Find a rule by its words, id, technique or log source'} value={typed} onFocus={() => setOpen(true)} onBlur={() => setOpen(false)} onChange={(e) => { setTyped(e.target.value); setAt(0); setOpen(true); }} onKeyDown={key} />
        <ul id={list} role="listbox" aria-label="Rules" hidden={!open || offered.length === 0}>
          {offered.map((r, i) => (
            <li key={r.id} id={`${list}-${i}`} role="option" aria-selected={i === at} onPointerDown={(e) => { e.preventDefault(); take(r.id); }} onMouseMove={() => setAt(i)}>
              <SeverityLabel of={r.level} /><span className="ht">{r.title}</span><span className="muted ht">{ruleSource(r)}</span>
            </li>
          ))}
        </ul>
      </div>
      <p className="muted small">{chosen.length === 0 ? `None chosen: the hunt runs all${all.data ? ` ${number(all.data.total)}` : ''} rules in use.` : `${chosen.length} ${chosen.length === 1 ? 'rule' : 'rules'}. `}{chosen.length > 0 ? <button type="button" className="plain" onClick={() => onChange([])}>All rules instead</button> : null}</p>
    </div>
  );
}
