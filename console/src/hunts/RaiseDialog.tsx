import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { Dialog } from '../ui/Dialog';
import { number } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { again, raising, type Hunt } from './hunt';

/** Says plainly what raising does before it is done. */
export function RaiseDialog({ hunt, opened, close, started }: { hunt: Hunt; opened: boolean; close: () => void; started: (h: Hunt) => void }) {
  const raise = useMutation({
    mutationFn: () => answer(api.POST('/v1/hunts', { body: again(hunt, true) })),
    onSuccess: (h) => {
      close();
      started(h);
    },
  });
  return (
    <Dialog opened={opened} close={close} title={`Raise ${number(hunt.hits)} ${hunt.hits === 1 ? 'alert' : 'alerts'}?`}>
      <div style={{ display: 'grid', gap: 14 }}>
        <ul className="says">{raising(hunt).map((s) => <li key={s}>{s}</li>)}</ul>
        {raise.isError ? <ProblemBox problem={raise.error} /> : null}
        <div className="row">
          <button type="button" className="btn" data-primary disabled={raise.isPending} onClick={() => raise.mutate()}>Raise the alerts</button>
          <button type="button" className="btn" data-autofocus onClick={close}>Not now</button>
        </div>
      </div>
    </Dialog>
  );
}
