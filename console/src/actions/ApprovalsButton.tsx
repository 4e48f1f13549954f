import '../people/people.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../session/session';
import { ApprovalsIcon } from '../ui/icons';
import { useLiveResponse } from './live';
import { MOST, WAITING } from './respond';

/** How much waits for a person, and the way there. */
export default function ApprovalsButton() {
  const may = useMay('actions:read');
  const waiting = useQuery({ ...WAITING, enabled: may, retry: false }).data?.actions.length ?? 0;
  useLiveResponse(may ? { action: [WAITING.queryKey] } : {});
  if (!may) return null;
  return <Link to="/approvals" className="icon inbox" aria-label={waiting > 0 ? `Approvals, ${waiting} waiting` : 'Approvals'} title="Approvals (g z)"><ApprovalsIcon size={17} />{waiting > 0 ? <span className="n" aria-hidden>{waiting > 99 || waiting >= MOST ? '99+' : waiting}</span> : null}</Link>;
}
