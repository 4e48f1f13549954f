import type { ReactNode } from 'react';
import { Modal } from '@mantine/core';
import { CloseIcon } from './icons';

type Props = { opened: boolean; close: () => void; title: string; children: ReactNode; /** A click beside it leaves it open. */ firm?: boolean };

/** A window over the page; the page does not scroll, so nothing needs to be locked. */
export function Dialog({ opened, close, title, children, firm }: Props) {
  return (
    <Modal.Root opened={opened} onClose={close} closeOnClickOutside={!firm} size={680} padding={0} lockScroll={false} radius={10} transitionProps={{ duration: 0 }}>
      <Modal.Overlay backgroundOpacity={0.5} />
      <Modal.Content className="dialog">
        <div className="dialog-top">
          <Modal.Title>{title}</Modal.Title>
          <button type="button" className="icon" aria-label="Close" title="Close (Esc)" onClick={close}><CloseIcon size={17} /></button>
        </div>
        <div className="dialog-in">{children}</div>
      </Modal.Content>
    </Modal.Root>
  );
}
