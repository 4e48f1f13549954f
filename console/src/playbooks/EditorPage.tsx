import { Suspense, lazy, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useBlocker, useNavigate } from '@tanstack/react-router';
import { Refused } from '../api/client';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox, TabRow } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { readPlaybook, type Panel } from './address';
import { Canvas, type Mark } from './Canvas';
import { EnableDialog } from './EnableDialog';
import { layout, neighbour, type Direction } from './layout';
import { insert, nameOf, reached, remove, step, steps, text, type Insert, type Slot } from './model';
import { Triggers, Variables, Versions } from './Panels';
import { CATALOGUE, PLAYBOOKS, again, detailOf, drop, dryRun, enable, leftOut, save, versionOf, type Detail, type Finding } from './playbooks';
import { StepForm } from './StepForm';
import { StepPalette } from './StepPalette';
import { StartDialog, Try, filled, type About } from './Try';
import { useEditor } from './useEditor';
import './playbooks.css';

const TextPane = lazy(() => import('./TextPane'));
const route = getRouteApi('/playbooks/$id');
const why = (e: unknown) => (e instanceof Error ? e.message : String(e));
const TABS: readonly { value: Panel; label: string }[] = [{ value: 'step', label: 'Step' }, { value: 'variables', label: 'Variables' }, { value: 'triggers', label: 'Triggers' }, { value: 'try', label: 'Dry run' }, { value: 'versions', label: 'Versions' }];

/** One playbook: its steps, its text, and what would happen. */
export default function EditorPage() {
  const { id } = route.useParams();
  const detail = useQuery(detailOf(id));
  if (detail.isError) return <div className="empty"><ProblemBox problem={detail.error} retry={() => void detail.refetch()} /><div className="row"><Link className="btn" to="/playbooks">All playbooks</Link></div></div>;
  if (!detail.data) return <div className="pad"><Waiting /></div>;
  return <Editor key={id} of={detail.data} />;
}

const WIDE = '(min-width: 1280px)';

