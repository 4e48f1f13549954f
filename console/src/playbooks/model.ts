import { isTree, type Json, type Path, type Tree } from './text';

/** The extension under which the platform keeps what CACAO has no word for. */
export const EXTENSION = 'extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960';
export const KINDS = ['action', 'playbook-action', 'if-condition', 'switch-condition', 'while-condition', 'parallel', 'end'] as const;
export type Kind = (typeof KINDS)[number] | 'start';
export const KIND_NAMES: Record<Kind, string> = { start: 'Start', end: 'End', action: 'Action', 'playbook-action': 'Playbook', parallel: 'Parallel', 'if-condition': 'If', 'while-condition': 'While', 'switch-condition': 'Switch' };

/** Where a step goes on: the path of the property within the step. */
export type Slot = readonly [string] | readonly [string, string | number];
export type Edge = { from: string; slot: Slot; label: string; to: string; /** Within the construct, and back to it at the end of the branch. */ branch: boolean };
/** Makes an id that nobody else has. */
export type Fresh = () => string;

export const steps = (t: Tree): [string, Tree][] => (isTree(t.workflow) ? Object.entries(t.workflow).filter((e): e is [string, Tree] => isTree(e[1])) : []);
export const step = (t: Tree, id: string): Tree | undefined => (isTree(t.workflow) && isTree(t.workflow[id]) ? t.workflow[id] : undefined);
export const text = (x: Json | undefined): string => (typeof x === 'string' ? x : '');
export const kindOf = (id: string, s: Tree): Kind => (text(s.type) in KIND_NAMES ? (s.type as Kind) : ((id.split('--')[0] ?? '') as Kind) in KIND_NAMES ? (id.split('--')[0] as Kind) : 'action');
export const nameOf = (id: string, s: Tree): string => text(s.name) || KIND_NAMES[kindOf(id, s)];
export const extension = (s: Tree): Tree => (isTree(s.step_extensions) && isTree(s.step_extensions[EXTENSION]) ? s.step_extensions[EXTENSION] : {});
export const list = (x: Json | undefined): Json[] => (Array.isArray(x) ? x : []);

const NEXT = ['on_completion', 'on_success', 'on_failure'];
const BRANCHES = ['on_true', 'on_false'];

/** Where a step leads, branches first. */
export function edgesOf(id: string, s: Tree): Edge[] {
  const one = (slot: Slot, label: string, to: Json | undefined, branch: boolean): Edge[] => (typeof to === 'string' && to !== '' ? [{ from: id, slot, label, to, branch }] : []);
  return [
    ...BRANCHES.flatMap((k) => one([k], k, s[k], true)),
    ...list(s.next_steps).flatMap((to, i) => one(['next_steps', i], `branch ${i + 1}`, to, true)),
    ...(isTree(s.cases) ? Object.entries(s.cases).flatMap(([k, to]) => one(['cases', k], k === 'default' ? 'default' : `case ${k}`, to, true)) : []),
    ...NEXT.flatMap((k) => one([k], k, s[k], false)),
  ];
}
export const edges = (t: Tree): Edge[] => steps(t).flatMap(([id, s]) => edgesOf(id, s));

/** The tree with another value at a place; `undefined` takes it away, and with it what is empty then. */
export function put(tree: Tree, path: Path, value: Json | undefined): Tree {
  return placed(tree, path, value) as Tree;
}
function placed(tree: Json, path: Path, value: Json | undefined): Json {
  const [head, ...rest] = path;
  if (head === undefined) return value ?? {};
  if (Array.isArray(tree)) {
    const copy = [...tree];
    const inner = rest.length === 0 ? value : placed(copy[Number(head)] ?? {}, rest, value);
    if (inner === undefined || (value === undefined && isEmpty(inner))) copy.splice(Number(head), 1);
    else copy[Number(head)] = inner;
    return copy;
  }
  const from: Tree = isTree(tree) ? tree : {};
  const inner = rest.length === 0 ? value : placed(from[head] ?? (typeof rest[0] === 'number' ? [] : {}), rest, value);
  // CACAO knows no empty lists and maps: what is empty is left out.
  if (inner === undefined || (value === undefined && isEmpty(inner))) {
    const { [head]: _, ...kept } = from;
    return kept;
  }
  return { ...from, [head]: inner };
}
const isEmpty = (x: Json) => typeof x === 'object' && x !== null && Object.keys(x).length === 0;
export const putStep = (t: Tree, id: string, path: Path, value: Json | undefined): Tree => put(t, ['workflow', id, ...path], value);
export const connect = (t: Tree, from: string, slot: Slot, to: string | undefined): Tree => putStep(t, from, slot, to);

