import { answer, api, Refused, type Alert, type Transition } from '../api/client';
import { words } from '../ui/format';
import type { AlertQueue } from './queue';

const AT_ONCE = 4;
const REMEMBER = 50;

export type Say = { done: (message: string, undo?: () => void) => void; failed: (title: string, message: string) => void };
export type Send = (id: string, body: Transition) => Promise<Alert>;

const send: Send = (id, body) => answer(api.POST('/v1/alerts/{id}/transition', { params: { path: { id } }, body }));

/** Changes alerts: at once on the screen, then on the server; what the server refuses is put back and said. */
export class Triage {
  private readonly done: { before: Alert[]; label: string }[] = [];
  private readonly lines = new Map<string, Promise<void>>();

  constructor(
    private readonly queue: AlertQueue,
    private readonly me: string,
    private readonly say: Say,
    private readonly changed: (id: string) => void = () => {},
    private readonly transition: Send = send,
    private readonly fresh: (id: string) => Promise<Alert> = (id) => answer(api.GET('/v1/alerts/{id}', { params: { path: { id } } })),
  ) {}

  /** `alerts` as they are shown now. */
  async change(alerts: readonly Alert[], to: Omit<Transition, 'version'>, label: string): Promise<void> {
    if (alerts.length === 0) return;
    this.done.push({ before: [...alerts], label });
    if (this.done.length > REMEMBER) this.done.shift();
    const what = alerts.length === 1 ? `“${short(alerts[0]!.title)}”` : `${alerts.length} alerts`;
    this.say.done(`${label} ${what}`, () => void this.undo());
    await this.send(alerts, () => to);
  }

  /** Takes the last change back. False when there is none. */
  undo(): boolean {
    const last = this.done.pop();
    if (!last) return false;
    this.say.done(last.before.length === 1 ? `Undone: “${short(last.before[0]!.title)}” is ${words(last.before[0]!.status)} again` : `Undone: ${last.before.length} alerts are as before`);
    const was = new Map(last.before.map((a) => [a.id, a]));
    void this.send(last.before.map((a) => this.queue.find(a.id) ?? a), (a) => {
      const b = was.get(a.id)!;
      return { to: b.status, ...(b.status === 'resolved' && b.verdict ? { verdict: b.verdict } : {}) };
    });
    return true;
  }

  private async send(alerts: readonly Alert[], to: (a: Alert) => Omit<Transition, 'version'>) {
    for (const a of alerts) this.queue.overlay(a.id, this.preview(a, to(a)));
    const waiting = [...alerts];
    const worker = async () => {
      for (let a = waiting.shift(); a; a = waiting.shift()) await this.inLine(a, to(a));
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, worker));
    this.queue.recount();
  }

  private preview(a: Alert, to: Omit<Transition, 'version'>): Partial<Alert> {
    return {
      status: to.to,
      verdict: to.to === 'resolved' ? (to.verdict ?? null) : null,
      assignee: to.to === 'in_progress' || (to.to === 'resolved' && !a.assignee) ? this.me : to.to === 'new' ? null : a.assignee,
    };
  }

  /** One change of an alert after the other, so that a quick second one never overtakes the first. */
  private inLine(a: Alert, to: Omit<Transition, 'version'>): Promise<void> {
    const run = async () => {
      try {
        const version = this.queue.find(a.id)?.version;
        this.queue.replace(await this.transition(a.id, version === undefined ? to : { ...to, version }), true);
      } catch (e) {
        if (!(e instanceof Refused)) throw e;
        // 409: somebody was faster, so the screen gets what they made of it.
        this.queue.replace(e.status === 409 ? await this.fresh(a.id).catch(() => a) : a, true);
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

const short = (s: string) => (s.length > 60 ? `${s.slice(0, 59)}…` : s);
