import { Dialog } from '../ui/Dialog';
import { shownKeys } from '../ui/keys';
import { Key } from '../ui/parts';

export function KeysHelp({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Dialog opened={opened} close={close} title="Keys of this screen">
      <div className="keyhelp">
        {opened ? shownKeys().map(([group, bindings]) => (
          <div className="keygroup" key={group}>
            <h3 className="cap">{group}</h3>
            <dl>
              {bindings.map((b) => [
                <dt key={`${b.label}t`}>{b.label}</dt>,
                <dd key={`${b.label}d`}>{b.keys.map((k) => <span key={k}><Key k={k} /></span>)}</dd>,
              ])}
              {group === 'Everywhere' ? [<dt key="kt">Go to or do</dt>, <dd key="kd"><Key k="Ctrl K" /></dd>] : null}
            </dl>
          </div>
        )) : null}
      </div>
    </Dialog>
  );
}
