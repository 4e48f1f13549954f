import { describe, expect, it } from 'vitest';
import { CAP, begun, edited, redone, undone } from './history';
import { layout, neighbour } from './layout';
import { EXTENSION, addBranch, blank, connect, edges, insert, kindOf, manual, put, putStep, putTriggers, reached, reads, remove, removeBranch, renameVariable, setOutput, setParameter, step, steps, triggers, type Kind } from './model';
import { asYaml, isTree, patch, read, same, write, type Json, type Tree } from './text';

const shipped = Object.entries(import.meta.glob<string>('../../../content/playbooks/*.yaml', { query: '?raw', import: 'default', eager: true })).filter(([f]) => !f.endsWith('.test.yaml')).map(([, text]) => text);
const tree = (text: string): Tree => { const r = read(text); if (!('tree' in r)) throw new Error(`${r.line}: ${r.problem}`); return r.tree; };
const counted = () => { let n = 0; return () => `00000000-0000-4000-8000-${String(++n).padStart(12, '0')}`; };

const SEED = Number(import.meta.env.VITE_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`VITE_SEED=${SEED}`);
function random(seed: number) {
  let a = seed | 0;
  const next = () => { a = (a + 0x6d2b79f5) | 0; let t = Math.imul(a ^ (a >>> 15), 1 | a); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) / 4294967296; };
  return { below: (n: number) => Math.floor(next() * n), pick: <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)]! };
}
const ODD = ['plain', 'no', 'yes', 'null', '0', '1e3', '2026-11-22T09:00:00.000Z', 'a: b', '# not a comment', "it's", '"quoted"', ' leading', 'trailing ', 'two\nlines', 'tab\tinside', '- item', '{a}', '[b]', '*star', '&and', '!bang', '%per', '@at', '`tick', '?', ':', 'ünïcode 東京', '', '~', '0x1f', '1_000', '.5', 'on', '<<', '---', '...', 'ends:', 'a #b', '__user__:value'];

type Rnd = ReturnType<typeof random>;
/** One edit as the canvas or a form makes it. */
function anyEdit(t: Tree, r: Rnd, fresh: () => string): Tree {
  const [id, s] = r.pick(steps(t));
  const line = r.pick(edges(t));
  switch (r.below(11)) {
    case 0: return insert(t, id, { kind: r.pick<Kind>(['action', 'playbook-action', 'if-condition', 'switch-condition', 'while-condition', 'parallel', 'end']), name: r.pick(ODD), action: r.pick([undefined, 'block_ip']) }, fresh).tree;
    case 1: return remove(t, id).tree;
    case 2: return putStep(t, id, ['name'], r.pick(ODD));
    case 3: return setParameter(t, id, 'Look up', r.pick(['ip', 'reason']), r.pick<Json | undefined>([undefined, r.pick(ODD), 7, true, '__source_ip__:value']));
    case 4: return setOutput(t, id, 'rule', r.pick([undefined, '__rule__']));
    case 5: return put(t, ['playbook_variables', `__v${r.below(5)}__`], { type: 'string', value: r.pick(ODD) });
    case 6: return putTriggers(t, [{ on: 'alert', when: r.pick(ODD) }, ...triggers(t)].slice(0, r.below(4)), fresh);
    case 7: return !line ? t : connect(t, line.from, line.slot, r.pick(steps(t))[0]);
    case 8: return kindOf(id, s) === 'switch-condition' ? addBranch(t, id, r.pick(['7', '10', 'critical', 'a b']), fresh) : kindOf(id, s) === 'parallel' ? addBranch(t, id, '', fresh) : t;
    case 9: return renameVariable(t, r.pick(Object.keys(isTree(t.playbook_variables) ? t.playbook_variables : {})) ?? '', `__r${r.below(9)}__`);
    default: return line?.branch && line.slot.length === 2 && kindOf(line.from, step(t, line.from)!) !== 'while-condition' ? removeBranch(t, line.from, line.slot) : putStep(t, id, ['step_extensions', EXTENSION, 'retry'], { max: r.below(9), backoff: 1000 });
  }
}

