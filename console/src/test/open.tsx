import axe from 'axe-core';
import { act, fireEvent, render } from '@testing-library/react';
import { expect } from 'vitest';
import { App } from '../App';
import { session } from '../session/session';
import { serve, type Routes } from './server';

/** The console at an address, signed in; returns what it asked the server. */
export async function open(path: string, routes: Routes = {}) {
  window.history.replaceState(null, '', path);
  const asked = serve(routes);
  const view = render(<App />);
  await act(() => session.restore());
  return { ...view, asked };
}

/** Everything that axe can judge without a layout; contrast is judged in a real browser. */
export async function clean() {
  const r = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`)).toEqual([]);
}
export const press = (key: string) => fireEvent.keyDown(window, { key });
export const refuse = (status: number, detail: string, more = {}) => () => ({ status, body: { type: 'urn:marsad:problem:x', title: 'Refused', status, detail, ...more } });
