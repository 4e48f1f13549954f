import { useId, type ReactNode } from 'react';
import { ConnectOne } from '../connectors/ConnectOne';
import { EXTENSION, TYPES, addBranch, args, edgesOf, extension, failing, insert, isTask, kindOf, KIND_NAMES, list, nameOf, put, putStep, removeBranch, setOutput, setParameter, step, steps, text, type Slot } from './model';
import type { CatalogueAction, Finding, Summary } from './playbooks';
import { isTree, type Json, type Tree } from './text';

type Props = { id: string; tree: Tree; actions: readonly CatalogueAction[]; playbooks: readonly Summary[]; findings: readonly Finding[]; readOnly: boolean; change: (about: string, edit: (t: Tree) => Tree) => void; select: (id: string) => void; remove: () => void };
const fresh = () => crypto.randomUUID();
const KNOWN = ['type', 'name', 'description', 'delay', 'timeout', 'on_completion', 'on_success', 'on_failure', 'on_true', 'on_false', 'condition', 'switch', 'cases', 'next_steps', 'commands', 'agent', 'in_args', 'out_args', 'playbook_id', 'step_extensions'];

/** What a step says, each thing where its kind has it; what is not known here stays as it is in the text. */
export function StepForm({ id, tree, actions, playbooks, findings, readOnly, change, select, remove }: Props) {
  const s = step(tree, id);
  const variables = Object.keys(isTree(tree.playbook_variables) ? tree.playbook_variables : {});
  const ids = useId();
  if (!s) return null;
  const kind = kindOf(id, s);
  const own = extension(s);
  const action = actions.find((a) => a.action === own.action);
  const set = (path: (string | number)[], value: Json | undefined) => change(`${id}/${path.join('/')}`, (t) => putStep(t, id, path, value));
  const setArgs = (about: string, edit: (x: Tree) => Tree) => change(`${id}/${about}`, (t) => args(t, id, edit));
  const seconds = (key: string, label: string) => <Field label={label}><input className="input" type="number" min={0} disabled={readOnly} value={typeof s[key] === 'number' ? Number(s[key]) / 1000 : ''} onChange={(e) => set([key], e.target.value === '' ? undefined : Math.round(Number(e.target.value) * 1000))} /></Field>;
  const ways = edgesOf(id, s);
  const others = Object.keys(s).filter((k) => !KNOWN.includes(k));
  const retry = isTree(own.retry) ? own.retry : {};
  const command = list(s.commands)[0];
  return (
    <form className="pb-form" aria-label={`Step ${nameOf(id, s)}`} onSubmit={(e) => e.preventDefault()}>
      <datalist id={`${ids}-vars`}>{variables.map((v) => <option key={v} value={`${v}:value`} />)}</datalist>
      <div className="row"><span className="tag">{KIND_NAMES[kind]}</span><span className="grow1" />{kind === 'start' ? null : <button type="button" className="btn" disabled={readOnly} onClick={remove}>Delete the step</button>}</div>
      {findings.length > 0 ? <ul className="pb-found" aria-label="What is wrong with the step">{findings.map((f, i) => <li key={i} data-severity={f.severity}>{f.problem} <span className="muted">line {f.line}</span></li>)}</ul> : null}
      <Field label="Name"><input className="input" name="name" disabled={readOnly} maxLength={250} value={text(s.name)} onChange={(e) => set(['name'], e.target.value)} /></Field>
      {kind === 'action' ? (
        <>
          <Field label="Done by"><select className="input" disabled={readOnly} value={text(own.action)} onChange={(e) => change('', (t) => pick(t, id, actions, e.target.value))}><option value="">A person: it is a task</option>{text(own.action) && !action ? <option value={text(own.action)}>{text(own.action)} (not in the catalogue)</option> : null}{actions.map((a) => <option key={a.action} value={a.action}>{a.title} ({a.action})</option>)}</select></Field>
          {action ? <p className="pb-about"><span className={`pill pb-radius-${action.radius}`}>radius {action.radius}</span> {action.says} {action.carried_by.length ? <span className="muted">By {action.carried_by.join(' or ')}.</span> : <ConnectOne action={action.action} />}{action.reverse ? <span className="muted"> Taken back by {action.reverse}.</span> : null}</p> : null}
          {action && action.parameters.length > 0 ? (
            <fieldset><legend>Parameters</legend>
              {action.parameters.map((p) => (
                <Field key={p.name} label={<>{p.name} <span className="muted">{p.type}{p.required ? ', needed' : ''}</span></>}>
                  {p.type === 'bool'
                    ? <select className="input" disabled={readOnly} value={value(given(own)[p.name])} onChange={(e) => change('', (t) => setParameter(t, id, action.title, p.name, e.target.value === '' ? undefined : e.target.value === 'true' ? true : e.target.value === 'false' ? false : e.target.value))}><option value="">not said</option><option>true</option><option>false</option>{variables.map((v) => <option key={v} value={`${v}:value`}>{v}</option>)}</select>
                    : <input className="input mono" disabled={readOnly} list={`${ids}-vars`} required={p.required} spellCheck={false} autoComplete="off" placeholder={`a value, or __name__:value`} value={value(given(own)[p.name])} onChange={(e) => change(`${id}/with/${p.name}`, (t) => setParameter(t, id, action.title, p.name, typed(e.target.value, p.type)))} />}
                </Field>
              ))}
            </fieldset>
          ) : null}
          {action && action.outputs.length > 0 ? (
            <fieldset><legend>What it gives</legend>
              {action.outputs.map((o) => (
                <Field key={o.name} label={<>{o.name} <span className="muted">{o.type}, into</span></>}>
                  <select className="input mono" disabled={readOnly} value={text(isTree(own.outputs) ? own.outputs[o.name] : '')} onChange={(e) => change('', (t) => e.target.value === '+' ? setOutput(put(t, ['playbook_variables', `__${o.name}__`], { type: TYPES.includes(o.type) ? o.type : 'string', value: '' }), id, o.name, `__${o.name}__`) : setOutput(t, id, o.name, e.target.value))}>
                    <option value="">no variable</option>{variables.map((v) => <option key={v}>{v}</option>)}{variables.includes(`__${o.name}__`) ? null : <option value="+">new: __{o.name}__</option>}
                  </select>
                </Field>
              ))}
            </fieldset>
          ) : null}
          {list(s.commands).length <= 1 && (!isTree(command) || command.type === 'manual') ? <Field label={action ? 'The same for a person, and for other engines' : 'What the person is to do'}><textarea className="input" rows={3} disabled={readOnly} value={isTree(command) ? text(command.command) : ''} onChange={(e) => setArgs('command', (x) => put(x, ['commands'], [{ ...(isTree(command) ? command : { type: 'manual' }), command: e.target.value }]))} /></Field> : <p className="muted">It has {list(s.commands).length} commands of kinds that are written in the text.</p>}
          {isTask(s) ? <Names key={id} label="What the person fills in" hint="Variables, with spaces between" value={s.out_args} known={variables} readOnly={readOnly} set={(v) => set(['out_args'], v)} /> : null}
          {text(own.action) ? (
            <div className="pb-two">
              <Field label="Approval"><select className="input" disabled={readOnly} value={text(own.approval) || 'none'} onChange={(e) => set(['step_extensions', EXTENSION, 'approval'], e.target.value === 'none' ? undefined : e.target.value)}><option value="none">as the policy says</option><option value="one">one person at least</option><option value="two">two people at least</option></select></Field>
              <Field label="Tries again"><input className="input" type="number" min={0} max={10} disabled={readOnly} value={Number(retry.max ?? 0)} onChange={(e) => set(['step_extensions', EXTENSION, 'retry'], Number(e.target.value) > 0 ? { ...retry, max: Math.min(10, Number(e.target.value)), backoff: retry.backoff ?? 5000 } : undefined)} /></Field>
              {retry.max ? <Field label="First after, s"><input className="input" type="number" min={0} disabled={readOnly} value={Number(retry.backoff ?? 0) / 1000} onChange={(e) => set(['step_extensions', EXTENSION, 'retry', 'backoff'], Math.round(Number(e.target.value) * 1000))} /></Field> : null}
            </div>
          ) : null}
        </>
      ) : null}
      {kind === 'playbook-action' ? (
        <>
          <Field label="Playbook"><select className="input" disabled={readOnly} value={text(s.playbook_id)} onChange={(e) => set(['playbook_id'], e.target.value)}>{playbooks.some((p) => `playbook--${p.id}` === s.playbook_id) ? null : <option value={text(s.playbook_id)}>{text(s.playbook_id) || 'none yet'}</option>}{playbooks.map((p) => <option key={p.id} value={`playbook--${p.id}`}>{p.name}{p.enabled ? '' : ' (not enabled: the call would fail)'}</option>)}</select></Field>
          <Names key={`${id}i`} label="What it is given" hint="Variables, with spaces between" value={s.in_args} known={variables} readOnly={readOnly} set={(v) => set(['in_args'], v)} />
          <Names key={`${id}o`} label="What comes back" hint="Variables, with spaces between" value={s.out_args} known={variables} readOnly={readOnly} set={(v) => set(['out_args'], v)} />
        </>
      ) : null}
      {kind === 'if-condition' || kind === 'while-condition' ? <Field label={kind === 'if-condition' ? 'Condition' : 'As long as'}><input className="input mono" disabled={readOnly} list={`${ids}-vars`} spellCheck={false} autoComplete="off" placeholder="__verdict__:value = 'malicious'" value={text(s.condition)} onChange={(e) => set(['condition'], e.target.value)} /></Field> : null}
      {kind === 'switch-condition' ? <Field label="By the value of"><select className="input mono" disabled={readOnly} value={text(s.switch)} onChange={(e) => set(['switch'], e.target.value)}><option value="">choose a variable</option>{text(s.switch) && !variables.includes(text(s.switch).replace(':value', '')) ? <option>{text(s.switch)}</option> : null}{variables.map((v) => <option key={v} value={`${v}:value`}>{v}</option>)}</select></Field> : null}
      {ways.some((w) => w.branch) || kind === 'parallel' || kind === 'switch-condition' ? (
        <fieldset><legend>Branches</legend>
          {ways.filter((w) => w.branch).map((w) => (
            <div className="row" key={w.slot.join('/')}>
              <span className="mono pb-way">{w.label}</span>
              <button type="button" className="btn grow1 ht" onClick={() => select(w.to)}>{step(tree, w.to) ? nameOf(w.to, step(tree, w.to)!) : 'nowhere'}</button>
              {w.slot[0] === 'on_true' ? null : <button type="button" className="btn" disabled={readOnly} aria-label={`Take ${w.label} away`} onClick={() => change('', (t) => removeBranch(t, id, w.slot))}>Take away</button>}
            </div>
          ))}
          {kind === 'if-condition' && !text(s.on_false) ? <button type="button" className="btn" disabled={readOnly} onClick={() => change('', (t) => addBranch(t, id, 'on_false', fresh))}>Add on_false</button> : null}
          {kind === 'parallel' ? <button type="button" className="btn" disabled={readOnly} onClick={() => change('', (t) => addBranch(t, id, '', fresh))}>Add a branch</button> : null}
          {kind === 'switch-condition' ? <AddCase readOnly={readOnly} add={(v) => change('', (t) => addBranch(t, id, v, fresh))} /> : null}
        </fieldset>
      ) : null}
      {kind === 'end' ? <p className="muted">{kind === 'end' ? 'The branch ends here. Behind the branches of a step the run goes on where that step goes on.' : null}</p> : (
        <fieldset><legend>Goes on</legend>
          <Way id={id} s={s} slot={text(s.on_success) || text(s.on_failure) ? ['on_success'] : ['on_completion']} label={text(s.on_success) || text(s.on_failure) ? 'When it succeeds' : 'To'} tree={tree} readOnly={readOnly} go={(slot, to) => set([...slot], to)} />
          {kind === 'start' ? null : <Way id={id} s={s} slot={['on_failure']} label="When it fails" tree={tree} readOnly={readOnly} none="the branch fails" go={(_, to) => change('', (t) => failing(t, id, to))} task={() => change('', (t) => insert(t, id, { kind: 'action', name: `${nameOf(id, s)}: by hand`, says: `The platform could not do it, or somebody refused: ${nameOf(id, s)}. Do it by hand, or write down why not.` }, fresh, ['on_failure']).tree)} />}
        </fieldset>
      )}
      {kind === 'start' || kind === 'end' ? null : <div className="pb-two">{seconds('delay', 'Waits before, s')}{seconds('timeout', 'Fails after, s')}</div>}
      <Field label="Description"><textarea className="input" rows={2} disabled={readOnly} value={text(s.description)} onChange={(e) => set(['description'], e.target.value || undefined)} /></Field>
      {others.length > 0 ? <p className="muted">It also has {others.join(', ')}: kept as they are, and changed in the text.</p> : null}
    </form>
  );
}