/** Where one goes on when all went well. */
export function nextSlot(s: Tree): Slot {
  return typeof s.on_success === 'string' || (typeof s.on_failure === 'string' && typeof s.on_completion !== 'string') ? ['on_success'] : ['on_completion'];
}
const next = (s: Tree): string | undefined => text(s.on_completion) || text(s.on_success) || undefined;

export type Insert = { kind: Kind; name?: string; /** An action of the catalogue; without one it is a task for a person. */ action?: string; says?: string; playbook?: string };
export type Edited = { tree: Tree; select: string; said: string };

/** Puts a new step behind one, or before an end, or at one place of a step, and connects it. */
export function insert(t: Tree, at: string, what: Insert, fresh: Fresh, slot?: Slot): Edited {
  const s = step(t, at);
  const id = `${what.kind}--${fresh()}`;
  const { made, more } = make(t, what, fresh);
  let tree = t;
  const extra = (o: Tree) => { for (const [k, v] of Object.entries(more)) o = put(o, k.split('/'), v); return o; };
  const where = s ? nameOf(at, s) : '';
  if (s && kindOf(at, s) === 'end' && !slot) {
    if (what.kind === 'end') return { tree: t, select: at, said: 'A branch has one end: this one' };
    tree = extra(add(tree, at, id, { ...made, on_completion: at }, true));
    for (const e of edges(t).filter((x) => x.to === at)) tree = connect(tree, e.from, e.slot, id);
    if (t.workflow_start === at) tree = put(tree, ['workflow_start'], id);
    return { tree, select: id, said: `${nameOf(id, made)} is before ${where}` };
  }
  const place = slot ?? (s ? nextSlot(s) : undefined);
  // What is done when it fails leads to where it goes on when it succeeds.
  if (s && place?.[0] === 'on_failure' && !text(s.on_failure)) tree = failing(tree, at, text(s.on_success) || text(s.on_completion) || undefined);
  const now = step(tree, at);
  const old = now && place ? (edgesOf(at, now).find((e) => e.slot.join('/') === place.join('/'))?.to) : undefined;
  if (what.kind === 'end' && old) return { tree: t, select: at, said: `${where} goes on to another step: an end would cut that off` };
  tree = extra(add(tree, at, id, what.kind === 'end' || !old ? made : { ...made, on_completion: old }));
  if (s && place) tree = connect(tree, at, place, id);
  return { tree, select: id, said: `${nameOf(id, made)} is behind ${where}${slot ? ` at ${slot.join(' ')}` : ''}` };
}

/** With a way for failures, success has a way of its own. */
export function failing(t: Tree, id: string, to: string | undefined): Tree {
  const s = step(t, id);
  if (!s) return t;
  const ok = text(s.on_success) || text(s.on_completion) || undefined;
  const bare = putStep(putStep(putStep(t, id, ['on_completion'], undefined), id, ['on_success'], undefined), id, ['on_failure'], undefined);
  return to ? putStep(putStep(bare, id, ['on_success'], ok), id, ['on_failure'], to) : putStep(bare, id, ['on_completion'], ok);
}

/** New steps stand beside the one that they belong to. */
function add(t: Tree, beside: string, id: string, s: Tree, before = false): Tree {
  const flow: Tree = {};
  const old = isTree(t.workflow) ? t.workflow : {};
  for (const [k, v] of Object.entries(old)) {
    if (before && k === beside) flow[id] = s;
    flow[k] = v;
    if (!before && k === beside) flow[id] = s;
  }
  flow[id] ??= s;
  return { ...t, workflow: flow };
}

