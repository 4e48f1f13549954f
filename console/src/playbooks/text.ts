import { Document, LineCounter, Scalar, isAlias, isCollection, isMap, isNode, isScalar, isSeq, parseDocument, visit, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

export type Json = null | boolean | number | string | Json[] | Tree;
export type Tree = { [key: string]: Json };
export type Path = readonly (string | number)[];
/** A text that can be read has a tree; else it says where it cannot. */
export type Reading = { tree: Tree; lines: (path: Path) => number | undefined; stepAt: (line: number) => string | undefined } | { line: number; problem: string };

export const isTree = (x: Json | undefined): x is Tree => typeof x === 'object' && x !== null && !Array.isArray(x);
const STYLE = { lineWidth: 0, flowCollectionPadding: false } as const;

function parsed(text: string) {
  const counter = new LineCounter();
  const doc = parseDocument(text, { lineCounter: counter, prettyErrors: false, version: '1.2', keepSourceTokens: false });
  const line = (offset: number) => counter.linePos(offset).line;
  let wrong = doc.errors[0] ? { line: line(doc.errors[0].pos[0]), problem: doc.errors[0].message } : undefined;
  visit(doc, {
    Node(_, node) {
      if (isAlias(node) || ('anchor' in node && node.anchor)) wrong ??= { line: line(node.range?.[0] ?? 0), problem: 'Anchors and aliases are not used in playbooks: write it out' };
    },
  });
  if (!wrong && !isMap(doc.contents)) wrong = { line: 1, problem: text.trim() === '' ? 'There is no text yet' : 'A playbook begins with names and values, such as type: playbook' };
  return { doc, line, wrong };
}

/** Reads YAML, or JSON, which is YAML too. */
export function read(text: string): Reading {
  const { doc, line, wrong } = parsed(text);
  if (wrong) return wrong;
  const steps = (): [string, number, number][] => {
    const flow = isMap(doc.contents) ? valueOf(doc.contents, 'workflow') : undefined;
    if (!isMap(flow)) return [];
    return flow.items.map((p) => [keyOf(p), line((p.key as Node).range?.[0] ?? 0), line(Math.max(0, ((p.value as Node | null)?.range?.[1] ?? (p.key as Node).range?.[1] ?? 1) - 1))]);
  };
  return {
    tree: doc.toJS() as Tree,
    lines: (path) => {
      let at: unknown = doc.contents;
      let found: number | undefined;
      for (const part of path) {
        if (isMap(at)) {
          const pair = pairOf(at, String(part));
          if (!pair) break;
          found = line((pair.key as Node).range?.[0] ?? 0);
          at = pair.value;
        } else if (isSeq(at)) {
          at = at.items[Number(part)];
          if (!isNode(at)) break;
          found = line(at.range?.[0] ?? 0);
        } else break;
      }
      return found;
    },
    stepAt: (n) => steps().find(([, from, to]) => n >= from && n <= to)?.[0],
  };
}

const keyOf = (p: Pair) => String(isScalar(p.key) ? p.key.value : p.key);
const pairOf = (map: YAMLMap, key: string) => map.items.find((p) => keyOf(p) === key);
const valueOf = (map: YAMLMap, key: string) => pairOf(map, key)?.value;

/** The text with what differs between two trees; all else stays: comments, the order of keys, what nobody here knows. Long lines are laid out anew. */
export function patch(text: string, before: Tree, after: Tree): string {
  if (same(before, after)) return text;
  const { doc } = parsed(text);
  change(doc, doc.contents as YAMLMap, before, after);
  return doc.toString({ ...STYLE, indentSeq: !/^( *)[^\s#-].*:[ ]*\n\1- /m.test(text) });
}

/** JSON as the YAML that says the same, in the same order. */
export function asYaml(text: string): string {
  const { doc, wrong } = parsed(text);
  if (wrong || !text.trimStart().startsWith('{')) return text;
  visit(doc, {
    Node(_, node) {
      if (isCollection(node)) node.flow = node.items.length === 0;
      if (isScalar(node)) node.type = typeof node.value === 'string' && node.value.includes('\n') ? Scalar.BLOCK_LITERAL : undefined;
    },
  });
  return doc.toString({ ...STYLE, indentSeq: false });
}

export const write = (tree: Tree): string => new Document(tree, { aliasDuplicateObjects: false }).toString({ ...STYLE, indentSeq: false });

export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x, b[i]));
  if (!isTree(a) || !isTree(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => k in b && same(a[k], b[k]));
}

function change(doc: Document, map: YAMLMap, before: Tree, after: Tree) {
  map.items = map.items.filter((p) => keyOf(p) in after || !(keyOf(p) in before));
  let last = -1;
  for (const key of Object.keys(after)) {
    const at = map.items.findIndex((p) => keyOf(p) === key);
    if (at < 0) map.items.splice(++last, 0, doc.createPair(key, after[key]));
    else {
      last = at;
      if (!same(before[key], after[key])) map.items[at]!.value = changed(doc, map.items[at]!.value as Node | null, before[key], after[key]!);
    }
  }
  if (map.items.length === 0) map.flow = true;
  else if (map.flow && !map.range) map.flow = false;
}

function changed(doc: Document, node: Node | null, before: Json | undefined, after: Json): Node {
  if (isMap(node) && isTree(before) && isTree(after)) {
    change(doc, node, before, after);
    return node;
  }
  if (isSeq(node) && Array.isArray(before) && Array.isArray(after)) {
    items(doc, node, before, after);
    return node;
  }
  const fresh = doc.createNode(after) as Node;
  if (node && isScalar(node) && isScalar(fresh)) Object.assign(fresh, { comment: node.comment, commentBefore: node.commentBefore, spaceBefore: node.spaceBefore });
  return fresh;
}

/** Items that stay at the beginning and at the end keep their text. */
function items(doc: Document, seq: YAMLSeq, before: Json[], after: Json[]) {
  let head = 0;
  while (head < before.length && head < after.length && same(before[head], after[head])) head++;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && same(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const old = before.length - head - tail;
  const fresh = after.slice(head, after.length - tail);
  const nodes = fresh.map((x, i) => (fresh.length === old ? changed(doc, seq.items[head + i] as Node | null, before[head + i], x) : (doc.createNode(x) as Node)));
  seq.items.splice(head, old, ...nodes);
}

