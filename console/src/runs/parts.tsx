import type { MouseEvent, ReactNode } from 'react';
import { useRouter } from '@tanstack/react-router';
import { RUN_TONE, WAITS, forPeople, type Run } from './runs';

export function RunPill({ r }: { r: Run }) {
  if (r.status === 'running' && r.waiting) return <span className={`pill ${forPeople(r) ? 'c-medium' : 'c-low'}`}>{WAITS[r.waiting]}</span>;
  return <span className={`pill ${RUN_TONE[r.status]}`}>{r.status}</span>;
}

/** To the playbook, at the version that was run. */
export function PlaybookLink({ id, version, className, children }: { id: string; version?: string; className?: string; children: ReactNode }) {
  const router = useRouter();
  const href = `/playbooks/${encodeURIComponent(id)}${version ? `?version=${encodeURIComponent(version)}` : ''}`;
  const go = (e: MouseEvent) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    router.history.push(href);
  };
  return <a href={href} className={className} onClick={go}>{children}</a>;
}
