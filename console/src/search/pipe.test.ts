import { expect, it } from 'vitest';
import { filterOf, stagesOf, withFilter } from './pipe';

it('finds where the stages begin', () => {
  expect(filterOf('user = root | stats count by host')).toBe('user = root');
  expect(stagesOf('user = root | stats count by host')).toBe('| stats count by host');
  expect(filterOf(`cmd contains "a | b" or cmd = 'x|y' or \`o|d\` = 1`)).toBe(`cmd contains "a | b" or cmd = 'x|y' or \`o|d\` = 1`);
  expect(filterOf('| top host')).toBe('');
  expect(stagesOf('user = root')).toBe('');
  expect(filterOf('cmd = "open | top host')).toBe('cmd = "open | top host'); // a quote that is not closed yet
});

it('changes the filter and keeps the stages', () => {
  expect(withFilter('a = 1 | top b', 'a = 2')).toBe('a = 2 | top b');
  expect(withFilter('| top b', 'a = 2')).toBe('a = 2 | top b');
  expect(withFilter('a = 1', 'a = 2')).toBe('a = 2');
});
