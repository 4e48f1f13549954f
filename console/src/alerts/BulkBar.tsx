import { Menu } from '@mantine/core';
import type { Verdict } from '../api/client';
import { Dropdown } from '../ui/Dropdown';
import { number } from '../ui/format';
import { Key } from '../ui/parts';
import { SNOOZES, VERDICTS, type Snooze } from './acts';

type Props = {
  /** How many; undefined for all that fit the filter. */
  marked: number | undefined;
  total: number | undefined;
  take: () => void;
  close: (v: Verdict, label: string) => void;
  dismiss: () => void;
  snooze: (s: Snooze) => void;
  tag: () => void;
  everything: () => void;
  unmark: () => void;
};

export function BulkBar({ marked, total, take, close, dismiss, snooze, tag, everything, unmark }: Props) {
  return (
    <div className="bulk" role="toolbar" aria-label="Act on the marked alerts">
      <strong>{marked === undefined ? `All ${number(total ?? 0)} that fit` : `${number(marked)} marked`}</strong>
      <button type="button" className="btn" onClick={take}>Take <Key k="a" /></button>
      <Dropdown position="top-start" width={230}>
        <Menu.Target><button type="button" className="btn">Close as… <Key k="e" /></button></Menu.Target>
        <Menu.Dropdown>{VERDICTS.map((v) => <Menu.Item key={v.key} rightSection={<Key k={`e ${v.key}`} />} onClick={() => close(v.verdict, v.label)}>{v.label}</Menu.Item>)}</Menu.Dropdown>
      </Dropdown>
      <button type="button" className="btn" onClick={dismiss}>Dismiss <Key k="e d" /></button>
      <Dropdown position="top-start" width={230}>
        <Menu.Target><button type="button" className="btn">Snooze… <Key k="s" /></button></Menu.Target>
        <Menu.Dropdown>{SNOOZES.map((s) => <Menu.Item key={s.key} rightSection={<Key k={`s ${s.key}`} />} onClick={() => snooze(s)}>for {s.label}</Menu.Item>)}</Menu.Dropdown>
      </Dropdown>
      <button type="button" className="btn" onClick={tag}>Tags <Key k="#" /></button>
      {marked !== undefined && total !== undefined && total > marked ? <button type="button" className="btn" onClick={everything}>All {number(total)} that fit <Key k="*" /></button> : null}
      <button type="button" className="btn" onClick={unmark}>Unmark <Key k="Escape" /></button>
    </div>
  );
}
