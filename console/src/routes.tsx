import { lazy } from 'react';
import { Link, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { AlertsPage } from './alerts/AlertsPage';
import { readSearch as readQueue } from './alerts/filter';
import type { ActionSearch, ApprovalSearch } from './actions/address';
import { readSearch as readAudit } from './audit/search';
import type { CaseSearch, CasesSearch } from './cases/address';
import type { FalcoSearch } from './falco/address';
import { readSearch as readDecisions } from './decisions/search';
import { readSearch as readHunts } from './hunts/search';
import { readEntity, readSearch as readRisk } from './risk/address';
import { readSearch as readRules } from './rules/filter';
import { readSearch as readSchedules } from './schedules/search';
import { readSearch as readEvents } from './search/range';
import { readSearch as readIntel } from './intel/search';
import { readSearch as readSuppressions } from './suppressions/search';
import { readSearch as readUsers } from './users/search';
import { readSearch as readTenants } from './tenants/search';
import { readSearch as readEndpoints } from './endpoints/search';
import { readSearch as readLiveQueries } from './live-queries/search';
import type { PacksSearch } from './packs/search';
import type { PoliciesSearch } from './policies/search';
import type { PlaybookSearch, PlaybooksSearch } from './playbooks/address';
import type { RunSearch, RunsSearch } from './runs/address';
import { Shell } from './shell/Shell';
import { ProblemBox } from './ui/parts';

const CasesPage = lazy(() => import('./cases/CasesPage'));
const CasePage = lazy(() => import('./cases/CasePage'));
const MetricsPage = lazy(() => import('./cases/MetricsPage'));
const SearchPage = lazy(() => import('./search/SearchPage'));
const HuntsPage = lazy(() => import('./hunts/HuntsPage'));
const RulesPage = lazy(() => import('./rules/RulesPage'));
const SavedPage = lazy(() => import('./saved/SavedPage'));
const SchedulesPage = lazy(() => import('./schedules/SchedulesPage'));
const SuppressionsPage = lazy(() => import('./suppressions/SuppressionsPage'));
const RiskPage = lazy(() => import('./risk/RiskPage'));
const EntityPage = lazy(() => import('./risk/EntityPage'));
const IntelPage = lazy(() => import('./intel/IntelPage'));
const DecisionsPage = lazy(() => import('./decisions/DecisionsPage'));
const TuningPage = lazy(() => import('./tuning/TuningPage'));
const ReportPage = lazy(() => import('./report/ReportPage'));
const PlaybooksPage = lazy(() => import('./playbooks/PlaybooksPage'));
const PlaybookPage = lazy(() => import('./playbooks/EditorPage'));
const RunsPage = lazy(() => import('./runs/RunsPage'));
const RunPage = lazy(() => import('./runs/RunPage'));
const ApprovalsPage = lazy(() => import('./actions/ApprovalsPage'));
const ActionsPage = lazy(() => import('./actions/ActionsPage'));
const UsersPage = lazy(() => import('./users/UsersPage'));
const AuditPage = lazy(() => import('./audit/AuditPage'));
const TenantsPage = lazy(() => import('./tenants/TenantsPage'));
const AccountPage = lazy(() => import('./account/AccountPage'));
const SettingsPage = lazy(() => import('./settings/SettingsPage'));
const EndpointsPage = lazy(() => import('./endpoints/EndpointsPage'));
const LiveQueriesPage = lazy(() => import('./live-queries/LiveQueriesPage'));
const PacksPage = lazy(() => import('./packs/PacksPage'));
const PoliciesPage = lazy(() => import('./policies/PoliciesPage'));
const RelaysPage = lazy(() => import('./relays/RelaysPage'));
const CarvesPage = lazy(() => import('./carves/CarvesPage'));
const FalcoPage = lazy(() => import('./falco/FalcoPage'));
const SourcesPage = lazy(() => import('./sources/SourcesPage'));

const NotFound = () => (
  <div className="empty">
    <h2>There is no such page</h2>
    <p className="muted">The address may be mistyped, or the page was moved.</p>
    <Link className="btn" to="/alerts">Go to the alerts</Link>
  </div>
);

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const home = createRoute({ getParentRoute: () => root, path: '/', beforeLoad: () => { throw redirect({ to: '/alerts' }); } });
const alerts = createRoute({ getParentRoute: () => root, path: '/alerts', component: AlertsPage, validateSearch: readQueue });
// What the address says is read where it is used: these pages are loaded later.
const cases = createRoute({ getParentRoute: () => root, path: '/cases', component: CasesPage, validateSearch: (s: Record<string, unknown>) => s as CasesSearch });
const caseMetrics = createRoute({ getParentRoute: () => root, path: '/cases/metrics', component: MetricsPage, validateSearch: (s: Record<string, unknown>): { weeks?: number } => (Number(s.weeks) >= 1 && Number(s.weeks) <= 53 ? { weeks: Math.floor(Number(s.weeks)) } : {}) });
const oneCase = createRoute({ getParentRoute: () => root, path: '/cases/$id', component: CasePage, validateSearch: (s: Record<string, unknown>) => s as CaseSearch });
const playbooks = createRoute({ getParentRoute: () => root, path: '/playbooks', component: PlaybooksPage, validateSearch: (s: Record<string, unknown>) => s as PlaybooksSearch });
const onePlaybook = createRoute({ getParentRoute: () => root, path: '/playbooks/$id', component: PlaybookPage, validateSearch: (s: Record<string, unknown>) => s as PlaybookSearch });
const runs = createRoute({ getParentRoute: () => root, path: '/runs', component: RunsPage, validateSearch: (s: Record<string, unknown>) => s as RunsSearch });
const oneRun = createRoute({ getParentRoute: () => root, path: '/runs/$id', component: RunPage, validateSearch: (s: Record<string, unknown>) => s as RunSearch });
const approvals = createRoute({ getParentRoute: () => root, path: '/approvals', component: ApprovalsPage, validateSearch: (s: Record<string, unknown>) => s as ApprovalSearch });
const actions = createRoute({ getParentRoute: () => root, path: '/actions', component: ActionsPage, validateSearch: (s: Record<string, unknown>) => s as ActionSearch });
const search = createRoute({ getParentRoute: () => root, path: '/search', component: SearchPage, validateSearch: readEvents });
const hunts = createRoute({ getParentRoute: () => root, path: '/hunts', component: HuntsPage, validateSearch: readHunts });
const rules = createRoute({ getParentRoute: () => root, path: '/rules', component: RulesPage, validateSearch: readRules });
const saved = createRoute({ getParentRoute: () => root, path: '/saved', component: SavedPage, validateSearch: (s: Record<string, unknown>): { at?: string } => ({ at: typeof s.at === 'string' ? s.at.slice(0, 64) : undefined }) });
const schedules = createRoute({ getParentRoute: () => root, path: '/schedules', component: SchedulesPage, validateSearch: readSchedules });
const suppressions = createRoute({ getParentRoute: () => root, path: '/suppressions', component: SuppressionsPage, validateSearch: readSuppressions });
const risk = createRoute({ getParentRoute: () => root, path: '/risk', component: RiskPage, validateSearch: readRisk });
const entity = createRoute({ getParentRoute: () => root, path: '/entities/$type/$value', component: EntityPage, validateSearch: readEntity });
const intel = createRoute({ getParentRoute: () => root, path: '/intel', component: IntelPage, validateSearch: readIntel });
const decided = createRoute({ getParentRoute: () => root, path: '/decisions', component: DecisionsPage, validateSearch: readDecisions });
const tuning = createRoute({ getParentRoute: () => root, path: '/tuning', component: TuningPage, validateSearch: (s: Record<string, unknown>): { rule?: string } => ({ rule: typeof s.rule === 'string' ? s.rule.slice(0, 300) : undefined }) });
const report = createRoute({ getParentRoute: () => root, path: '/report', component: ReportPage, validateSearch: (s: Record<string, unknown>): { week?: string } => ({ week: typeof s.week === 'string' ? s.week.slice(0, 20) : undefined }) });
const sources = createRoute({ getParentRoute: () => root, path: '/sources', component: SourcesPage, validateSearch: (s: Record<string, unknown>): { new?: 'source' | 'token' } => (s.new === 'source' || s.new === 'token' ? { new: s.new } : {}) });
const endpoints = createRoute({ getParentRoute: () => root, path: '/endpoints', component: EndpointsPage, validateSearch: readEndpoints });
const liveQueries = createRoute({ getParentRoute: () => root, path: '/live-queries', component: LiveQueriesPage, validateSearch: readLiveQueries });
const packs = createRoute({ getParentRoute: () => root, path: '/packs', component: PacksPage, validateSearch: (s: Record<string, unknown>) => s as PacksSearch });
const policies = createRoute({ getParentRoute: () => root, path: '/policies', component: PoliciesPage, validateSearch: (s: Record<string, unknown>) => s as PoliciesSearch });
const relays = createRoute({ getParentRoute: () => root, path: '/relays', component: RelaysPage });
const carves = createRoute({ getParentRoute: () => root, path: '/carves', component: CarvesPage });
const falco = createRoute({ getParentRoute: () => root, path: '/falco', component: FalcoPage, validateSearch: (s: Record<string, unknown>) => s as FalcoSearch });
const users = createRoute({ getParentRoute: () => root, path: '/users', component: UsersPage, validateSearch: readUsers });
const audit = createRoute({ getParentRoute: () => root, path: '/audit', component: AuditPage, validateSearch: readAudit });
const account = createRoute({ getParentRoute: () => root, path: '/account', component: AccountPage });
const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: SettingsPage, validateSearch: (s: Record<string, unknown>): { section?: string; carries?: string } => ({ section: typeof s.section === 'string' ? s.section.slice(0, 40) : undefined, carries: typeof s.carries === 'string' ? s.carries.slice(0, 60) : undefined }) });
const tenants = createRoute({ getParentRoute: () => root, path: '/tenants', component: TenantsPage, validateSearch: readTenants });
const tree = root.addChildren([home, alerts, cases, caseMetrics, oneCase, playbooks, onePlaybook, runs, oneRun, approvals, actions, search, hunts, saved, schedules, rules, suppressions, intel, decided, tuning, report, risk, entity, endpoints, liveQueries, packs, policies, relays, carves, falco, sources, users, tenants, audit, settings, account]);

export const createAppRouter = () =>
  createRouter({
    routeTree: tree,
    defaultPreload: 'intent',
    defaultErrorComponent: ({ error, reset }) => <div className="empty"><ProblemBox problem={error} retry={reset} /></div>,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
