import { useSession } from '../session/session';
import { AlertsIcon, ApprovalsIcon, AuditIcon, CasesIcon, CheckIcon, ContainerIcon, FileIcon, HiddenIcon, HostIcon, HuntsIcon, IntelIcon, ProcessIcon, RiskIcon, RulesIcon, PlaybooksIcon, RunsIcon, SaveIcon, ScheduleIcon, SearchIcon, SettingsIcon, SharedIcon, SourcesIcon, TenantsIcon } from '../ui/icons';

/** Every page there is, the keys that go there, and what one needs to be allowed to see it. Those within another are not in the main navigation. */
export const PAGES = [
  { to: '/alerts', label: 'Alerts', key: 'g a', Icon: AlertsIcon, needs: 'alerts:read' },
  { to: '/cases', label: 'Cases', key: 'g k', Icon: CasesIcon, needs: 'cases:read' },
  { to: '/risk', label: 'Risk', key: 'g w', Icon: RiskIcon, needs: 'risk:read' },
  { to: '/search', label: 'Search', key: 'g s', Icon: SearchIcon, needs: 'events:read' },
  { to: '/saved', label: 'Saved', key: 'g v', Icon: SaveIcon, needs: 'events:read' },
  { to: '/schedules', label: 'Schedules', key: 'g c', Icon: ScheduleIcon, needs: 'events:read' },
  { to: '/hunts', label: 'Hunts', key: 'g h', Icon: HuntsIcon, needs: 'events:read' },
  { to: '/rules', label: 'Rules', key: 'g r', Icon: RulesIcon, needs: 'events:read' },
  { to: '/suppressions', label: 'Suppressions', key: 'g e', Icon: HiddenIcon, needs: 'alerts:read' },
  { to: '/tuning', label: 'Tuning', key: 'g n', Icon: RulesIcon, needs: 'decisions:read' },
  { to: '/decisions', label: 'Decisions', key: 'g d', Icon: CheckIcon, needs: 'decisions:read' },
  { to: '/report', label: 'Report', key: 'g y', Icon: ScheduleIcon, needs: 'decisions:read' },
  { to: '/playbooks', label: 'Playbooks', key: 'g b', Icon: PlaybooksIcon, needs: 'playbooks:read' },
  { to: '/runs', label: 'Runs', key: 'g l', Icon: RunsIcon, needs: 'playbooks:read' },
  { to: '/approvals', label: 'Approvals', key: 'g z', Icon: ApprovalsIcon, needs: 'actions:read' },
  { to: '/actions', label: 'Actions log', key: 'g q', Icon: AuditIcon, needs: 'actions:read' },
  { to: '/intel', label: 'Intelligence', key: 'g i', Icon: IntelIcon, needs: 'intel:read' },
  { to: '/endpoints', label: 'Endpoints', key: 'g f', Icon: HostIcon, needs: 'endpoints:read' },
  { to: '/live-queries', label: 'Live query', key: 'g j', Icon: ProcessIcon, needs: 'endpoints:query' },
  { to: '/packs', label: 'osquery packs', key: 'g 1', Icon: ScheduleIcon, needs: 'endpoints:read', within: '/endpoints' },
  { to: '/policies', label: 'Agent policies', key: 'g 2', Icon: RulesIcon, needs: 'endpoints:read', within: '/endpoints' },
  { to: '/relays', label: 'Relays', key: 'g 3', Icon: SharedIcon, needs: 'endpoints:read', within: '/endpoints' },
  { to: '/carves', label: 'Files from hosts', key: 'g 4', Icon: FileIcon, needs: 'endpoints:query', within: '/endpoints' },
  { to: '/falco', label: 'Falco', key: 'g .', Icon: ContainerIcon, needs: 'events:read' },
  { to: '/sources', label: 'Sources', key: 'g o', Icon: SourcesIcon, needs: 'sources:read' },
  { to: '/users', label: 'Users', key: 'g p', Icon: SharedIcon, needs: 'users:read' },
  { to: '/tenants', label: 'Tenants', key: 'g t', Icon: TenantsIcon, needs: 'tenants:read' },
  { to: '/audit', label: 'Audit', key: 'g u', Icon: AuditIcon, needs: 'audit:read' },
  { to: '/settings', label: 'Settings', key: 'g ,', Icon: SettingsIcon, needs: 'alerts:read' },
] as const;

export type Page = (typeof PAGES)[number];
export const isMain = (p: Page) => !('within' in p);

/** Whether the page at an address is one within another. */
export const within = (path: string, of: string) => PAGES.some((p) => 'within' in p && p.within === of && path.startsWith(p.to));

/** Those that this person may see. */
export function usePages(): Page[] {
  const { permissions } = useSession();
  return PAGES.filter((p) => permissions.some((x) => x === p.needs || x === '*'));
}
