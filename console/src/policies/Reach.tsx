import type { Policy } from '../falco/rules';
import { number } from '../ui/format';

/** How far a version has come: hosts that have it in force, refuse it, or have not said. */
export function Reach({ p }: { p: Policy }) {
  const { of, in_force: on, refused } = p.hosts;
  const part = (n: number) => ({ width: `${of > 0 ? (100 * n) / of : 0}%` });
  return (
    <span className="reach">
      <span className="reachbar" aria-hidden="true"><i className="c-ok" style={part(on)} /><i className="c-failing" style={part(refused)} /></span>
      <span className="muted">in force on {number(on)} of {number(of)}{refused > 0 ? <>, <span className="c-bad">refused by {number(refused)}</span></> : null}</span>
    </span>
  );
}
