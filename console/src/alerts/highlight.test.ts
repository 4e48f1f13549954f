import { expect, it } from 'vitest';
import { asked, highlight, highlightAll, literals } from './highlight';

const hits = (value: string, pattern?: string) => highlight(value, pattern).filter((p) => p.hit).map((p) => p.text);

it('marks what a pattern with wildcards found', () => {
  expect(hits('C:\\Windows\\lsass.exe', '*\\lsass.exe')).toEqual(['\\lsass.exe']);
  expect(hits('powershell.exe -NoP -ENC AAAA', '* -enc *')).toEqual([' -ENC ']);
  expect(hits('a-b-c-b', '*b')).toEqual(['b']);
  expect(highlight('a-b-c-b', '*b').map((p) => p.text)).toEqual(['a-b-c-', 'b']);
  expect(hits('copy one to two', 'copy*to*')).toEqual(['copy', 'to']);
});

it('reads patterns as the platform writes them', () => {
  expect(asked('TargetImage: endswith \\lsass.exe')).toEqual({ field: 'TargetImage', how: ['endswith'], value: '\\lsass.exe' });
  expect(asked('CommandLine: contains windash  -enc ')).toEqual({ field: 'CommandLine', how: ['contains', 'windash'], value: ' -enc ' });
  expect(asked('eventName: AttachUserPolicy')).toEqual({ field: 'eventName', how: [], value: 'AttachUserPolicy' });
  expect(asked('*-enc*')).toEqual({ field: '', how: [], value: '*-enc*' });
  expect(hits('C:\\Windows\\lsass.exe', 'TargetImage: endswith \\lsass.exe')).toEqual(['\\lsass.exe']);
  expect(hits('HKU\\x\\CurrentVersion\\Run\\OneSync', 'TargetObject: contains \\CurrentVersion\\Run\\')).toEqual(['\\CurrentVersion\\Run\\']);
  expect(hits('curl http://x | bash', 'CommandLine: re \\|\\s*(ba|z)?sh\\b')).toEqual(['| bash']);
  expect(hits('powershell -e AA', 'CommandLine: re (?i) -E\\s')).toEqual([' -e ']);
  expect(hits('10.1.2.3', 'SourceIp: cidr 10.0.0.0/8')).toEqual(['10.1.2.3']);
  expect(hits('anything', 'Field: re (unclosed')).toEqual(['anything']);
});

it('marks several patterns in one value', () => {
  expect(highlight('curl x | bash', 'C: contains curl ', 'C: re \\|\\s*bash').filter((p) => p.hit).map((p) => p.text)).toEqual(['curl ', '| bash']);
  expect(highlight('abcd', '*abc*', '*bcd*')).toEqual([{ text: 'abcd', hit: true }]);
});

it('marks everything where the pattern is no text of it', () => {
  expect(hits('powershell /e AAAA', '(?i)\\s[-/]e\\s+')).toEqual(['powershell /e AAAA']);
  expect(hits('10.1.2.3', '10.0.0.0/8')).toEqual(['10.1.2.3']);
  expect(hits('x', undefined)).toEqual(['x']);
});

it('reads escapes as a rule writes them', () => {
  expect(literals('a\\*b*c\\\\d')).toEqual(['a*b', 'c\\d']);
});

it('loses and invents no character, whatever it is given', () => {
  const letters = 'ab\\*?-';
  let seed = 11;
  const next = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  const word = (n: number) => Array.from({ length: next(n) }, () => letters[next(letters.length)]).join('');
  for (let i = 0; i < 3000; i++) {
    const value = word(14);
    expect(highlight(value, word(6)).map((p) => p.text).join('')).toBe(value);
    expect(highlightAll(value, [word(6), word(5)]).map((p) => p.text).join('')).toBe(value);
  }
});
