import { useEffect, useState, type Ref } from 'react';

type Props = { id: string; label: string; q: string | undefined; change: (q: string | undefined) => void; input: Ref<HTMLInputElement> };

/** Filters a moment after the last key, so that the address and the server see words and not letters. */
export function Words({ id, label, q, change, input }: Props) {
  const [text, setText] = useState(q ?? '');
  useEffect(() => setText(q ?? ''), [q]);
  useEffect(() => {
    const next = text.trim() || undefined;
    if (next === q) return;
    const t = setTimeout(() => change(next), 250);
    return () => clearTimeout(t);
  }, [text, q]);
  return (
    <>
      <label className="vh" htmlFor={id}>{label}</label>
      <input ref={input} id={id} className="input" type="search" placeholder={`${label}   /`} value={text} maxLength={200} onChange={(e) => setText(e.target.value)} onKeyDown={(e) => { if (e.key === 'Escape') { setText(''); e.currentTarget.blur(); } if (e.key === 'Enter') e.currentTarget.blur(); }} />
    </>
  );
}
