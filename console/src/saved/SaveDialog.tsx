import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { label, type HuntSearch } from '../search/range';
import { Dialog } from '../ui/Dialog';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { again, create, kept, type View } from './views';

/** Keeps the search that is shown under a name. */
export function SaveDialog({ opened, close, search, saved }: { opened: boolean; close: () => void; search: HuntSearch; saved: (v: View) => void }) {
  const client = useQueryClient();
  const [ranged, setRanged] = useState(true);
  const save = useMutation({
    mutationFn: (f: FormData) => create({ ...kept(search, ranged), name: String(f.get('name')).trim(), description: String(f.get('description')).trim(), shared: f.get('shared') === 'on' }),
    onSuccess: async (v) => {
      await again(client);
      close();
      said(`Saved as “${v.name}”`);
      saved(v);
    },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    save.mutate(new FormData(e.currentTarget));
  };
  return (
    <Dialog opened={opened} close={() => { save.reset(); close(); }} title="Save this search">
      <form className="form" onSubmit={submit}>
        <pre className="code qtext" tabIndex={0} aria-label="The query">{search.q ?? (search.rule ? 'Every event on which the rule fires' : 'Everything')}</pre>
        <label>Name<input className="input" name="name" required maxLength={120} autoComplete="off" placeholder="Shells of service accounts" data-autofocus /></label>
        <label>What it is for <span className="muted">(may stay empty)</span><input className="input" name="description" maxLength={2000} autoComplete="off" /></label>
        <label className="check"><input type="checkbox" checked={ranged} onChange={(e) => setRanged(e.target.checked)} />With its time range: {label(search)}</label>
        <label className="check"><input type="checkbox" name="shared" />Everybody here sees it</label>
        {save.isError ? <ProblemBox problem={save.error} /> : null}
        <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending}>Save</button><button type="button" className="btn" onClick={close}>Do not save</button></div>
      </form>
    </Dialog>
  );
}
