import { expect, it, vi } from 'vitest';
import { Stream } from '../test/setup';
import { Following, columns, csv, names, type Answered } from './live';
import { readSearch } from './search';

const one = (seq: number, rows: object[], more: Partial<Answered> = {}): Answered => ({ seq, endpoint_id: `e${seq}`, hostname: `web-${seq}`, state: 'answered', status: 0, message: '', row_count: rows.length, truncated: false, rows: rows as Answered['rows'], ...more });
const open = (url: string) => new Stream(url) as unknown as EventSource;

it('reads names however they are typed', () => expect(names(' a, b ,,a')).toEqual(['a', 'b']));

it('keeps of the address what it knows', () => expect(readSearch({ query: 'q', host: 5 })).toEqual({ query: 'q', host: undefined }));

it('tells of many answers at once, never of one twice, and goes on behind the last', () => {
  vi.useFakeTimers();
  const f = new Following('q', open);
  const seen = vi.fn();
  const leave = f.subscribe(seen);
  expect(Stream.last!.url).toBe('/v1/live-queries/q/stream?after=0');
  Stream.last!.say('answer', one(1, [{ x: '1' }]), '1');
  Stream.last!.say('answer', one(2, [{ x: '2' }]), '2');
  Stream.last!.say('answer', one(2, [{ x: '2' }]), '2');
  expect(seen).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(seen).toHaveBeenCalledTimes(1);
  expect(f.get().answers.map((a) => a.seq)).toEqual([1, 2]);
  leave();
  expect(Stream.last!.closed).toBe(true);
  f.subscribe(seen);
  expect(Stream.last!.url).toBe('/v1/live-queries/q/stream?after=2');
  Stream.last!.say('end', { id: 'q', state: 'complete' }, '');
  expect(f.get().ended).toBe(true);
  expect(Stream.last!.closed).toBe(true);
  vi.useRealTimers();
});

it('says when the server ended the stream before the query did', () => {
  const f = new Following('q', open);
  f.subscribe(() => {});
  Stream.last!.fail(false);
  expect(f.get().broken).toBe(false);
  Stream.last!.fail(true);
  expect(f.get().broken).toBe(true);
});

it('knows the columns of all hosts, and writes them as CSV that no spreadsheet runs', () => {
  const some = [one(1, [{ name: 'a,b', pid: '-5' }]), one(2, [], { state: 'failed', status: 1, message: 'no such "table"' }), one(3, [{ name: '=cmd()', path: 'x' }])];
  expect(columns(some)).toEqual(['name', 'pid', 'path']);
  expect(csv(some)).toBe('host,status,message,name,pid,path\r\nweb-1,0,,"a,b",-5,\r\nweb-2,1,"no such ""table""",,,\r\nweb-3,0,,\'=cmd(),,x\r\n');
});
