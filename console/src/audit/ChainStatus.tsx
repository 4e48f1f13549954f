import { useQuery } from '@tanstack/react-query';
import { number } from '../ui/format';
import { CopyButton, ProblemBox } from '../ui/parts';
import { VERIFICATION } from './audit';

/** Whether every entry is as it was written, and what proves it to others. */
export function ChainStatus() {
  const check = useQuery(VERIFICATION);
  const v = check.data;
  if (check.isError) return <ProblemBox problem={check.error} retry={() => void check.refetch()} />;
  return (
    <div className="row wrap" role="status" data-testid="chain">
      {v === undefined ? <span className="pill c-quiet">checking the chain…</span>
        : v.ok ? <span className="pill c-ok">chain whole</span>
        : <span className="pill c-failing">entry {number(v.first_bad ?? 0)} is bad</span>}
      {v === undefined ? null
        : v.ok ? <span className="muted">{number(v.entries)} entries are as they were written{v.sealed > 0 ? `; signed up to ${number(v.sealed)}` : '; none is signed yet, which happens each minute'}</span>
        : <span>{v.reason}. The {number(v.entries)} before it are good; tell who runs the installation, and keep the export.</span>}
      <span className="grow1" />
      {v?.checkpoint ? <CopyButton text={v.checkpoint} label="Copy the newest signed checkpoint: who keeps it can prove later that nothing before it was changed">Copy checkpoint</CopyButton> : null}
      <button type="button" className="btn" disabled={check.isFetching} onClick={() => void check.refetch()}>Check again</button>
    </div>
  );
}
