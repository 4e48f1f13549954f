import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Setting = Schemas['ModelSetting'];
export type Content = Schemas['ModelContent'];
export type Test = Schemas['ModelTest'];

export const MODEL = queryOptions({ queryKey: ['model'], queryFn: ({ signal }) => answer(api.GET('/v1/models/setting', { signal })), refetchInterval: 30_000 });
export const CALLS = infiniteQueryOptions({
  queryKey: ['model-calls'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/v1/models/calls', { params: { query: { cursor: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
  refetchInterval: 30_000,
});

export const save = (body: Content) => answer(api.PUT('/v1/models/setting', { body }));
export const test = (body: Content) => answer(api.POST('/v1/models/test', { body }));
export const forget = () => answer(api.DELETE('/v1/models/setting'));

/** How each is spoken to, and where it usually is. */
export const PROVIDERS: Record<Content['provider'], { label: string; url: string }> = {
  openai: { label: 'OpenAI or compatible', url: 'https://api.openai.com/v1' },
  anthropic: { label: 'Anthropic', url: 'https://api.anthropic.com/v1' },
  ollama: { label: 'Ollama', url: 'http://localhost:11434' },
};

export const OUTCOME: Record<Schemas['ModelOutcome'], { label: string; tone: string }> = {
  asked: { label: 'under way, or cut off', tone: 'c-quiet' },
  said: { label: 'answered', tone: 'c-ok' },
  timed_out: { label: 'too late', tone: 'c-low' },
  refused: { label: 'refused', tone: 'c-low' },
  steered: { label: 'steered', tone: 'c-high' },
  failed: { label: 'failed', tone: 'c-low' },
  over_budget: { label: 'budget used up', tone: 'c-quiet' },
};

/** What a form says; the key only when one was typed or it is to be none. */
export function content(f: FormData): Content {
  const text = (name: string) => String(f.get(name) ?? '').trim();
  const key = text('key');
  return {
    enabled: f.get('enabled') === 'on',
    provider: text('provider') as Content['provider'],
    url: text('url'),
    model: text('model'),
    seconds: Number(text('seconds')),
    calls_per_day: Number(text('calls')),
    tokens_per_day: Number(text('tokens')),
    ...(f.get('nokey') === 'on' ? { key: '' } : key ? { key } : {}),
  };
}
