import { createContext, useContext, useEffect, useMemo, useRef } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import { Background, Controls, Handle, MarkerType, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Edge as Line, type Node, type NodeProps } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { KIND_NAMES, edgesOf, extension, isTask, kindOf, nameOf, step, text, type Edge, type Kind } from './model';
import type { Layout } from './layout';
import type { CatalogueAction, Finding } from './playbooks';
import type { Tree } from './text';

/** What a dry run, or a run, says of a step. */
export type Mark = { tone: 'done' | 'failed' | 'waits' | 'missing'; says: string };
type Shown = { id: string; kind: Kind; name: string; sub: string; /** What is read out besides. */ more: string; bad: 'error' | 'warning' | undefined; mark: Mark | undefined; off: boolean };
type StepNode = Node<Shown>;
const Selecting = createContext<{ selected: string | undefined; select: (id: string) => void; open: (id: string) => void }>({ selected: undefined, select: () => {}, open: () => {} });

const GLYPH: Record<Kind, string> = { start: '▶', end: '■', action: '⚡', 'playbook-action': '▣', parallel: '⇉', 'if-condition': '?', 'while-condition': '↻', 'switch-condition': '⋔' };

function One({ data }: NodeProps<StepNode>) {
  const { selected, select, open } = useContext(Selecting);
  const chosen = selected === data.id;
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <button type="button" className="pb-node nodrag" data-step={data.id} data-kind={data.kind} data-bad={data.bad} data-mark={data.mark?.tone} data-off={data.off || undefined} aria-pressed={chosen} tabIndex={chosen ? 0 : -1}
        onClick={(e) => (e.detail === 0 ? open(data.id) : select(data.id))} onDoubleClick={() => open(data.id)}>
        <span className="pb-glyph" aria-hidden="true">{GLYPH[data.kind]}</span>
        <span className="pb-in"><span className="pb-name">{data.name}</span>{data.sub ? <span className="pb-sub">{data.sub}</span> : null}</span>
        {data.more ? <span className="vh">. {data.more}</span> : null}
        {data.bad ? <span className={`pb-flag ${data.bad}`} aria-hidden="true">!</span> : null}
        {data.mark ? <span className="pb-seal" data-mark={data.mark.tone} aria-hidden="true">{{ done: '✓', failed: '✗', waits: '‖', missing: '∅' }[data.mark.tone]}</span> : null}
      </button>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
}
const TYPES = { step: One };

type Props = { tree: Tree; places: Layout; selected: string | undefined; select: (id: string) => void; open: (id: string) => void; actions: readonly CatalogueAction[]; findings: ReadonlyMap<string, Finding[]>; reached: ReadonlySet<string>; marks?: ReadonlyMap<string, Mark>; stale: boolean };

/** The steps and where they lead. One tab stop; the arrow keys go from step to step. */
export function Canvas(props: Props) {
  return <ReactFlowProvider><Picture {...props} /></ReactFlowProvider>;
}

