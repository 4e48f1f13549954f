import { answer, api, Refused, type Alert, type Schemas } from '../api/client';
import { number, words } from '../ui/format';
import type { Filter } from './filter';
import type { AlertQueue } from './queue';

const AT_ONCE = 4;
const REMEMBER = 50;
/** What the live stream tells one by one. */
const MOST_TOLD = 500;

export type Act = Schemas['AlertAct'];
export type Versioned = Act & { version?: number };
export type Bulk = Schemas['AlertBulkResult'];
export type Say = { done: (message: string, undo?: () => void) => void; failed: (title: string, message: string) => void };

/** What the server is asked. */
export type Wire = {
  one: (id: string, act: Versioned) => Promise<Alert>;
  fresh: (id: string) => Promise<Alert>;
  many: (body: Schemas['AlertBulk']) => Promise<Bulk>;
  undo: (undo: string) => Promise<Schemas['AlertBulkUndone']>;
};

export const wire: Wire = {
  one: (id, { to, verdict, assignee, until, escalated, add_tags, remove_tags, version }) => {
    const params = { path: { id } };
    if (to) return answer(api.POST('/v1/alerts/{id}/transition', { params, body: { to, verdict, assignee, until, version } }));
    if (escalated !== undefined) return answer(api.POST('/v1/alerts/{id}/escalate', { params, body: { escalated, version } }));
    return answer(api.POST('/v1/alerts/{id}/tags', { params, body: { add: add_tags, remove: remove_tags, version } }));
  },
  fresh: (id) => answer(api.GET('/v1/alerts/{id}', { params: { path: { id } } })),
  many: (body) => answer(api.POST('/v1/alerts/bulk', { body })),
  undo: (undo) => answer(api.POST('/v1/alerts/bulk/undo', { body: { undo } })),
};

/** Changes alerts: at once on the screen, then on the server; what the server refuses is put back and said. */
export class Triage {
  private readonly done: (() => void)[] = [];
  private readonly lines = new Map<string, Promise<void>>();

  constructor(
    private readonly queue: AlertQueue,
    private readonly me: string,
    private readonly say: Say,
    private readonly changed: (id: string) => void = () => {},
    private readonly server: Wire = wire,
  ) {}

  /** `alerts` as they are shown now. Several are one act, which is undone as one. */
  async change(alerts: readonly Alert[], act: Act, label: string): Promise<void> {
    if (alerts.length === 0) return;
    if (alerts.length > 1) return this.many({ ids: alerts.map((a) => a.id) }, act, label, alerts);
    const before = alerts[0]!;
    this.remember(() => {
      this.say.done(`Undone: “${short(before.title)}” is ${words(before.status)} again`);
      void this.send([this.queue.find(before.id) ?? before], (now) => back(before, now));
    });
    this.say.done(`${label} “${short(before.title)}”`, () => void this.undo());
    await this.send(alerts, () => act);
  }

  /** How many of all that fit would change. */
  count(filter: Filter, act: Act): Promise<Bulk> {
    return this.server.many({ filter: asked(filter), act, dry_run: true });
  }

  /** Acts on all that fit and were there when they were counted. */
  all(filter: Filter, until: string, act: Act, label: string): Promise<void> {
    return this.many({ filter: { ...asked(filter), created_until: until } }, act, label, this.queue.get().rows);
  }

  /** Takes the last change back. False when there is none. */
  undo(): boolean {
    const last = this.done.pop();
    last?.();
    return last !== undefined;
  }

  private remember(undo: () => void) {
    this.done.push(undo);
    if (this.done.length > REMEMBER) this.done.shift();
  }

  private forget(undo: () => void) {
    const at = this.done.lastIndexOf(undo);
    if (at >= 0) this.done.splice(at, 1);
  }

  private async many(which: Pick<Schemas['AlertBulk'], 'ids' | 'filter'>, act: Act, label: string, shown: readonly Alert[]) {
    for (const a of shown) this.queue.overlay(a.id, this.preview(a, act));
    let told = false;
    const asked = this.server.many({ ...which, act, dry_run: false });
    // Remembered before the answer: who undoes at once means this act and not the one before it.
    const undo = () => void asked.then((r) => (r.undo ? this.undoMany(r.undo) : undefined), () => undefined);
    this.remember(undo);
    try {
      const result = await asked;
      const left = result.matched - result.changed;
      told = left === 0 && result.changed <= MOST_TOLD;
      const token = result.undo;
      if (!token) this.forget(undo);
      this.say.done(`${label} ${number(result.changed)} alerts${left > 0 ? `; ${number(left)} stay as they were` : ''}`, token ? () => void this.undo() : undefined);
    } catch (e) {
      this.forget(undo);
      if (!(e instanceof Refused)) throw e;
      this.say.failed('Nothing was changed', e.message);
    }
    await this.settle(shown, told);
  }

