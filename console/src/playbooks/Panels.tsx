import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { when } from '../ui/format';
import { CopyLine, ProblemBox, Yaml } from '../ui/parts';
import { failed } from '../ui/toast';
import { TYPES, VARIABLE, put, putTriggers, reads, renameVariable, text, triggers } from './model';
import { leftOut, versionOf, versionsOf, type Summary, type Version } from './playbooks';
import { isTree, type Json, type Tree } from './text';

type Change = (about: string, edit: (t: Tree) => Tree) => void;
const fresh = () => crypto.randomUUID();

/** The playbook's own name and words, and its variables. */
export function Variables({ tree, readOnly, change }: { tree: Tree; readOnly: boolean; change: Change }) {
  const all = Object.entries(isTree(tree.playbook_variables) ? tree.playbook_variables : {}).filter((e): e is [string, Tree] => isTree(e[1]));
  const used = new Set(reads(tree.workflow));
  const set = (name: string, key: string, value: Json | undefined) => change(`var/${name}/${key}`, (t) => put(t, ['playbook_variables', name, key], value));
  const add = () => { let n = 1; while (all.some(([k]) => k === `__new_${n}__`)) n++; change('', (t) => put(t, ['playbook_variables', `__new_${n}__`], { type: 'string', value: '' })); };
  return (
    <div className="pb-form">
      <label className="pb-field"><span>Name of the playbook</span><input className="input" disabled={readOnly} value={text(tree.name)} onChange={(e) => change('name', (t) => put(t, ['name'], e.target.value))} /></label>
      <label className="pb-field"><span>Description</span><textarea className="input" rows={3} disabled={readOnly} value={text(tree.description)} onChange={(e) => change('description', (t) => put(t, ['description'], e.target.value || undefined))} /></label>
      <h2 className="cap">Variables</h2>
      {all.length === 0 ? <p className="muted">None yet. A variable holds what a step found for the steps behind it; what starts the run gives those that are external.</p> : null}
      <ul className="pb-vars" aria-label="Variables">
        {all.map(([name, v], i) => (
          <li key={i}>
            <div className="row">
              <Rename name={name} readOnly={readOnly} taken={(x) => x !== name && all.some(([k]) => k === x)} to={(x) => change('', (t) => renameVariable(t, name, x))} />
              <select className="input" aria-label={`Type of ${name}`} disabled={readOnly} value={text(v.type)} onChange={(e) => set(name, 'type', e.target.value)}>{TYPES.includes(text(v.type)) ? null : <option>{text(v.type)}</option>}{TYPES.map((t) => <option key={t}>{t}</option>)}</select>
              <button type="button" className="icon" aria-label={`Delete ${name}`} title={used.has(name) ? 'Steps read it' : 'Delete'} disabled={readOnly} onClick={() => change('', (t) => put(t, ['playbook_variables', name], undefined))}>✕</button>
            </div>
            <div className="row">
              <label className="check"><input type="checkbox" disabled={readOnly} checked={v.external === true} onChange={(e) => change('', (t) => put(put(t, ['playbook_variables', name, 'external'], e.target.checked || undefined), ['playbook_variables', name, 'value'], e.target.checked ? undefined : (v.value ?? '')))} />given from outside</label>
              {v.external === true ? <span className="grow1" /> : <input className="input grow1" aria-label={`Value of ${name}`} placeholder="value" disabled={readOnly} value={text(v.value)} onChange={(e) => set(name, 'value', e.target.value)} />}
              <label className="check"><input type="checkbox" disabled={readOnly} checked={v.constant === true} onChange={(e) => set(name, 'constant', e.target.checked || undefined)} />fixed</label>
            </div>
            {text(v.description) ? <p className="muted">{text(v.description)}</p> : null}
          </li>
        ))}
      </ul>
      <button type="button" className="btn" disabled={readOnly} onClick={add}>Add a variable</button>
    </div>
  );
}

function Rename({ name, readOnly, taken, to }: { name: string; readOnly: boolean; taken: (x: string) => boolean; to: (x: string) => void }) {
  const [typed, setTyped] = useState(name);
  const bad = typed !== name && (!VARIABLE.test(typed) || taken(typed));
  return <input className="input mono grow1" aria-label={`Name of ${name}`} aria-invalid={bad} title={bad ? 'A name is like __host__, and there is one of each' : undefined} disabled={readOnly} value={typed} onChange={(e) => setTyped(e.target.value)} onBlur={() => (bad ? setTyped(name) : typed !== name ? to(typed) : undefined)} onKeyDown={(e) => { if (e.key === 'Enter') e.currentTarget.blur(); }} />;
}