const FAR = 0.85;
function Picture({ tree, places, selected, select, open, actions, findings, reached, marks, stale }: Props) {
  const scheme = useComputedColorScheme('dark');
  const flow = useReactFlow<StepNode, Line>();
  const box = useRef<HTMLElement>(null);
  const nodes = useMemo<StepNode[]>(() => [...places.places].map(([id, p]) => {
    const s = step(tree, id)!;
    const kind = kindOf(id, s);
    const found = findings.get(id) ?? [];
    const bad = found.some((f) => f.severity === 'error') ? 'error' : found.length > 0 ? 'warning' : undefined;
    const sub = tree.workflow_exception === id ? `when nothing else takes a failure` : says(id, s, actions);
    const mark = marks?.get(id);
    const to = edgesOf(id, s).map((e) => `${words(e.label)} to ${step(tree, e.to) ? nameOf(e.to, step(tree, e.to)!) : 'nowhere'}`);
    const off = !reached.has(id);
    const more = [KIND_NAMES[kind], ...to, ...(off ? ['nothing leads here'] : []), ...found.map((f) => `${f.severity}: ${f.problem}`), ...(mark ? [mark.says] : [])].join('. ');
    return { id, type: 'step', position: { x: p.x, y: p.y }, width: p.width, height: p.height, measured: { width: p.width, height: p.height }, data: { id, kind, name: nameOf(id, s), sub, more, bad, mark, off } };
  }), [tree, places, actions, findings, reached, marks]);
  const lines = useMemo<Line[]>(() => [
    ...grouped(places.edges).map(([e, label]): Line => {
      const lit = marks?.has(e.from) && marks.has(e.to);
      const kind = e.slot[0] === 'on_failure' ? 'failure' : e.branch ? 'branch' : 'next';
      return { id: `${e.from}/${e.slot.join('/')}`, source: e.from, target: e.to, type: 'smoothstep', label, className: `pb-line ${kind}${lit ? ' lit' : ''}`, markerEnd: { type: MarkerType.ArrowClosed, width: 18, height: 18, markerUnits: 'userSpaceOnUse' }, focusable: false };
    }),
    ...places.returns.filter((r) => !r.loop).map((r, i): Line => ({ id: `back/${r.from}/${i}`, source: r.from, target: r.to, type: 'smoothstep', className: 'pb-line back', focusable: false })),
  ], [places, marks]);
  useEffect(() => {
    const node = selected ? places.places.get(selected) : undefined;
    const pane = box.current?.getBoundingClientRect();
    if (!node || !pane || pane.width === 0) return;
    const a = flow.flowToScreenPosition({ x: node.x, y: node.y });
    const b = flow.flowToScreenPosition({ x: node.x + node.width, y: node.y + node.height });
    if (a.x < pane.left || a.y < pane.top || b.x > pane.right || b.y > pane.bottom) void flow.setCenter(node.x + node.width / 2, node.y + node.height / 2, { zoom: Math.max(flow.getZoom(), 0.6), duration: 0 });
  }, [selected, places]);
  const begin = () => {
    // A long playbook is read from its top; a short one fits.
    const all = [...places.places.values()];
    const pane = box.current?.getBoundingClientRect();
    if (!pane || all.length === 0) return;
    const height = Math.max(...all.map((p) => p.y + p.height));
    const first = places.places.get(text(tree.workflow_start)) ?? all[0]!;
    const zoom = Math.min(1, Math.max(FAR, pane.height / (height + 40)));
    void flow.setViewport({ x: pane.width / 2 - (first.x + first.width / 2) * zoom, y: 16, zoom });
  };
  const context = useMemo(() => ({ selected, select, open }), [selected, select, open]);
  return (
    <section ref={box} className="pb-canvas" aria-label="Steps" data-stale={stale || undefined}>
      <Selecting.Provider value={context}>
        <ReactFlow nodes={nodes} edges={lines} nodeTypes={TYPES} onInit={begin} colorMode={scheme} minZoom={0.15} maxZoom={1.6} nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} disableKeyboardA11y panOnScroll zoomOnDoubleClick={false} deleteKeyCode={null} selectionKeyCode={null} aria-label="Steps of the playbook; the arrow keys go from step to step">
          <Background gap={22} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </Selecting.Provider>
    </section>
  );
}

/** Two ways from one step to the same other are one line with both names. */
function grouped(all: readonly Edge[]): [Edge, string | undefined][] {
  const by = new Map<string, Edge[]>();
  for (const e of all) by.set(`${e.from} ${e.to}`, [...(by.get(`${e.from} ${e.to}`) ?? []), e]);
  return [...by.values()].map((es) => [es[0]!, es.length === 1 && es[0]!.label === 'on_completion' ? undefined : es.map((e) => e.label).join(', ')]);
}
const words = (label: string) => label.replaceAll('_', ' ');
function says(id: string, s: Tree, actions: readonly CatalogueAction[]): string {
  switch (kindOf(id, s)) {
    case 'action': {
      const a = text(extension(s).action);
      return a ? (actions.find((x) => x.action === a)?.title ?? a) : isTask(s) ? 'a person does it' : 'commands';
    }
    case 'playbook-action': return 'calls another playbook';
    case 'if-condition': case 'while-condition': return text(s.condition) || 'no condition yet';
    case 'switch-condition': return text(s.switch) || 'no variable yet';
    case 'parallel': return `${Array.isArray(s.next_steps) ? s.next_steps.length : 0} at once`;
    case 'start': case 'end': return '';
  }
}
