import { Suspense, lazy, useEffect, useMemo, useState } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Refused, answer, api } from '../api/client';
import { TimeRange } from '../search/TimeRange';
import { span } from '../search/range';
import { LIMITS } from '../search/useRun';
import { Waiting } from '../ui/EventView';
import { bytes } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { RulePicker } from './RulePicker';
import { ruleIds, type Hunt } from './hunt';
import type { HuntsSearch } from './search';

const Code = lazy(() => import('../ui/Code'));
const USUAL = '30d';
const HINT = 'title: …\nlogsource:\n    product: windows\n    category: process_creation\ndetection:\n    selection:\n        CommandLine|contains: …\n    condition: selection\nlevel: medium';
type Kind = 'known' | 'text';
type Props = { search: HuntsSearch; change: (c: Partial<HuntsSearch>) => void; started: (h: Hunt) => void; first: boolean };

/** What to hunt with and where; nothing is raised from here. */
export function HuntForm({ search, change, started, first }: Props) {
  const chosen = useMemo(() => ruleIds(search), [search.rules]);
  const [kind, setKind] = useState<Kind>(search.like ? 'text' : 'known');
  const [text, setText] = useState('');
  const [opened] = useState(() => Date.now());
  const like = useQuery({ queryKey: ['hunt', search.like], queryFn: ({ signal }) => answer(api.GET('/v1/hunts/{id}', { params: { path: { id: search.like! } }, signal })), enabled: search.like !== undefined });
  useEffect(() => { if (like.data?.rule) setText(like.data.rule); }, [like.data]);

  const asked = { last: search.from ? undefined : (search.last ?? USUAL), from: search.from, to: search.to };
  const range = useMemo(() => span(asked, opened), [asked.last, asked.from, asked.to, opened]);
  const cost = useQuery({ queryKey: ['estimate', '', range], queryFn: ({ signal }) => answer(api.POST('/v1/events/estimate', { body: { query: '', ...range, ...LIMITS, remember: false }, signal })), staleTime: 60_000 });
  const start = useMutation({
    mutationFn: () => answer(api.POST('/v1/hunts', { body: { ...(kind === 'text' ? { rule: text } : chosen.length > 0 ? { rule_ids: chosen } : {}), ...span(asked, Date.now()), raise: false } })),
    onSuccess: started,
  });
  const ready = !start.isPending && (kind === 'known' || text.trim() !== '');
  const go = () => { if (ready) start.mutate(); };
  useKeys([{ keys: ['s'], label: 'Start it', group: 'New hunt', run: go }]);
  const problem = start.error instanceof Refused ? start.error : undefined;
  const wrong = kind === 'text' ? (problem?.errors ?? []).map((e) => Number(/:(\d+)$/.exec(e.where)?.[1] ?? 0)) : [];
  return (
    <div className="hform">
      <header className="dhead">
        <h2>{first ? 'Ask the past' : 'New hunt'}</h2>
        <p className="muted">{first
          ? 'A hunt runs detection rules over what is stored already, with the very code that watches the live stream. Before a rule is switched on it shows how often it would have fired, day by day, and on what; for a rule that is new it finds what happened before anybody looked.'
          : 'Rules over what is stored already, with the code that watches the live stream. This is a preview: nothing is raised until you say so.'}</p>
      </header>
      {first ? (
        <ol className="steps">
          <li><strong>Choose</strong> rules that are in use, or paste one that somebody published this morning.</li>
          <li><strong>See</strong> how often it would have fired each day, by rule, with the events: too noisy, or just right?</li>
          <li><strong>Raise</strong> the alerts if they are worth having. None is made twice, whatever the live stream has raised.</li>
        </ol>
      ) : null}
      <fieldset>
        <legend>What to look for</legend>
        <div className="seg" role="group" aria-label="What to look for">
          <button type="button" aria-pressed={kind === 'known'} onClick={() => setKind('known')}>Rules in use</button>
          <button type="button" aria-pressed={kind === 'text'} onClick={() => setKind('text')}>A rule that I write or paste</button>
        </div>
        {kind === 'known' ? <RulePicker chosen={chosen} onChange={(ids) => change({ rules: ids.join(',') || undefined })} /> : null}
        {kind === 'text' ? (
          <>
            <Suspense fallback={<Waiting />}>{search.like && like.isPending ? <Waiting /> : <Code value={text} label="Sigma rule" hint={HINT} wrongLines={wrong} onEdit={setText} onRun={go} focus={!search.like} />}</Suspense>
            <p id="rule-wrong" className="wrong" role="status" hidden={wrong.length === 0}>{problem?.errors.map((e) => `Line ${e.where.replace(/^.*:/, '')}: ${e.reason}`).join('\n')}</p>
            <p className="muted small">Sigma, correlations too. It stays with the hunt and watches nothing until it is among the rules. <Key k="Ctrl Enter" /> starts it.</p>
          </>
        ) : null}
      </fieldset>
      <fieldset>
        <legend>Where</legend>
        <div className="row wrap">
          <TimeRange search={asked} usual={USUAL} onChange={(c) => change(c)} />
          <span className="muted">{cost.data ? (cost.data.total_bytes === 0 ? '' : `${bytes(cost.data.total_bytes)} are stored in this time; what cannot fit is passed over.`) : ''}</span>
        </div>
      </fieldset>
      {problem && wrong.length === 0 ? <ProblemBox problem={problem} /> : null}
      <div className="row"><button type="button" className="btn" data-primary disabled={!ready} onClick={go}>{start.isPending ? 'Starting…' : 'Start the hunt'} <Key k="s" /></button><span className="muted">A preview: it raises nothing.</span></div>
    </div>
  );
}