function Editor({ of }: { of: Detail }) {
  const search = readPlaybook(route.useSearch());
  const nav = useNavigate({ from: '/playbooks/$id' });
  const goto = useNavigate();
  const client = useQueryClient();
  const may = useMay('playbooks:write');
  const mayRun = useMay('playbooks:run');
  const ed = useEditor(of.source);
  const { tree } = ed;
  const catalogue = useQuery(CATALOGUE);
  const list = useQuery(PLAYBOOKS);
  const actions = catalogue.data?.actions ?? [];
  const others = useMemo(() => (list.data?.playbooks ?? []).filter((p) => p.id !== of.id), [list.data, of.id]);
  // What was saved last: as the editor would show it, and which version it is.
  const [base, setBase] = useState({ text: ed.text, newest: of.newest });
  const [now, setNow] = useState<Detail>(of);
  const dirty = ed.text !== base.text;
  const [showText, setShowText] = useState(() => typeof window.matchMedia !== 'function' || window.matchMedia(WIDE).matches);
  const [adding, setAdding] = useState(false);
  const [starting, setStarting] = useState(false);
  const [enabling, setEnabling] = useState(false);
  const [about, setAbout] = useState<About>(search.about ? { id: search.about, title: 'The alert of the address' } : undefined);
  const [given, setGiven] = useState<Record<string, string>>({});
  const [assume, setAssume] = useState<Record<string, 'done' | 'failed'>>({});
  const [told, setTold] = useState('');
  const side = useRef<HTMLElement>(null);
  const places = useMemo(() => layout(tree), [tree]);
  const there = useMemo(() => reached(tree), [tree]);
  const selected = search.step && step(tree, search.step) ? search.step : text(tree.workflow_start) || steps(tree)[0]?.[0];
  const panel = search.panel ?? (search.version ? 'versions' : 'step');
  const change = (c: { step?: string; panel?: Panel; version?: undefined }) => void nav({ search: (p) => ({ ...p, ...c }), replace: true });
  // At once, for the key that comes next; and again when another step is the chosen one.
  const focusStep = () => {
    const focus = () => document.querySelector<HTMLElement>('.pb-node[aria-pressed=true]')?.focus({ preventScroll: true });
    focus();
    requestAnimationFrame(focus);
  };
  const select = useCallback((step: string) => void nav({ search: (p) => ({ ...p, step }), replace: true }), [nav]);
  const go = (id: string | undefined) => { if (id) { select(id); focusStep(); } };
  const intoForm = () => requestAnimationFrame(() => {
    const find = (what: string) => side.current?.querySelector<HTMLElement>(`.pb-form ${what}`);
    (find('input:not([type=checkbox], :disabled)') ?? find('select:not(:disabled)') ?? find('button:not(:disabled)'))?.focus();
  });
  const open = useCallback((id: string) => { void nav({ search: (p) => ({ ...p, step: id, panel: undefined, version: undefined }), replace: true }); intoForm(); }, [nav]);
  const show = (p: Panel) => { change({ panel: p === 'step' ? undefined : p, version: undefined }); intoForm(); };
  const onStep = useMemo(() => {
    const map = new Map<string, Finding[]>();
    for (const f of ed.findings) {
      const id = (f.path ? steps(tree).find(([x]) => f.path!.includes(x))?.[0] : undefined) ?? ed.readable?.stepAt(f.line);
      if (id) map.set(id, [...(map.get(id) ?? []), f]);
    }
    return map;
  }, [ed.findings, ed.readable, tree]);
  const edit = (what: string, f: Parameters<typeof ed.change>[1]) => { if (may && !ed.change(what, f)) failed('The text cannot be read', 'Mend the line that is marked, or undo, before the steps can be changed.'); };
  const add = (what: Insert, slot: Slot | undefined) => {
    if (!selected || !may) return;
    const done = insert(tree, selected, what, () => crypto.randomUUID(), slot);
    edit('', () => done.tree);
    setTold(done.said);
    change({ step: done.select, panel: undefined });
    focusStep();
  };
  const cut = () => {
    if (!selected || !may) return;
    const done = remove(tree, selected);
    edit('', () => done.tree);
    setTold(`${done.said}. Undo brings it back.`);
    change({ step: done.select });
    focusStep();
  };
  const saving = useMutation({
    mutationFn: async (over: boolean) => {
      // A version is the id with this time.
      const text = ed.readable ? ed.stamped(new Date().toISOString()) : ed.text;
      const newest = over ? (await client.fetchQuery({ ...detailOf(of.id), staleTime: 0 })).newest : base.newest;
      return { text, got: await save(of.id, text, newest) };
    },
    onSuccess: ({ text, got }) => {
      ed.saved(text);
      setBase({ text, newest: got.newest });
      setNow(got);
      client.setQueryData(detailOf(of.id).queryKey, got);
      void client.invalidateQueries({ queryKey: ['playbook-versions', of.id] });
      void again(client);
      said(got.findings.some((f) => f.severity === 'error') ? 'Saved as a draft: what was run before is still what is run' : got.enabled ? 'Saved: it is what is run from now on' : 'Saved');
    },
  });
  const clash = saving.error instanceof Refused && saving.error.status === 409;
  const keep = () => { if (may && dirty && !saving.isPending) saving.mutate(false); };
  const theirs = async () => { const fresh = await client.fetchQuery({ ...detailOf(of.id), staleTime: 0 }); ed.replace(fresh.source); setBase({ text: fresh.source, newest: fresh.newest }); setNow(fresh); saving.reset(); };
  const upgrade = useMutation({
    mutationFn: async (to: { source: string } | string) => {
      const source = typeof to === 'string' ? (await versionOf(of.id, to)).source : to.source;
      return { before: base.text, source, got: await save(of.id, source, (await client.fetchQuery({ ...detailOf(of.id), staleTime: 0 })).newest) };
    },
    onSuccess: ({ before, source, got }, to) => {
      ed.replace(source);
      setBase({ text: source, newest: got.newest });
      setNow(got);
      void client.invalidateQueries({ queryKey: ['playbook-versions', of.id] });
      void again(client);
      said(typeof to === 'string' ? 'The shipped text is what is run from now on; yours stays among the versions' : 'It is as it was', typeof to === 'string' ? () => upgrade.mutate({ source: before }) : undefined);
    },
    onError: (e) => failed('Nothing was changed', why(e)),
  });
  const trial = useMutation({ mutationFn: () => dryRun(of.id, { about: about ? `alert:${about.id}` : null, given: filled(given), source: ed.text, assume }) });
  const tryIt = () => { change({ panel: 'try' }); if (mayRun && !trial.isPending) trial.mutate(); };
  const marks = useMemo(() => {
    if (panel !== 'try' || !trial.data) return undefined;
    const map = new Map<string, Mark>(trial.data.steps.map((s): [string, Mark] => [s.step, { tone: s.status === 'failed' ? 'failed' : s.consent && !/automatic/i.test(s.consent) ? 'waits' : 'done', says: `dry run: ${s.status}${s.detail ? `, ${s.detail}` : ''}` }]));
    for (const m of trial.data.missing) if (!map.has(m.step)) map.set(m.step, { tone: 'missing', says: m.problem });
    return map;
  }, [trial.data, panel]);
  const turn = async (on: boolean) => {
    try {
      const got = await enable(of.id, on);
      setNow((n) => ({ ...n, ...got }));
      await again(client);
      said(on ? `“${got.name}” is on` : `“${got.name}” is off`);
    } catch (e) {
      failed('Nothing was changed', why(e));
    }
    setEnabling(false);
  };
  const gone = async () => {
    try {
      await drop(of.id);
      ed.begin(base.text);
      await again(client);
      said(of.origin === 'own' ? 'Deleted: its runs and versions are kept' : 'It is as it was shipped');
      client.removeQueries({ queryKey: ['playbook', of.id] });
      void goto({ to: '/playbooks', ignoreBlocker: true });
    } catch (e) {
      failed('It is still there', why(e));
    }
  };
  const latest = useRef({ keep, undo: ed.undo, redo: ed.redo });
  latest.current = { keep, undo: ed.undo, redo: ed.redo };
  useEffect(() => {
    const on = (e: KeyboardEvent) => {
      if (!(e.ctrlKey || e.metaKey) || e.altKey || document.querySelector('[aria-modal=true]')) return;
      const key = e.key.toLowerCase();
      const act = key === 's' ? latest.current.keep : key === 'z' && !e.shiftKey ? latest.current.undo : key === 'y' || key === 'z' ? latest.current.redo : undefined;
      if (!act) return;
      e.preventDefault();
      act();
      if (key !== 's') setTold(act === latest.current.undo ? 'Undone' : 'Done again');
    };
    window.addEventListener('keydown', on, true);
    return () => window.removeEventListener('keydown', on, true);
  }, []);
  const block = useBlocker({ shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname, enableBeforeUnload: dirty, withResolver: true });
  const arrow = (d: Direction) => () => { if (selected) go(neighbour(places, selected, d)); };
  const along = (d: number) => () => { const all = steps(tree); const i = all.findIndex(([x]) => x === selected); go(all[Math.max(0, Math.min(all.length - 1, i + d))]?.[0]); };
  useKeys([
    { keys: ['ArrowDown'], label: 'Where the step leads', group: 'Steps', run: arrow('down') },
    { keys: ['ArrowUp'], label: 'Where it comes from', group: 'Steps', run: arrow('up') },
    { keys: ['ArrowRight'], label: 'To the right', group: 'Steps', run: arrow('right') },
    { keys: ['ArrowLeft'], label: 'To the left', group: 'Steps', run: arrow('left') },
    { keys: ['j'], label: 'Next in the text', group: 'Steps', run: along(1) },
    { keys: ['k'], label: 'Previous in the text', group: 'Steps', run: along(-1) },
    { keys: ['Enter', 'e'], label: 'Fill in the step', group: 'Steps', run: () => { if (selected) open(selected); } },
    ...(may ? [
      { keys: ['a', '/'], label: 'Add a step behind it', group: 'Steps', run: () => { if (ed.readable) setAdding(true); else failed('The text cannot be read', 'Mend the line that is marked first.'); } },
      { keys: ['Delete', 'Backspace', 'x'], label: 'Delete the step', group: 'Steps', run: cut },
    ] : []),
    { keys: ['v'], label: 'Variables', group: 'Playbook', run: () => show('variables') },
    { keys: ['s'], label: 'What starts it', group: 'Playbook', run: () => show('triggers') },
    { keys: ['h'], label: 'Versions', group: 'Playbook', run: () => show('versions') },
    { keys: ['t'], label: 'Show or hide the text', group: 'Playbook', run: () => setShowText((x) => !x) },
    ...(mayRun ? [{ keys: ['r'], label: 'Dry run', group: 'Playbook', run: tryIt }, { keys: ['R'], label: 'Run it', group: 'Playbook', run: () => { if (now.enabled) setStarting(true); } }] : []),
    { keys: ['Ctrl-s'], label: 'Save', group: 'Playbook', run: () => {} },
    { keys: ['Ctrl-z'], label: 'Undo (Ctrl-Shift-z: redo)', group: 'Playbook', run: () => {} },
  ]);
  const errors = ed.findings.filter((f) => f.severity === 'error').length;
  const line = ed.readable && selected ? ed.readable.lines(['workflow', selected]) : ed.wrong?.line;
  return (
    <div className="pb-page">
      <header className="casehead pb-head">
        <div className="row wrap">
          <Link to="/playbooks" className="muted">Playbooks</Link>
          <h1 className="grow1">{text(tree.name) || now.name}</h1>
          <span className="muted">{dirty ? 'not saved' : 'saved'}</span>
          <span className={`pill ${errors > 0 ? 'c-failing' : ed.settled ? 'c-ok' : 'c-quiet'}`}>{errors > 0 ? `draft: ${errors} ${errors === 1 ? 'error' : 'errors'}` : ed.settled ? 'can be run' : 'is checked …'}</span>
          {now.left && leftOut(now.left, Date.now()).lately ? <button type="button" className="btn c-warn" title={leftOut(now.left, Date.now()).says} onClick={() => show('triggers')}>{now.left.count} not started</button> : null}
          <span className="pill">{now.origin === 'own' ? 'own' : now.changed ? 'changed' : 'shipped'}</span>
          <label className="check"><input type="checkbox" role="switch" className="pb-switch" checked={now.enabled} disabled={!may || (!now.enabled && !now.runnable)} onChange={() => (now.enabled ? void turn(false) : setEnabling(true))} />Enabled</label>
        </div>
        <div className="row wrap" role="toolbar" aria-label="Playbook">
          {may ? <><button type="button" className="btn" disabled={!ed.readable} onClick={() => setAdding(true)}>Add a step <Key k="a" /></button><button type="button" className="btn" disabled={!ed.canUndo} onClick={ed.undo}>Undo</button><button type="button" className="btn" disabled={!ed.canRedo} onClick={ed.redo}>Redo</button></> : null}
          {mayRun ? <><button type="button" className="btn" onClick={tryIt}>Dry run <Key k="r" /></button><button type="button" className="btn" disabled={!now.enabled} title={now.enabled ? undefined : 'Enable it first; a dry run needs nothing'} onClick={() => setStarting(true)}>Run <Key k="R" /></button></> : null}
          <button type="button" className="btn" aria-pressed={showText} onClick={() => setShowText(!showText)}>Text <Key k="t" /></button>
          <span className="grow1" />
          {may && now.newer_shipped ? <button type="button" className="btn" disabled={dirty || upgrade.isPending} title={dirty ? 'Save or undo what you changed first' : 'An upgrade brought a newer text than the one that is run'} onClick={() => upgrade.mutate(now.newer_shipped!)}>Take the newer shipped text</button> : null}
          {may && (now.origin === 'own' || now.changed) ? <DeleteButton own={now.origin === 'own'} go={() => void gone()} /> : null}
          {may ? <button type="button" className="btn" data-primary disabled={!dirty || saving.isPending} onClick={keep}>{errors > 0 ? 'Save the draft' : 'Save'} <kbd className="k">Ctrl S</kbd></button> : <span className="muted">You may look; to change it you need playbooks:write</span>}
        </div>
        {clash ? <div className="problem" role="alert"><strong>Somebody else saved it meanwhile</strong><p>Nothing of yours is lost. Take theirs, and yours is one undo away; or save yours over it, and theirs stays among the versions.</p><div className="row"><button type="button" className="btn" onClick={() => void theirs()}>Take theirs</button><button type="button" className="btn" onClick={() => saving.mutate(true)}>Save mine over it</button></div></div> : saving.isError ? <ProblemBox problem={saving.error} retry={keep} /> : null}
        {ed.wrong ? <div className="problem" role="alert"><strong>Line {ed.wrong.line} cannot be read</strong><p>{ed.wrong.problem}. The steps show the text as it was before; they can be changed again once it can be read. It can be saved as it is.</p></div> : null}
        {ed.checked.isError ? <ProblemBox problem={ed.checked.error} retry={() => void ed.checked.refetch()} /> : null}
      </header>
      <div className="pb-body" data-text={showText || undefined}>
        <Canvas tree={tree} places={places} selected={selected} select={select} open={open} actions={actions} findings={onStep} reached={there} marks={marks} stale={ed.wrong !== undefined} />
        {showText ? (
          <section className="pb-textbox" aria-label="Text">
            <Suspense fallback={<Waiting />}><TextPane text={ed.text} findings={ed.findings} line={line} readOnly={!may} type={ed.type} atLine={(n) => { const at = ed.readable?.stepAt(n); if (at && at !== selected) select(at); }} leave={focusStep} /></Suspense>
            <p className="pb-note muted">Steps and text are one. What is changed by steps keeps comments and the order of keys, and lays out long lines anew.</p>
          </section>
        ) : null}
        <aside ref={side} className="pb-side" aria-label="Details" onKeyDown={(e) => { if (e.key === 'Escape' && !e.defaultPrevented) focusStep(); }}>
          <TabRow label="Details" choices={TABS} value={panel} onChange={(p) => change({ panel: p === 'step' ? undefined : p, version: undefined })} panel="pb-panel" />
          <div id="pb-panel" role="tabpanel" tabIndex={0} aria-labelledby={`pb-panel-${panel}`} className="pb-panel">
            {panel === 'step' && selected ? <StepForm key={selected} id={selected} tree={tree} actions={actions} playbooks={others} findings={onStep.get(selected) ?? []} readOnly={!may || !ed.readable} change={edit} select={go} remove={cut} /> : null}
            {panel === 'variables' ? <Variables tree={tree} readOnly={!may || !ed.readable} change={edit} /> : null}
            {panel === 'triggers' ? <Triggers tree={tree} webhook={now.webhook ? `${window.location.origin}${now.webhook}` : null} left={now.left} readOnly={!may || !ed.readable} change={edit} /> : null}
            {panel === 'try' ? <Try tree={tree} trial={{ result: trial.data, pending: trial.isPending, error: trial.error }} about={about} setAbout={setAbout} given={given} setGiven={setGiven} assume={assume} setAssume={setAssume} go={tryIt} select={go} selected={selected} /> : null}
            {panel === 'versions' ? <Versions id={of.id} first={search.version} shut={() => change({ panel: 'versions', version: undefined })} readOnly={!may} restore={(source, version) => { ed.replace(source); said(`The text is that of ${version.slice(0, 12)}: save it to keep it`, ed.undo); }} /> : null}
          </div>
        </aside>
      </div>
      <Findings of={ed.findings} name={(f) => { const at = ed.readable?.stepAt(f.line); const s = at ? step(tree, at) : undefined; return s ? nameOf(at!, s) : undefined; }} go={(f) => { const at = ed.readable?.stepAt(f.line); if (at) go(at); else setShowText(true); }} />
      <div className="vh" role="status" aria-live="polite">{told}</div>
      <StepPalette opened={adding} close={() => setAdding(false)} tree={tree} at={selected} actions={actions} playbooks={others} insert={add} />
      <StartDialog id={of.id} name={now.name} tree={tree} opened={starting} close={() => setStarting(false)} first={about} />
      <EnableDialog of={enabling ? now : undefined} close={() => setEnabling(false)} go={() => void turn(true)} />
      <Dialog opened={block.status === 'blocked'} close={() => block.reset?.()} title="Not saved yet"><div className="stack"><p>What you changed is lost when you leave.</p><div className="row"><button type="button" className="btn" data-primary data-autofocus onClick={() => block.reset?.()}>Stay</button><button type="button" className="btn" onClick={() => block.proceed?.()}>Leave without saving</button></div></div></Dialog>
    </div>
  );
}

