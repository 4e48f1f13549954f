import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 15_000 });
afterEach(cleanup);

// What jsdom does not have.
Object.defineProperty(window, 'matchMedia', {
  value: (media: string) => ({ matches: false, media, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {}, dispatchEvent: () => false }),
});
class Sized {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal('ResizeObserver', Sized);
Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', { value: undefined });
for (const side of ['offset', 'client']) {
  Object.defineProperty(HTMLElement.prototype, `${side}Height`, { configurable: true, get: () => 640 });
  Object.defineProperty(HTMLElement.prototype, `${side}Width`, { configurable: true, get: () => 1200 });
}
Element.prototype.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};
window.scrollTo = () => {};
document.elementFromPoint = () => null;
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();

/** A stream that a test speaks on. */
export class Stream extends EventTarget {
  static last: Stream | undefined;
  readyState = 0;
  onopen: (() => void) | undefined;
  onerror: (() => void) | undefined;
  closed = false;
  constructor(readonly url: string) {
    super();
    Stream.last = this;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  say(name: string, data: unknown, id: string) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId: id }));
  }
  fail(gaveUp: boolean) {
    this.readyState = gaveUp ? 2 : 0;
    this.onerror?.();
  }
  close() {
    this.closed = true;
    this.readyState = 2;
  }
}
vi.stubGlobal('EventSource', Stream);