const ON = ['alert', 'case', 'schedule', 'webhook', 'manual'];
/** What starts the playbook. */
export function Triggers({ tree, webhook, left, readOnly, change }: { tree: Tree; webhook: string | null; left: Summary['left']; readOnly: boolean; change: Change }) {
  const all = triggers(tree);
  const set = (i: number, key: string, value: Json | undefined) => change(`trigger/${i}/${key}`, (t) => putTriggers(t, triggers(t).map((x, n) => (n === i ? put(x, [key], value) : x)), fresh));
  const turn = (i: number, on: string) => change('', (t) => putTriggers(t, triggers(t).map((x, n) => { if (n !== i) return x; const { when: w, cron: c, ...rest } = x; return { ...rest, on, ...(on === 'alert' || on === 'case' ? (w === undefined ? {} : { when: w }) : {}), ...(on === 'schedule' ? { cron: c ?? '0 6 * * *' } : {}) }; }), fresh));
  return (
    <div className="pb-form">
      <p className="muted">What starts the playbook once it is enabled. It can be run by hand and called by others without any.</p>
      {left ? <p className="tone c-warn">{leftOut(left, Date.now()).says}. It is not made up for: what is more than “at most an hour”, or would go around in a loop, is left.</p> : null}
      {all.map((g, i) => {
        const on = text(g.on);
        return (
          <fieldset key={i}><legend>Trigger {i + 1}</legend>
            <div className="row"><select className="input grow1" aria-label={`Trigger ${i + 1} starts on`} disabled={readOnly} value={on} onChange={(e) => turn(i, e.target.value)}>{ON.includes(on) ? null : <option>{on}</option>}{ON.map((o) => <option key={o}>{o}</option>)}</select><button type="button" className="btn" disabled={readOnly} onClick={() => change('', (t) => putTriggers(t, triggers(t).filter((_, n) => n !== i), fresh))} aria-label={`Delete trigger ${i + 1}`}>Delete</button></div>
            {on === 'alert' || on === 'case' ? <label className="pb-field"><span>When <span className="muted">in the search language; every {on} without it</span></span><input className="input mono" disabled={readOnly} spellCheck={false} placeholder="severity >= high and attack in (T1110)" value={text(g.when)} onChange={(e) => set(i, 'when', e.target.value || undefined)} /></label> : null}
            {on === 'schedule' ? <label className="pb-field"><span>Cron <span className="muted">five fields, UTC</span></span><input className="input mono" disabled={readOnly} value={text(g.cron)} onChange={(e) => set(i, 'cron', e.target.value)} /></label> : null}
            {on === 'webhook' ? (webhook ? <><CopyLine text={webhook} label="Address of the webhook" /><p className="muted">POST any JSON object there with a token that may run playbooks. What it names like a variable that is given from outside is its value.</p></> : <p className="muted">Its address is shown here once it is saved.</p>) : null}
            {on === 'manual' ? null : <label className="pb-field"><span>At most an hour</span><input className="input" type="number" min={1} max={10000} disabled={readOnly} placeholder="60" value={typeof g.max_per_hour === 'number' ? g.max_per_hour : ''} onChange={(e) => set(i, 'max_per_hour', e.target.value === '' ? undefined : Number(e.target.value))} /></label>}
          </fieldset>
        );
      })}
      <button type="button" className="btn" disabled={readOnly} onClick={() => change('', (t) => putTriggers(t, [...triggers(t), { on: 'alert' }], fresh))}>Add a trigger</button>
    </div>
  );
}

/** What was, who made it, and a way back to it. */
export function Versions({ id, first, shut, readOnly, restore }: { id: string; /** The one to look at from the beginning. */ first: string | undefined; shut: () => void; readOnly: boolean; restore: (source: string, version: string) => void }) {
  const list = useQuery(versionsOf(id));
  const [look, setLook] = useState<{ of: Version; source: string }>();
  const open = (v: Version) => void versionOf(id, v.version).then((x) => setLook({ of: v, source: x.source })).catch((e: unknown) => failed('It cannot be shown', e instanceof Error ? e.message : String(e)));
  const close = () => { setLook(undefined); if (first) shut(); };
  const wanted = list.data?.versions.find((v) => v.version === first);
  useEffect(() => { if (wanted) open(wanted); }, [wanted?.version]);
  const back = (v: Version) => void versionOf(id, v.version).then((x) => { close(); restore(x.source, v.version); }).catch((e: unknown) => failed('It cannot be brought back', e instanceof Error ? e.message : String(e)));
  return (
    <div className="pb-form">
      {list.isPending ? <Waiting /> : null}
      {list.isError ? <ProblemBox problem={list.error} retry={() => void list.refetch()} /> : null}
      {list.data && first && !wanted ? <p className="c-warn">There is no version {first.slice(0, 12)} of it here.</p> : null}
      {list.data?.versions.length === 0 ? <p className="muted">It is as it was shipped. Each save makes a version; none is ever lost.</p> : null}
      <ol className="pb-versions" aria-label="Versions">
        {list.data?.versions.map((v) => (
          <li key={v.version}>
            <div className="row"><span className="mono">{v.version.slice(0, 12)}</span>{v.current ? <span className="pill c-ok">is run</span> : null}{v.runnable ? null : <span className="pill c-quiet">draft</span>}<span className="grow1" /><span className="muted">{when(v.made_at)}, {v.made_by}</span></div>
            <div className="row"><button type="button" className="btn" aria-label={`Look at it: ${v.version.slice(0, 12)}`} onClick={() => open(v)}>Look at it</button><button type="button" className="btn" disabled={readOnly} aria-label={`Restore ${v.version.slice(0, 12)}`} onClick={() => back(v)}>Restore</button></div>
          </li>
        ))}
      </ol>
      <Dialog opened={look !== undefined} close={close} title={`Version ${look?.of.version.slice(0, 12) ?? ''}`}>
        {look ? <div className="stack"><p className="muted">Of {when(look.of.made_at)}, by {look.of.made_by}.</p><Yaml text={look.source} label="Text of the version" /><div className="row"><button type="button" className="btn" data-primary disabled={readOnly} onClick={() => back(look.of)}>Restore it</button><span className="muted">It becomes the text of the editor; undo takes that back, saving makes it a new version.</span></div></div> : null}
      </Dialog>
    </div>
  );
}
