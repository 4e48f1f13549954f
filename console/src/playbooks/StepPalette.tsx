import { useMemo, useState, type KeyboardEvent } from 'react';
import { Modal } from '@mantine/core';
import { ConnectOne } from '../connectors/ConnectOne';
import { edgesOf, kindOf, nameOf, nextSlot, step, type Insert, type Slot } from './model';
import type { CatalogueAction, Summary } from './playbooks';
import type { Tree } from './text';

type Choice = { what: Insert; title: string; says: string; also: string; group: string; /** Nobody does it. */ nobody?: boolean };
type Props = { opened: boolean; close: () => void; tree: Tree; at: string | undefined; actions: readonly CatalogueAction[]; playbooks: readonly Summary[]; insert: (what: Insert, slot: Slot | undefined) => void };

/** What can be put behind the step that is chosen: type, choose, Enter. */
export function StepPalette({ opened, close, ...rest }: Props) {
  return (
    <Modal.Root opened={opened} onClose={close} size={620} padding={0} yOffset={90} lockScroll={false} radius={10} transitionProps={{ duration: 0 }} returnFocus={false}>
      <Modal.Overlay backgroundOpacity={0.5} />
      <Modal.Content className="dialog">
        <Modal.Title className="vh">Add a step</Modal.Title>
        {opened ? <Choices close={close} {...rest} /> : null}
      </Modal.Content>
    </Modal.Root>
  );
}

const BUILT: readonly Choice[] = [
  { group: 'People', title: 'Task for a person', says: 'The run waits until a person has done it and said what came of it', also: 'manual decide ask human', what: { kind: 'action', name: 'Task', says: 'Say here what is to be done.' } },
  { group: 'Flow', title: 'If', says: 'One way when a condition holds, another when it does not', also: 'condition branch decide', what: { kind: 'if-condition' } },
  { group: 'Flow', title: 'Switch', says: 'A way for each value of a variable', also: 'condition case branch', what: { kind: 'switch-condition' } },
  { group: 'Flow', title: 'While', says: 'Again and again as long as a condition holds', also: 'loop repeat condition', what: { kind: 'while-condition' } },
  { group: 'Flow', title: 'Parallel', says: 'Several branches at once; it goes on when all have ended', also: 'fork branches', what: { kind: 'parallel' } },
  { group: 'Flow', title: 'End', says: 'The end of a branch', also: 'stop done', what: { kind: 'end' } },
];

function Choices({ close, tree, at, actions, playbooks, insert }: Omit<Props, 'opened'>) {
  const [typed, setTyped] = useState('');
  const [on, setOn] = useState(0);
  const [slot, setSlot] = useState('');
  const all = useMemo<Choice[]>(() => [
    ...actions.map((a): Choice => ({ group: 'Action', title: a.title, says: a.says, also: `${a.action} ${a.about} ${a.action.replaceAll('_', ' ')}`, nobody: a.carried_by.length === 0, what: { kind: 'action', name: a.title, action: a.action, says: a.title } })),
    ...BUILT,
    ...playbooks.map((p): Choice => ({ group: 'Playbook', title: p.name, says: p.description ?? '', also: 'call run', what: { kind: 'playbook-action', name: p.name, playbook: `playbook--${p.id}` } })),
  ], [actions, playbooks]);
  const parts = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (c: Choice) => (parts.length === 0 ? 0 : parts.every((w) => c.title.toLowerCase().includes(w)) ? (c.title.toLowerCase().startsWith(parts[0]!) ? 0 : 1) : parts.every((w) => `${c.title} ${c.also}`.toLowerCase().includes(w)) ? 2 : parts.every((w) => `${c.title} ${c.also} ${c.says} ${c.group}`.toLowerCase().includes(w)) ? 3 : 9);
  const fit = all.map((c, i) => ({ c, i, r: rank(c) })).filter((x) => x.r < 9).sort((a, b) => a.r - b.r || a.i - b.i).map((x) => x.c);
  const s = at ? step(tree, at) : undefined;
  const name = at && s ? nameOf(at, s) : '';
  const end = s && kindOf(at!, s) === 'end';
  const places: { value: string; label: string; slot: Slot | undefined }[] = !s ? [] : end ? [{ value: '', label: `before ${name}`, slot: undefined }] : [
    { value: '', label: `behind ${name} (${nextSlot(s)[0]})`, slot: undefined },
    ...edgesOf(at!, s).filter((e) => e.branch).map((e) => ({ value: e.slot.join('/'), label: `first at ${e.label}`, slot: e.slot })),
    ...(['action', 'playbook-action', 'parallel', 'if-condition', 'while-condition', 'switch-condition'].includes(kindOf(at!, s)) ? [{ value: 'on_failure', label: 'when it fails (on_failure)', slot: ['on_failure'] as Slot }] : []),
  ];
  const run = (c: Choice | undefined) => {
    if (!c) return;
    close();
    insert(c.what, places.find((p) => p.value === slot)?.slot);
  };
  const keys = (e: KeyboardEvent) => {
    const d = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
    if (d !== 0) {
      e.preventDefault();
      const to = Math.max(0, Math.min(fit.length - 1, on + d));
      setOn(to);
      document.getElementById(`pb-choice-${to}`)?.scrollIntoView({ block: 'nearest' });
    } else if (e.key === 'Enter') {
      e.preventDefault();
      run(fit[on]);
    }
  };
  return (
    <>
      <div className="pal-in">
        <input data-autofocus role="combobox" aria-expanded="true" aria-controls="pb-choices" aria-activedescendant={fit[on] ? `pb-choice-${on}` : undefined} aria-label="Add a step" placeholder="Add a step: block, look up, if, task …" value={typed} onChange={(e) => { setTyped(e.target.value); setOn(0); }} onKeyDown={keys} autoComplete="off" spellCheck={false} />
        {places.length > 0 ? <select className="input" aria-label="Where" value={slot} onChange={(e) => setSlot(e.target.value)}>{places.map((p) => <option key={p.value} value={p.value}>{p.label}</option>)}</select> : null}
      </div>
      <div className="pal" id="pb-choices" role="listbox" aria-label="Steps that can be added" tabIndex={-1}>
        {fit.map((c, i) => (
          <div key={`${c.group}${c.title}${c.what.action ?? c.what.playbook ?? ''}`} id={`pb-choice-${i}`} role="option" aria-selected={i === on} onMouseMove={() => setOn(i)} onClick={() => run(c)}>
            <span className="tag">{c.group}</span><span className="pb-ct">{c.title}</span><span className="muted ht">{c.says}</span>{c.nobody ? <span className="c-warn nowrap">nothing connected</span> : null}
          </div>
        ))}
      </div>
      <p className="vh" role="status">{fit.length === 0 ? 'Nothing fits' : `${fit.length} fit`}</p>
      {fit[on]?.nobody && fit[on].what.action ? <p className="pb-nobody" role="note"><strong>{fit[on].title}.</strong> <ConnectOne action={fit[on].what.action} close={close} /></p> : null}
      {fit.length === 0 ? <p className="pad muted">Nothing fits “{typed}”. A task for a person can say anything.</p> : null}
    </>
  );
}
