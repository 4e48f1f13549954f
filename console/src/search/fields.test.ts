import { expect, it } from 'vitest';
import { EVENT } from '../test/server';
import { hostOf, shownOf, summary, userOf } from './fields';

const event = (fields: Record<string, string | number>) => ({ ...EVENT, fields });

it('says in a line what an event is', () => {
  expect(summary(event({ class_uid: 1007, activity_id: 1, 'process.cmd_line': 'cmd /c whoami' }))).toBe('cmd /c whoami');
  expect(summary(event({ class_uid: 1007, activity_id: 3, 'process.cmd_line': 'x', 'process.file.path': 'C:\\lsass.exe', 'actor.process.name': 'up.exe' }))).toBe('Process opened · C:\\lsass.exe · by up.exe');
  expect(summary(event({ class_uid: 3002, activity_id: 1, 'src_endpoint.ip': '10.0.0.1', status_id: 2 }))).toBe('Sign-in · from 10.0.0.1 · failure');
  expect(summary(event({ class_uid: 4001, activity_id: 1, 'dst_endpoint.ip': '10.0.0.2', 'dst_endpoint.port': 443 }))).toBe('Connection opened · to 10.0.0.2:443');
  expect(summary(event({ class_uid: 4001, activity_id: 1, 'dst_endpoint.ip': '10.0.0.2', 'actor.process.name': 'up.exe' }))).toBe('Connection opened · to 10.0.0.2 · by up.exe');
  expect(summary(event({ class_uid: 3002, activity_id: 1, logon_type_id: 3, 'device.hostname': 'dc', 'dst_endpoint.hostname': 'dc', status_id: 2, status_detail: 'wrong password' }))).toBe('Sign-in (network) · failure · wrong password');
  expect(summary(event({ class_uid: 201002, activity_id: 2, 'reg_value.path': 'HKU\\Run', 'reg_value.name': 'OneSync', 'reg_value.data': 'C:\\sync.exe', 'actor.process.name': 'ps.exe' }))).toBe('Registry value set · HKU\\Run\\OneSync = C:\\sync.exe · by ps.exe');
  expect(summary(event({ class_uid: 201004, activity_id: 1, 'win_service.name': 'PSEXESVC', 'win_service.cmd_line': '%SystemRoot%\\PSEXESVC.exe' }))).toBe('Service created · PSEXESVC · %SystemRoot%\\PSEXESVC.exe');
  expect(summary(event({ class_uid: 1009, activity_id: 1, 'script.script_content.value': 'IEX (x)' }))).toBe('IEX (x)');
  expect(summary(event({ 'unmapped.a': 1, 'unmapped.b': 'x' }))).toBe('unmapped.a=1 · unmapped.b=x');
});

it('finds who and where', () => {
  expect(hostOf(event({ 'cloud.account.uid': '42' }))).toBe('42');
  expect(userOf(event({ 'user.name': 'target', 'actor.user.name': 'doer' }))).toBe('doer');
});

it('finds what a column shows, by a field or by a short name', () => {
  const e = event({ 'process.cmd_line': 'id', 'unmapped.Odd': 'x', 'device.hostname': 'web-1' });
  expect(['process.cmd_line', 'cmd', 'Odd', 'host', 'log_source', 'url', 'constructor'].map((name) => shownOf(e, name))).toEqual(['id', 'id', 'x', 'web-1', EVENT.log_source, '', '']);
});