  private async undoMany(token: string) {
    const shown = this.queue.get().rows;
    let told = false;
    try {
      const undone = await this.server.undo(token);
      told = undone.restored <= MOST_TOLD;
      this.say.done(`Undone: ${number(undone.restored)} alerts are as before${undone.changed_since > 0 ? `; ${number(undone.changed_since)} were changed since and stay so` : ''}`);
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      this.say.failed('Not undone', e.message);
    }
    await this.settle(shown, told);
  }

  /** @param told the live stream says how each alert is now; otherwise the queue is read again */
  private async settle(shown: readonly Alert[], told: boolean) {
    for (const a of shown) this.changed(a.id);
    if (told) this.queue.recount();
    else await this.queue.reload();
  }

  private async send(alerts: readonly Alert[], act: (a: Alert) => Act) {
    for (const a of alerts) this.queue.overlay(a.id, this.preview(a, act(a)));
    const waiting = [...alerts];
    const worker = async () => {
      for (let a = waiting.shift(); a; a = waiting.shift()) await this.inLine(a, act(a));
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, worker));
    this.queue.recount();
  }

  private preview(a: Alert, act: Act): Partial<Alert> {
    if (act.escalated !== undefined) return { escalated: act.escalated };
    if (!act.to) return { tags: [...new Set([...a.tags.filter((t) => !act.remove_tags?.includes(t)), ...(act.add_tags ?? [])])].sort() };
    return {
      status: act.to,
      verdict: act.to === 'resolved' ? (act.verdict ?? null) : null,
      assignee: act.to === 'in_progress' ? (act.assignee ?? this.me) : act.to === 'new' ? null : a.assignee,
      snoozed_until: act.to === 'snoozed' ? (act.until ?? null) : null,
    };
  }

  /** One change of an alert after the other, so that a quick second one never overtakes the first. */
  private inLine(a: Alert, act: Act): Promise<void> {
    const run = async () => {
      try {
        const version = this.queue.find(a.id)?.version;
        this.queue.replace(await this.server.one(a.id, version === undefined ? act : { ...act, version }), true);
      } catch (e) {
        if (!(e instanceof Refused)) throw e;
        // 409: somebody was faster, so the screen gets what they made of it.
        this.queue.replace(e.status === 409 || e.status === 422 ? await this.server.fresh(a.id).catch(() => a) : a, true);
        this.say.failed(`“${short(a.title)}” is unchanged`, e.message);
      } finally {
        this.changed(a.id);
      }
    };
    const line = (this.lines.get(a.id) ?? Promise.resolve()).then(run);
    this.lines.set(a.id, line);
    return line;
  }
}

/** The act that makes `now` what it was. */
function back(was: Alert, now: Alert): Act {
  if (was.status === now.status && was.escalated !== now.escalated) return { escalated: was.escalated };
  if (was.status === now.status && was.tags.join() !== now.tags.join()) return { add_tags: was.tags.filter((t) => !now.tags.includes(t)), remove_tags: now.tags.filter((t) => !was.tags.includes(t)) };
  if (was.status === 'resolved') return { to: 'resolved', verdict: was.verdict ?? 'benign' };
  if (was.status === 'snoozed' && was.snoozed_until && Date.parse(was.snoozed_until) > Date.now()) return { to: 'snoozed', until: was.snoozed_until };
  if (was.status === 'in_progress' && was.assignee) return { to: 'in_progress', assignee: was.assignee };
  return { to: was.status === 'snoozed' ? 'new' : was.status };
}

const asked = (f: Filter): Schemas['AlertFilter'] => ({ ...f, status: f.status.length > 0 ? f.status : undefined, severity: f.severity.length > 0 ? f.severity : undefined });
const short = (s: string) => (s.length > 60 ? `${s.slice(0, 59)}…` : s);
