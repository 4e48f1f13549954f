/** A piece of text, loud or not. */
export type Run = { text: string; strong: boolean };
export type Block = { kind: 'h1' | 'h2' | 'p'; runs: Run[] } | { kind: 'list'; items: { depth: 0 | 1; done?: boolean; runs: Run[] }[] };

/** The report's Markdown, of which only what the platform writes is known; all else is text, so nothing in an event is ever markup. */
export function blocks(markdown: string): Block[] {
  const all: Block[] = [];
  for (const line of markdown.split('\n')) {
    const item = /^( {2})?- (?:\[([ x])\] )?(.*)$/.exec(line);
    const head = /^(##?) (.*)$/.exec(line);
    if (item) {
      const last = all.at(-1);
      const list = last?.kind === 'list' ? last : undefined;
      const one = { depth: item[1] ? (1 as const) : (0 as const), ...(item[2] ? { done: item[2] === 'x' } : {}), runs: runs(item[3]!) };
      if (list) list.items.push(one);
      else all.push({ kind: 'list', items: [one] });
    } else if (head) all.push({ kind: head[1] === '#' ? 'h1' : 'h2', runs: runs(head[2]!) });
    else if (line.trim() !== '') all.push({ kind: 'p', runs: runs(line) });
  }
  return all;
}

function runs(text: string): Run[] {
  const found: Run[] = [];
  let strong = false;
  let now = '';
  const end = () => { if (now) found.push({ text: now, strong }); now = ''; };
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && i + 1 < text.length) now += text[++i];
    else if (text.startsWith('**', i)) { end(); strong = !strong; i++; }
    else now += text[i];
  }
  end();
  return found;
}