function Findings({ of, name, go }: { of: readonly Finding[]; name: (f: Finding) => string | undefined; go: (f: Finding) => void }) {
  if (of.length === 0) return <footer className="status"><span>Nothing is wrong with it</span><span className="sep"><Key k="?" /> keys</span></footer>;
  return <ul className="pb-findings" aria-label="What is wrong" tabIndex={0}>{of.map((f, i) => <li key={i}><button type="button" className="link" data-severity={f.severity} onClick={() => go(f)}><span className={`tone ${f.severity === 'error' ? 'c-bad' : 'c-warn'}`}>{f.severity}</span>{f.line > 0 ? ` line ${f.line}` : ''}{name(f) ? `, ${name(f)}` : ''}: {f.problem}</button></li>)}</ul>;
}

function DeleteButton({ own, go }: { own: boolean; go: () => void }) {
  const [asked, setAsked] = useState(false);
  return (
    <>
      <button type="button" className="btn" onClick={() => setAsked(true)}>{own ? 'Delete' : 'As it was shipped'}</button>
      <Dialog opened={asked} close={() => setAsked(false)} title={own ? 'Delete the playbook' : 'Back to what was shipped'}><div className="stack"><p>{own ? 'It goes from the list, and nothing starts it any more. Its runs and versions are kept.' : 'Your changes are put aside and it is turned off; they stay among the versions.'}</p><div className="row"><button type="button" className="btn" data-danger onClick={() => { setAsked(false); go(); }}>{own ? 'Delete it' : 'Take the shipped one'}</button><button type="button" className="btn" data-autofocus onClick={() => setAsked(false)}>Leave it</button></div></div></Dialog>
    </>
  );
}
