/** Texts that were, and that were taken back. One undo for canvas, forms and text. */
export type History = { text: string; past: readonly string[]; future: readonly string[]; /** What the last edit was about, and when: typing on is one edit. */ last: { about: string; at: number } | undefined };

/** So many steps back there are; the oldest is forgotten. */
export const CAP = 1000;
const TOGETHER_MS = 1500;

export const begun = (text: string): History => ({ text, past: [], future: [], last: undefined });

/** Edits about the same thing in quick succession are one. */
export function edited(h: History, text: string, about: string, at: number): History {
  if (text === h.text) return h;
  const joins = about !== '' && h.last?.about === about && at - h.last.at < TOGETHER_MS && h.past.length > 0;
  return { text, past: joins ? h.past : [...h.past, h.text].slice(-CAP), future: [], last: { about, at } };
}
export function undone(h: History): History {
  const text = h.past.at(-1);
  return text === undefined ? h : { text, past: h.past.slice(0, -1), future: [h.text, ...h.future], last: undefined };
}
export function redone(h: History): History {
  const [text, ...rest] = h.future;
  return text === undefined ? h : { text, past: [...h.past, h.text], future: rest, last: undefined };
}
