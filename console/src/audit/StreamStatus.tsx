import { useQuery } from '@tanstack/react-query';
import { useMay } from '../session/session';
import { when } from '../ui/format';
import { Key, ProblemBox } from '../ui/parts';
import { StreamDialog } from './StreamDialog';
import { STREAM, VERIFICATION, standing } from './audit';

/** Where the log goes besides and whether it arrives there, in a line; more is a key away. */
export function StreamStatus({ opened, open }: { opened: boolean; open: (on: boolean) => void }) {
  const may = useMay('audit:write');
  const stream = useQuery(STREAM);
  const newest = useQuery(VERIFICATION).data?.entries ?? 0;
  if (stream.isError) return <ProblemBox problem={stream.error} retry={() => void stream.refetch()} />;
  if (!stream.data) return null;
  const { receiver } = stream.data;
  const now = receiver && standing(receiver, newest);
  return (
    <div role="status" data-testid="stream">
      <div className="row wrap">
      {receiver && now ? (
        <>
          <span className={`pill ${now.tone}`}>{now.word}</span>
          <span className="muted">Goes to <span className="mono">{receiver.host}:{receiver.port}</span>, too. {now.text}</span>
        </>
      ) : <><span className="pill">only here</span><span className="muted">The log goes to no receiver besides.</span></>}
      <span className="grow1" />
      <button type="button" className="btn" onClick={() => open(true)}>{may && !receiver ? 'Send it to a receiver…' : 'Receiver…'} <Key k="s" /></button>
      </div>
      {receiver?.failed_at && receiver.fault ? <p className="tone c-failing small audit-fault">{when(receiver.failed_at)}: {receiver.fault}</p> : null}
      {opened ? <StreamDialog receiver={receiver} newest={newest} may={may} close={() => open(false)} /> : null}
    </div>
  );
}