const Field = ({ label, children }: { label: ReactNode; children: ReactNode }) => <label className="pb-field"><span>{label}</span>{children}</label>;
const given = (own: Tree): Tree => (isTree(own.with) ? own.with : {});
const value = (x: Json | undefined): string => (x === undefined || x === null ? '' : typeof x === 'object' ? JSON.stringify(x) : String(x));
/** A number where one is wanted and one is written; else the text. */
function typed(v: string, type: string): Json | undefined {
  if (v === '') return undefined;
  if ((type === 'integer' || type === 'long') && /^-?\d{1,15}$/.test(v)) return Number(v);
  if ((type === 'dictionary' || type === 'list') && /^[[{]/.test(v)) try { return JSON.parse(v) as Json; } catch { return v; }
  return v;
}
/** Another action: what it is given has other names, so it begins without. */
function pick(t: Tree, id: string, actions: readonly CatalogueAction[], name: string): Tree {
  const a = actions.find((x) => x.action === name);
  return args(t, id, (s) => {
    const old = extension(s);
    const kept = Object.fromEntries(Object.entries(given(old)).filter(([k]) => a?.parameters.some((p) => p.name === k)));
    const { action: _, with: _w, outputs: _o, approval, retry, ...rest } = old;
    const to: Tree | undefined = a ? { ...rest, action: name, ...(Object.keys(kept).length ? { with: kept } : {}), ...(retry === undefined ? {} : { retry }), ...(approval === undefined ? {} : { approval }) } : Object.keys(rest).length ? rest : undefined;
    const was = actions.find((x) => x.action === old.action);
    const named = a && was && s.name === was.title ? put(s, ['name'], a.title) : s;
    return put(a && was ? put(named, ['commands'], [{ type: 'manual', command: a.title }]) : named, ['step_extensions', EXTENSION], to);
  });
}
function Way({ id, s, slot, label, tree, readOnly, none = 'nowhere yet', go, task }: { id: string; s: Tree; slot: Slot; label: string; tree: Tree; readOnly: boolean; none?: string; go: (slot: Slot, to: string | undefined) => void; task?: () => void }) {
  const to = text(s[slot[0]]);
  return (
    <Field label={label}>
      <select className="input" disabled={readOnly} value={to} onChange={(e) => (e.target.value === '+' ? task?.() : go(slot, e.target.value || undefined))}>
        <option value="">{none}</option>
        {task ? <option value="+">a new task for a person</option> : null}
        {to && !step(tree, to) ? <option value={to}>{to} (there is no such step)</option> : null}
        {steps(tree).filter(([x, y]) => x !== id && kindOf(x, y) !== 'start').map(([x, y]) => <option key={x} value={x}>{nameOf(x, y)}</option>)}
      </select>
    </Field>
  );
}

function AddCase({ readOnly, add }: { readOnly: boolean; add: (value: string) => void }) {
  const go = (box: HTMLInputElement) => { const v = box.value.trim(); if (v) { add(v); box.value = ''; } };
  return <div className="row"><input className="input grow1" aria-label="Value of a new case" placeholder="value, or default" disabled={readOnly} onKeyDown={(e) => { if (e.key === 'Enter') { e.preventDefault(); go(e.currentTarget); } }} /><button type="button" className="btn" disabled={readOnly} onClick={(e) => go(e.currentTarget.previousElementSibling as HTMLInputElement)}>Add a case</button></div>;
}

function Names({ label, hint, value: is, known, readOnly, set }: { label: string; hint: string; value: Json | undefined; known: string[]; readOnly: boolean; set: (v: Json | undefined) => void }) {
  const now = list(is).map(text);
  const strange = now.filter((n) => n && !known.includes(n));
  return <Field label={label}><input className="input mono" disabled={readOnly} placeholder={hint} spellCheck={false} autoComplete="off" defaultValue={now.join(' ')} onBlur={(e) => { const all = e.target.value.split(/[\s,]+/).filter(Boolean); if (all.join(' ') !== now.join(' ')) set(all.length ? all : undefined); }} />{strange.length > 0 ? <span className="c-warn">{strange.join(', ')}: no such variable</span> : null}</Field>;
}
