import { expect, it } from 'vitest';
import { EVENT } from '../test/server';
import { hostOf, summary, userOf } from './fields';

const event = (fields: Record<string, string | number>) => ({ ...EVENT, fields });

it('says in a line what an event is', () => {
  expect(summary(event({ class_uid: 1007, activity_id: 1, 'process.cmd_line': 'cmd /c whoami' }))).toBe('cmd /c whoami');
  expect(summary(event({ class_uid: 1007, activity_id: 3, 'process.cmd_line': 'x', 'process.file.path': 'C:\\lsass.exe', 'actor.process.name': 'up.exe' }))).toBe('Process opened · C:\\lsass.exe · by up.exe');
  expect(summary(event({ class_uid: 3002, activity_id: 1, 'src_endpoint.ip': '10.0.0.1', status_id: 2 }))).toBe('Sign-in · from 10.0.0.1 · failure');
  expect(summary(event({ class_uid: 4001, activity_id: 1, 'dst_endpoint.ip': '10.0.0.2', 'dst_endpoint.port': 443 }))).toBe('Connection opened · to 10.0.0.2:443');
  expect(summary(event({ 'unmapped.a': 1, 'unmapped.b': 'x' }))).toBe('unmapped.a=1 · unmapped.b=x');
});

it('finds who and where', () => {
  expect(hostOf(event({ 'cloud.account.uid': '42' }))).toBe('42');
  expect(userOf(event({ 'user.name': 'target', 'actor.user.name': 'doer' }))).toBe('doer');
});