describe('text and tree', () => {
  it('reads every shipped playbook, and writes nothing when nothing is changed', () => {
    expect(shipped.length).toBeGreaterThan(20);
    for (const text of shipped) {
      const t = tree(text);
      expect(patch(text, t, structuredClone(t))).toBe(text);
      // Its order too, which a tree that is written from JSON has.
      expect(JSON.stringify(tree(asYaml(JSON.stringify(t))))).toBe(JSON.stringify(t));
    }
  });
  it('after any edits by canvas the text says exactly what the tree says, in its order', () => {
    for (let round = 0; round < 4; round++) {
      const r = random(SEED + round);
      const fresh = counted();
      let text = round === 0 ? write(blank('Mine', fresh, '2026-11-22T00:00:00.000Z')) : r.pick(shipped);
      let t = tree(text);
      for (let i = 0; i < 8; i++) {
        const to = anyEdit(t, r, fresh);
        text = patch(text, t, to);
        const got = read(text);
        expect(got, `SEED=${SEED} round ${round} edit ${i}\n${text}`).toHaveProperty('tree');
        expect(same((got as { tree: Tree }).tree, to), `SEED=${SEED} round ${round} edit ${i}`).toBe(true);
        t = to;
      }
    }
  }, 60_000);
  it('undo after any edits gives the first text, redo the last', () => {
    for (let round = 0; round < 2; round++) {
      const r = random(SEED ^ (round + 77));
      const fresh = counted();
      const first = r.pick(shipped);
      let h = begun(first);
      for (let i = 0; i < 12; i++) {
        const t = tree(h.text);
        h = edited(h, patch(h.text, t, anyEdit(t, r, fresh)), r.pick(['', 'name', 'text']), i * r.below(1000));
      }
      const last = h.text;
      while (h.past.length > 0) h = undone(h);
      expect(h.text, `SEED=${SEED}`).toBe(first);
      while (h.future.length > 0) h = redone(h);
      expect(h.text, `SEED=${SEED}`).toBe(last);
    }
  }, 60_000);
  it('every edit keeps what is not known, its order and the comments', () => {
    for (let round = 0; round < 2; round++) {
      const r = random(SEED + 1000 + round);
      const fresh = counted();
      let text = r.pick(shipped).replace('workflow_start:', '# why it begins so\nx_unknown: {z: [1, {b: null, a: 1.50}], 10: ten, 9: nine}  # stays\nworkflow_start:').replace(/^(agent_definitions:)$/m, 'x_last: 0x1F\n$1');
      const top = () => [...text.matchAll(/^([a-z_]+):/gm)].map((m) => m[1]);
      let order = top();
      let t = tree(text);
      for (let i = 0; i < 10; i++) {
        const to = anyEdit(t, r, fresh);
        text = patch(text, t, to);
        t = to;
        expect(text, `SEED=${SEED}`).toContain('# why it begins so\nx_unknown: {z: [1, {b: null, a: 1.50}], 10: ten, 9: nine} # stays'.replace(/ # stays$/, ''));
        expect(text).toContain('# stays');
        expect(text).toMatch(/x_last: 0x1f$/im);
        // What an edit took away may come back elsewhere.
        order = order.filter((k) => top().includes(k));
        expect(top().filter((k) => order.includes(k)), `SEED=${SEED}`).toEqual(order);
      }
    }
  }, 60_000);
  it('an edit changes the lines that it is about', () => {
    const text = 'type: playbook\nname: One   # mine\n\n# the steps\nworkflow:\n  start--1: {type: start, on_completion: end--2}\n  end--2:\n    type: end  # here it ends\n    name: Done\n';
    const t = tree(text);
    expect(patch(text, t, putStep(t, 'end--2', ['name'], 'no'))).toBe(text.replace('name: Done', 'name: "no"').replace('   # mine', ' # mine').replace('  # here', ' # here').replace('"no"', 'no'));
    expect(patch(text, t, remove(t, 'end--2').tree)).toBe('type: playbook\nname: One # mine\n\n# the steps\nworkflow:\n  start--1: {type: start}\n');
  });
  it('says where a text cannot be read', () => {
    expect(read('a: 1\nb: [')).toMatchObject({ line: 2 });
    expect(read('a: &x 1\nb: *x')).toMatchObject({ line: 1, problem: expect.stringContaining('Anchors') });
    expect(read('')).toMatchObject({ problem: 'There is no text yet' });
    expect(read('a: 1\na: 2')).toMatchObject({ line: 2 });
  });
  it('knows the line of a step and the step of a line', () => {
    const r = read(shipped[0]!);
    if (!('tree' in r)) throw new Error();
    for (const [id] of steps(r.tree)) expect(r.stepAt(r.lines(['workflow', id])!)).toBe(id);
  });
});

describe('edits', () => {
  const fresh = counted();
  const mine = blank('Mine', fresh, '2026-11-22T00:00:00.000Z');
  const [start, end] = steps(mine).map(([id]) => id) as [string, string];
  it('puts steps behind one another, and before an end', () => {
    const a = insert(mine, start, { kind: 'action', name: 'Look up', action: 'look_up' }, fresh);
    const b = insert(a.tree, a.select, { kind: 'if-condition', name: 'Bad?' }, fresh);
    const inner = edges(b.tree).find((e) => e.slot[0] === 'on_true')!.to;
    const c = insert(b.tree, inner, { kind: 'action', name: 'Block', action: 'block_ip' }, fresh);
    const way = (from: string) => edges(c.tree).filter((e) => e.from === from).map((e) => [e.slot[0], e.to]);
    expect(way(start)).toEqual([['on_completion', a.select]]);
    expect(way(a.select)).toEqual([['on_completion', b.select]]);
    expect(way(b.select)).toEqual([['on_true', c.select], ['on_completion', end]]);
    expect(way(c.select)).toEqual([['on_completion', inner]]);
    expect(reached(c.tree).size).toBe(steps(c.tree).length);
    expect(isTree(c.tree.extension_definitions)).toBe(true);
  });
  it('what is done when a step fails leads to where it goes on when it succeeds', () => {
    const a = insert(mine, start, { kind: 'action', name: 'Isolate', action: 'isolate_host' }, fresh);
    const b = insert(a.tree, a.select, { kind: 'action', name: 'By hand' }, fresh, ['on_failure']);
    expect(step(b.tree, a.select)).toMatchObject({ on_success: end, on_failure: b.select });
    expect(step(b.tree, a.select)).not.toHaveProperty('on_completion');
    expect(step(b.tree, b.select)).toMatchObject({ on_completion: end });
    const c = insert(b.tree, a.select, { kind: 'action', name: 'Tell them' }, fresh, ['on_failure']);
    expect(step(c.tree, a.select)).toMatchObject({ on_success: end, on_failure: c.select });
    expect(step(c.tree, c.select)).toMatchObject({ on_completion: b.select });
  });
  it('does not cut off what follows', () => {
    expect(insert(mine, start, { kind: 'end' }, fresh).tree).toBe(mine);
    expect(remove(mine, start).tree).toBe(mine);
  });
  it('takes a step out of any shipped playbook so that nothing leads nowhere', () => {
    for (const text of shipped) {
      const t = tree(text);
      for (const [id, s] of steps(t)) {
        if (kindOf(id, s) === 'end' || kindOf(id, s) === 'start') continue;
        const after = remove(t, id).tree;
        const known = new Set(steps(after).map(([x]) => x));
        expect(edges(after).filter((e) => !known.has(e.to))).toEqual([]);
        expect(reached(after).size).toBe(known.size);
      }
    }
  });
  it('keeps what is read and written with what is said', () => {
    const a = insert(mine, start, { kind: 'action', name: 'Block an address', action: 'block_ip', says: 'Block an address' }, fresh);
    const b = setOutput(setParameter(a.tree, a.select, 'Block an address', 'ip', '__source_ip__:value'), a.select, 'rule', '__rule__');
    expect(step(b, a.select)).toMatchObject({ in_args: ['__source_ip__'], out_args: ['__rule__'], commands: [{ command: manual('Block an address', { ip: '__source_ip__:value' }) }] });
    const c = setOutput(setParameter(b, a.select, 'Block an address', 'ip', undefined), a.select, 'rule', undefined);
    expect(step(c, a.select)).not.toHaveProperty('in_args');
    expect(step(c, a.select)).not.toHaveProperty('out_args');
    expect(same(c, a.tree)).toBe(true);
    const own = setParameter(putStep(a.tree, a.select, ['commands', 0, 'command'], 'Ring the network people'), a.select, 'Block an address', 'ip', '10.0.0.1');
    expect(step(own, a.select)).toMatchObject({ commands: [{ command: 'Ring the network people' }] });
  });
  it('a variable has its new name everywhere', () => {
    const t = tree(shipped.find((x) => x.includes('name: Secure an account'))!);
    const r = renameVariable(t, '__user__', '__account__');
    expect(reads(r.workflow)).toContain('__account__');
    expect(JSON.stringify(r)).not.toContain('__user__');
    expect(JSON.stringify(renameVariable(r, '__account__', '__user__'))).toBe(JSON.stringify(t));
    expect(renameVariable(t, '__user__', '__title__')).toBe(t);
  });
  it('typing on is one edit; the oldest are forgotten', () => {
    let h = begun('a');
    h = edited(edited(h, 'ab', 'name', 0), 'abc', 'name', 1000);
    expect(undone(h).text).toBe('a');
    h = edited(h, 'abcd', 'name', 9000);
    expect(undone(h).text).toBe('abc');
    for (let i = 0; i < CAP + 5; i++) h = edited(h, String(i), '', i);
    expect(h.past.length).toBe(CAP);
    expect(redone(undone(h)).text).toBe(h.text);
  });
});

describe('layout', () => {
  it('places every step of every shipped playbook; arrow keys come to each', () => {
    for (const text of shipped) {
      const t = tree(text);
      const l = layout(t);
      const boxes = [...l.places.values()];
      expect(boxes.length).toBe(steps(t).length);
      expect(boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height).map((b) => [a, b]))).toEqual([]);
      const seen = new Set([String(t.workflow_start)]);
      const todo = [...seen];
      for (let id = todo.pop(); id; id = todo.pop()) for (const d of ['up', 'down', 'left', 'right'] as const) { const n = neighbour(l, id, d); if (n && !seen.has(n)) { seen.add(n); todo.push(n); } }
      expect([...l.places.keys()].filter((id) => !seen.has(id)).map((id) => [t.name, id])).toEqual([]);
    }
  });
});
