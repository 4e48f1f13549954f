import { Link } from '@tanstack/react-router';
import { usePages } from '../shell/pages';

const HERE = '/endpoints';

/** The way between the pages about hosts. */
export function Nearby() {
  const pages = usePages().filter((p) => p.to === HERE || ('within' in p && p.within === HERE));
  if (pages.length < 2) return null;
  return <nav className="near" aria-label="About hosts">{pages.map((p) => <Link key={p.to} to={p.to}>{p.label}</Link>)}</nav>;
}
