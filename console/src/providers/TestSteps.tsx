import { useQuery } from '@tanstack/react-query';
import { Waiting } from '../ui/EventView';
import { ProblemBox } from '../ui/parts';
import { STEPS, testProvider, type Provider, type Step } from './providers';

const SIGN: Readonly<Record<Step['outcome'], { mark: string; word: string; tone: string }>> = {
  ok: { mark: '✓', word: 'works', tone: 'tone c-ok' },
  uncertain: { mark: '?', word: 'not sure', tone: 'tone c-quiet' },
  failed: { mark: '✗', word: 'does not work', tone: 'tone c-failing' },
  skipped: { mark: '–', word: 'not tried', tone: 'muted' },
};

/** Tries a provider at once and says what was seen. */
export function TestSteps({ provider, close, edit }: { provider: Provider; close: () => void; edit: () => void }) {
  const test = useQuery({ queryKey: ['provider-test', provider.id, provider.updated_at], queryFn: () => testProvider(provider.id), gcTime: 0, retry: false, refetchOnWindowFocus: false });
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      {test.isFetching ? <Waiting /> : test.isError ? <ProblemBox problem={test.error} retry={() => void test.refetch()} /> : null}
      {test.data && !test.isFetching ? (
        <>
          <p role="status">{test.data.ok ? 'Nothing stands in the way. What only a person can show is signing in: try it in a private window.' : 'This provider cannot be signed in with yet.'}</p>
          <ol className="tried">
            {test.data.steps.map((s) => (
              <li key={s.what}>
                <span className={SIGN[s.outcome].tone} aria-hidden="true">{SIGN[s.outcome].mark}</span>
                <div><strong>{STEPS[s.what]}</strong> <span className={SIGN[s.outcome].tone}>{SIGN[s.outcome].word}</span><p className="muted">{s.detail}</p></div>
              </li>
            ))}
          </ol>
        </>
      ) : null}
      <div className="row">
        <button type="button" className="btn" disabled={test.isFetching} onClick={() => void test.refetch()}>Test again</button>
        <button type="button" className="btn" onClick={edit}>Change it</button>
        <button type="button" className="btn" onClick={close}>Close</button>
      </div>
    </div>
  );
}
