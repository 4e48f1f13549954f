import { bytes } from '../ui/format';

/** Before much is read, a person is asked. */
export const WideAsk = ({ bytes: size, onRun, onNarrow }: { bytes: number; onRun: () => void; onNarrow: () => void }) => (
  <div className="empty" role="status">
    <h2>This may read {bytes(size)}</h2>
    <p className="muted">So much is stored in the time that is asked for. A shorter time or a host, user or address in the query makes it quick.</p>
    <div className="row wrap">
      <button type="button" className="btn" data-primary onClick={onRun}>Run it all the same</button>
      <button type="button" className="btn" onClick={onNarrow}>Choose a shorter time</button>
    </div>
  </div>
);