function make(t: Tree, what: Insert, fresh: Fresh): { made: Tree; more: Record<string, Json> } {
  const more: Record<string, Json> = {};
  const name = what.name ?? KIND_NAMES[what.kind];
  const end = (branch: string): string => {
    const e = `end--${fresh()}`;
    more[`workflow/${e}`] = { type: 'end', name: `${name}: end of ${branch}` };
    return e;
  };
  const own: Tree = { type: what.kind, name };
  switch (what.kind) {
    case 'action': {
      own.commands = [{ type: 'manual', command: what.says ?? name }];
      own.agent = agentOf(t) ?? newAgent(fresh, more);
      if (what.action) {
        own.step_extensions = { [EXTENSION]: { action: what.action } };
        if (!isTree(t.extension_definitions) || !(EXTENSION in t.extension_definitions)) more[`extension_definitions/${EXTENSION}`] = definition(t, fresh);
      }
      break;
    }
    case 'playbook-action': own.playbook_id = what.playbook ?? ''; break;
    case 'if-condition': Object.assign(own, { condition: '', on_true: end('yes') }); break;
    case 'while-condition': Object.assign(own, { condition: '', on_true: end('the round') }); break;
    case 'switch-condition': Object.assign(own, { switch: '', cases: { default: end('default') } }); break;
    case 'parallel': own.next_steps = [end('branch 1'), end('branch 2')]; break;
    case 'start': case 'end': break;
  }
  return { made: own, more };
}
const agentOf = (t: Tree): string | undefined => steps(t).map(([, s]) => text(s.agent)).find(Boolean) ?? (isTree(t.agent_definitions) ? Object.keys(t.agent_definitions)[0] : undefined);
function newAgent(fresh: Fresh, more: Record<string, Json>): string {
  const id = `group--${fresh()}`;
  more[`agent_definitions/${id}`] = { type: 'group', name: 'Security operations' };
  return id;
}
const definition = (t: Tree, fresh: Fresh): Tree => ({ type: 'extension-definition', name: 'Marsad: actions and triggers', description: 'The action of the catalogue that carries out a step, and what starts a playbook.', created_by: text(t.created_by) || `identity--${fresh()}`, schema: 'urn:marsad:playbook-extension:1', version: '1.0.0' });

/** Everything that can be got to from the beginning, and from where failures go. */
export function reached(t: Tree): Set<string> {
  const seen = new Set<string>();
  const todo = [text(t.workflow_start), text(t.workflow_exception)].filter(Boolean);
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    const s = step(t, id);
    if (!s || seen.has(id)) continue;
    seen.add(id);
    todo.push(...edgesOf(id, s).map((e) => e.to));
  }
  return seen;
}

/** Where control comes back to: from the ends of a construct's branches to what follows it; a loop's to the loop. */
export function returns(t: Tree): { from: string; to: string; loop: boolean }[] {
  return steps(t).flatMap(([id, s]) => {
    const heads = edgesOf(id, s).filter((e) => e.branch).map((e) => e.to);
    const loop = kindOf(id, s) === 'while-condition';
    const to = loop ? id : next(s);
    if (heads.length === 0 || !to) return [];
    const seen = new Set<string>([id]);
    const ends: string[] = [];
    for (let at = heads.pop(); at !== undefined; at = heads.pop()) {
      const one = step(t, at);
      if (!one || seen.has(at)) continue;
      seen.add(at);
      if (kindOf(at, one) === 'end') ends.push(at);
      // Constructs within come back by themselves: only what follows them belongs to this branch.
      heads.push(...edgesOf(at, one).filter((e) => !e.branch).map((e) => e.to));
    }
    return ends.map((from) => ({ from, to, loop }));
  });
}

