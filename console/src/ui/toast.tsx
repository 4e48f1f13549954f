import { notifications } from '@mantine/notifications';
import { UndoIcon } from './icons';
import { Key } from './parts';

/** So long one may take something back. */
export const UNDO_MS = 10_000;

/** Says what was done, with the way back. */
export function said(message: string, undo?: () => void) {
  const id = 'said';
  notifications.hide(id);
  notifications.show({
    id,
    autoClose: undo ? UNDO_MS : 3000,
    withCloseButton: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    message: (
      <span className="row">
        <span className="grow1">{message}</span>
        {undo ? <button type="button" className="btn" onClick={() => { notifications.hide(id); undo(); }}><UndoIcon size={14} />Undo <Key k="u" /></button> : null}
      </span>
    ),
  });
}

export function failed(title: string, message: string) {
  notifications.show({ color: 'red', title, message, autoClose: 8000, closeButtonProps: { 'aria-label': 'Dismiss' } });
}
