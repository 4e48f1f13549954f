import { Link } from '@tanstack/react-router';
import { useMay } from '../session/session';

/** Nothing that the tenant has carries an action out: says what becomes of it, and where that is changed. */
export function ConnectOne({ action, close }: { action: string; close?: () => void }) {
  const may = useMay('connectors:read');
  return <span className="c-warn">Nothing connected carries this out: it would fail. {may ? <Link to="/settings" search={{ section: 'connectors', carries: action }} onClick={close}>Connect one</Link> : 'Whoever may connect products can change that.'}</span>;
}