/** Takes a step out: what led to it goes on where it went, and what only it led to goes with it. */
export function remove(t: Tree, id: string): Edited {
  const s = step(t, id);
  if (!s) return { tree: t, select: id, said: 'There is no such step' };
  if (t.workflow_start === id) return { tree: t, select: id, said: 'A playbook needs its start' };
  const on = next(s);
  const before = reached(t);
  const from = edges(t).filter((e) => e.to === id && e.from !== id);
  let tree = t;
  // From the back: taking away one of several branches moves those behind it.
  for (const e of [...from].reverse()) tree = connect(tree, e.from, e.slot, on);
  if (t.workflow_exception === id) tree = put(tree, ['workflow_exception'], on);
  tree = put(tree, ['workflow', id], undefined);
  const after = reached(tree);
  const gone = [...before].filter((x) => x !== id && !after.has(x));
  for (const g of gone) tree = put(tree, ['workflow', g], undefined);
  const select = from[0]?.from ?? on ?? text(t.workflow_start);
  return { tree, select: step(tree, select) ? select : text(tree.workflow_start), said: `${nameOf(id, s)} is gone${gone.length ? `, and ${gone.length} step${gone.length > 1 ? 's' : ''} that only it led to` : ''}` };
}

/** One more way out of a construct, with an end of its own. */
export function addBranch(t: Tree, id: string, label: string, fresh: Fresh): Tree {
  const s = step(t, id);
  if (!s) return t;
  const slot: Slot = kindOf(id, s) === 'parallel' ? ['next_steps', list(s.next_steps).length] : kindOf(id, s) === 'switch-condition' ? ['cases', label] : [label];
  const end = `end--${fresh()}`;
  return connect(add(t, id, end, { type: 'end', name: `${nameOf(id, s)}: end of ${slot[0] === 'next_steps' ? `branch ${Number(slot[1]) + 1}` : label}` }), id, slot, end);
}

/** Takes one way out of a construct away, with the steps that only it led to. */
export function removeBranch(t: Tree, id: string, slot: Slot): Tree {
  const before = reached(t);
  let tree = connect(t, id, slot, undefined);
  const after = reached(tree);
  for (const g of before) if (!after.has(g)) tree = put(tree, ['workflow', g], undefined);
  return tree;
}

const REFERENCE = /__[a-zA-Z_][a-zA-Z0-9_-]{0,199}?__(?=:value)/g;
/** The names of the variables that a value reads. */
export function reads(x: Json | undefined): string[] {
  if (typeof x === 'string') return [...new Set(x.match(REFERENCE) ?? [])];
  if (typeof x !== 'object' || x === null) return [];
  return [...new Set(Object.values(x).flatMap(reads))];
}

/** What a step reads and writes, kept in step with what it says. */
export function args(t: Tree, id: string, edit: (s: Tree) => Tree): Tree {
  const s = step(t, id);
  if (!s) return t;
  const said = (x: Tree) => ({ in: [...new Set([...reads(x.commands), ...reads(extension(x).with)])], out: isTree(extension(x).outputs) ? [...new Set(Object.values(extension(x).outputs as Tree).map(text).filter(Boolean))] : [] });
  const was = said(s);
  let to = edit(s);
  const now = said(to);
  const merged = (old: Json | undefined, gone: string[], come: string[]) => {
    const kept = list(old).map(text).filter((x) => x && (!gone.includes(x) || come.includes(x)));
    return [...kept, ...come.filter((x) => !kept.includes(x))];
  };
  for (const [key, gone, come] of [['in_args', was.in, now.in], ['out_args', was.out, now.out]] as const) {
    const all = merged(to[key], [...gone], [...come]);
    if (all.join() !== list(to[key]).join()) to = put(to, [key], all.length ? all : undefined);
  }
  return put(t, ['workflow', id], to);
}

/** Says in words what the action does, for people and other engines. */
export const manual = (title: string, given: Tree): string => `${title}${Object.keys(given).length ? `. ${Object.entries(given).map(([k, v]) => `${k}: ${typeof v === 'string' ? v : JSON.stringify(v)}`).join('; ')}.` : ''}`;

