import { AlertsIcon, SearchIcon, SourcesIcon } from '../ui/icons';

/** Every page there is, and the keys that go there. */
export const PAGES = [
  { to: '/alerts', label: 'Alerts', key: 'g a', Icon: AlertsIcon },
  { to: '/search', label: 'Search', key: 'g s', Icon: SearchIcon },
  { to: '/sources', label: 'Sources', key: 'g h', Icon: SourcesIcon },
] as const;