/** One parameter of a step's action; its words for people follow when nobody has written others. */
export function setParameter(t: Tree, id: string, title: string, name: string, value: Json | undefined): Tree {
  return args(t, id, (s) => {
    const before = isTree(extension(s).with) ? (extension(s).with as Tree) : {};
    const to = put(s, ['step_extensions', EXTENSION, 'with', name], value);
    const after = isTree(extension(to).with) ? (extension(to).with as Tree) : {};
    const command = list(s.commands)[0];
    return isTree(command) && [manual(title, before), title, nameOf(id, s)].includes(text(command.command)) ? put(to, ['commands', 0, 'command'], manual(title, after)) : to;
  });
}
export const setOutput = (t: Tree, id: string, name: string, variable: string | undefined): Tree => args(t, id, (s) => put(s, ['step_extensions', EXTENSION, 'outputs', name], variable || undefined));

/** A variable by another name, wherever it is spoken of. */
export function renameVariable(t: Tree, from: string, to: string): Tree {
  const has = isTree(t.playbook_variables) ? t.playbook_variables : {};
  if (from === to || !(from in has) || to in has) return t;
  const walk = (x: Json): Json => {
    if (typeof x === 'string') return x === from ? to : x.replaceAll(`${from}:value`, `${to}:value`);
    if (Array.isArray(x)) return x.map(walk);
    if (!isTree(x)) return x;
    return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, walk(v)]));
  };
  return { ...t, playbook_variables: Object.fromEntries(Object.entries(has).map(([k, v]) => [k === from ? to : k, v])), ...(t.workflow === undefined ? {} : { workflow: walk(t.workflow) }) };
}
export const VARIABLE = /^__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__$/;
export const TYPES = ['string', 'bool', 'integer', 'float', 'ipv4-addr', 'ipv6-addr', 'uri', 'uuid', 'hash', 'md5-hash', 'sha256-hash', 'mac-addr', 'hexstring', 'long', 'list', 'dictionary'];

export const triggers = (t: Tree): Tree[] => (isTree(t.playbook_extensions) && isTree(t.playbook_extensions[EXTENSION]) ? list((t.playbook_extensions[EXTENSION] as Tree).triggers).filter(isTree) : []);
export function putTriggers(t: Tree, all: Tree[], fresh: Fresh): Tree {
  const tree = put(t, ['playbook_extensions', EXTENSION, 'triggers'], all.length ? all : undefined);
  return all.length && !(isTree(t.extension_definitions) && EXTENSION in t.extension_definitions) ? put(tree, ['extension_definitions', EXTENSION], definition(t, fresh)) : tree;
}

/** A playbook that only begins and ends. */
export function blank(name: string, fresh: Fresh, now: string): Tree {
  const [start, end, who] = [`start--${fresh()}`, `end--${fresh()}`, `identity--${fresh()}`];
  const t: Tree = {
    type: 'playbook', spec_version: 'cacao-2.0', id: `playbook--${fresh()}`, name, created_by: who, created: now, modified: now,
    playbook_variables: {
      __alert_id__: { type: 'uuid', description: 'The alert that started the run.', external: true },
      __title__: { type: 'string', description: 'Title of the alert.', external: true },
      __host__: { type: 'string', description: 'The host that it is about.', external: true },
      __user__: { type: 'string', description: 'The user that it is about.', external: true },
      __source_ip__: { type: 'ipv4-addr', description: 'Where it came from.', external: true },
    },
    workflow_start: start,
    workflow: { [start]: { type: 'start', name: 'Start', on_completion: end }, [end]: { type: 'end', name: 'Done' } },
    agent_definitions: { [`group--${fresh()}`]: { type: 'group', name: 'Security operations' } },
  };
  return putTriggers(t, [{ on: 'manual' }], fresh);
}

/** A step that a person carries out. */
export const isTask = (s: Tree): boolean => !text(extension(s).action) && list(s.commands).every((c) => isTree(c) && c.type === 'manual');
