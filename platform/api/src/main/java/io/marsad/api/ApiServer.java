package io.marsad.api;

import io.marsad.api.alerts.AlertRoutes;
import io.marsad.api.alerts.AlertServices;
import io.marsad.api.audit.AuditRoutes;
import io.marsad.api.audit.AuditStreamRoutes;
import io.marsad.api.auth.AccessTokenRoutes;
import io.marsad.api.auth.AuthRoutes;
import io.marsad.api.auth.CallbackAddress;
import io.marsad.api.auth.Credentials;
import io.marsad.api.auth.PasskeyRoutes;
import io.marsad.api.auth.ProviderRoutes;
import io.marsad.api.auth.SecondFactorRoutes;
import io.marsad.api.auth.SessionRoutes;
import io.marsad.api.auth.SignOnRoutes;
import io.marsad.api.auth.TokenRoutes;
import io.marsad.api.cases.CaseRoutes;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.decisions.DecisionRoutes;
import io.marsad.api.decisions.ReportRoutes;
import io.marsad.api.decisions.TuningRoutes;
import io.marsad.api.events.EventApi;
import io.marsad.api.events.QuerySlots;
import io.marsad.api.http.HttpServer;
import io.marsad.api.http.Route;
import io.marsad.api.hunts.HuntRoutes;
import io.marsad.api.inbox.InboxRoutes;
import io.marsad.api.inbox.PresenceRoutes;
import io.marsad.api.ingest.IngestRoutes;
import io.marsad.api.intel.FeedRoutes;
import io.marsad.api.intel.IndicatorRoutes;
import io.marsad.api.intel.IntelRoutes;
import io.marsad.api.intel.IntelServices;
import io.marsad.api.live.LiveRoutes;
import io.marsad.api.live.LiveStreams;
import io.marsad.api.models.ModelRoutes;
import io.marsad.api.models.ModelServices;
import io.marsad.api.notify.NotificationRoutes;
import io.marsad.api.platform.Check;
import io.marsad.api.platform.Metrics;
import io.marsad.api.platform.PlatformRoutes;
import io.marsad.api.respond.ApprovalLinkRoutes;
import io.marsad.api.respond.ChatLinkRoutes;
import io.marsad.api.respond.PlaybookRoutes;
import io.marsad.api.respond.QuestionRoutes;
import io.marsad.api.respond.RespondServices;
import io.marsad.api.respond.SlackRoutes;
import io.marsad.api.risk.ContextRoutes;
import io.marsad.api.risk.RiskRoutes;
import io.marsad.api.rules.RuleBook;
import io.marsad.api.rules.RuleRoutes;
import io.marsad.api.rules.StageRoutes;
import io.marsad.api.searches.HistoryRoutes;
import io.marsad.api.searches.ScheduleRoutes;
import io.marsad.api.searches.ViewRoutes;
import io.marsad.api.sources.SourceRoutes;
import io.marsad.api.suppressions.SuppressionRoutes;
import io.marsad.api.tenants.DelegationRoutes;
import io.marsad.api.tenants.TemplateRoutes;
import io.marsad.api.tenants.Tenancy;
import io.marsad.api.tenants.TenantRoutes;
import io.marsad.api.users.RoleRoutes;
import io.marsad.api.users.UserRoutes;
import io.marsad.api.vault.VaultRoutes;
import io.marsad.ingest.hunt.Hunts;
import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.ledger.DeadLetters;
import io.marsad.ingest.ledger.Ledger;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.kernel.store.EventStore;
import io.marsad.soc.audit.Audit;
import io.marsad.soc.audit.AuditStreams;
import io.marsad.soc.live.LiveFeed;
import io.marsad.soc.notify.Notifications;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.soc.schedule.Schedules;
import io.marsad.soc.search.SavedViews;
import io.marsad.soc.search.SearchHistory;
import io.marsad.soc.vault.VaultCare;
import io.marsad.store.query.run.Lookups;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The platform's HTTP interface, as {@code api/openapi.yaml} has it, and the console. Built from the services it shows;
 * closed before them.
 */
public final class ApiServer implements AutoCloseable {
    private final LiveStreams streams = new LiveStreams();
    private final HttpServer server;

    /**
     * Where and as what.
     *
     * @param listener where to listen
     * @param origin how browsers reach this, or null where only this machine's do
     * @param heartbeat how often a silent live stream shows that it is open; 15 s in production
     */
    public record Settings(
            HttpServer.Listener listener,
            String version,
            @Nullable URI origin,
            Duration heartbeat) {
        public Settings(HttpServer.Listener listener, String version, @Nullable URI origin) {
            this(listener, version, origin, Duration.ofSeconds(15));
        }
    }

    /** What people search with and keep of it. */
    public record Searches(
            RuleCatalog catalog, SavedViews views, SearchHistory history, Schedules schedules, Lookups lists) {}

    /** What is shown. */
    public record Services(
            IdentityServices identity,
            AlertServices alerts,
            RespondServices respond,
            IntelServices intel,
            Notifications notifications,
            ModelServices models,
            LiveFeed feed,
            Intake intake,
            EventStore events,
            EventJson json,
            Ledger ledger,
            DeadLetters letters,
            Hunts hunts,
            Searches searches,
            Audit audit,
            AuditStreams auditStreams,
            VaultCare vault,
            Tenancy tenancy,
            Supplier<SourceRoutes.RuleCount> rules,
            RuleRoutes.Reloading reloading) {}

    /**
     * @param checks what {@code /ready} asks, in this order
     * @param random a secure source
     * @throws IllegalStateException when the code and the contract do not have the same routes
     */
    public ApiServer(
            Settings settings,
            Services services,
            List<Check> checks,
            Metrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        var routes = new ArrayList<Route>();
        var identity = services.identity;
        var auth = new AuthRoutes(identity.accounts(), services.tenancy.standings(), streams);
        routes.addAll(auth.routes());
        routes.addAll(new SessionRoutes(identity.accounts(), streams).routes());
        routes.addAll(new PasskeyRoutes(identity.passkeys(), settings.origin, auth).routes());
        routes.addAll(new SecondFactorRoutes(identity.accounts().factors(), identity.secondFactors()).routes());
        routes.addAll(new AccessTokenRoutes(identity.accessTokens()).routes());
        routes.addAll(signOn(services, settings.origin));
        routes.addAll(new TokenRoutes(identity.tokens(), streams).routes());
        routes.addAll(new UserRoutes(identity.users(), streams).routes());
        routes.addAll(new RoleRoutes(identity.roles()).routes());
        routes.addAll(new AuditRoutes(services.audit, identity.accounts()).routes());
        routes.addAll(new AuditStreamRoutes(services.auditStreams).routes());
        routes.addAll(new VaultRoutes(services.vault).routes());
        routes.addAll(new DelegationRoutes(services.tenancy.delegations()).routes());
        routes.addAll(new TenantRoutes(services.tenancy.tenants(), streams).routes());
        routes.addAll(new TemplateRoutes(services.tenancy.templates()).routes());
        routes.addAll(new IngestRoutes(services.intake, metrics.registry()).routes());
        routes.addAll(
                identity.fleet().routes(services.intake, services.tenancy.standings(), streams, metrics.registry()));
        var events = new EventApi(
                services.events,
                services.json,
                new EventApi.Asking(services.searches.lists, services.searches.catalog, services.searches.history),
                new QuerySlots(
                        tenant -> services.tenancy.standings().quota(tenant).queries()),
                clock);
        routes.addAll(events.routes());
        routes.addAll(new ViewRoutes(services.searches.views, events::check).routes());
        routes.addAll(new ScheduleRoutes(services.searches.schedules, services.searches.views, events::check).routes());
        routes.addAll(new HistoryRoutes(services.searches.history).routes());
        routes.addAll(new AlertRoutes(services.alerts).routes());
        routes.addAll(new SuppressionRoutes(services.alerts.suppressions(), clock).routes());
        routes.addAll(new RiskRoutes(services.alerts.risk(), services.alerts.entities()).routes());
        routes.addAll(new DecisionRoutes(services.alerts.decisions()).routes());
        routes.addAll(new ContextRoutes(services.alerts.context(), clock).routes());
        routes.addAll(work(services));
        routes.addAll(intel(services.intel, clock));
        routes.addAll(new NotificationRoutes(services.notifications).routes());
        routes.addAll(people(services));
        routes.addAll(new ModelRoutes(services.models).routes());
        routes.addAll(new LiveRoutes(services.feed, streams, settings.heartbeat).routes());
        routes.addAll(new SourceRoutes(services.ledger, services.letters, services.rules).routes());
        routes.addAll(new RuleRoutes(services.reloading).routes());
        routes.addAll(rules(services));
        routes.addAll(new HuntRoutes(services.hunts, identity.accounts(), clock).routes());
        routes.addAll(new PlatformRoutes(settings.version, checks, metrics).routes());
        metrics.gauge("marsad.live.streams", "Live streams that are open", streams::size);
        server = new HttpServer(
                settings.listener,
                OpenApi.load(),
                routes,
                new Credentials(
                        identity.accounts(), identity.tokens(), identity.accessTokens(), services.tenancy.standings()),
                metrics.registry(),
                random);
    }

    private static List<Route> intel(IntelServices intel, InstantSource clock) {
        var routes = new ArrayList<>(new IndicatorRoutes(intel.indicators(), intel.past(), clock).routes());
        routes.addAll(new IntelRoutes(intel.intelligence()).routes());
        routes.addAll(new FeedRoutes(intel.feeds()).routes());
        return routes;
    }

    private static List<Route> work(Services services) {
        var routes = new ArrayList<>(CaseRoutes.all(services.alerts.cases()));
        routes.addAll(PlaybookRoutes.all(services.respond));
        var standings = services.tenancy.standings();
        routes.addAll(new ApprovalLinkRoutes(services.respond, standings).routes());
        routes.addAll(new QuestionRoutes(services.respond, standings).routes());
        routes.addAll(new ChatLinkRoutes(services.respond).routes());
        routes.addAll(new SlackRoutes(services.respond, services.alerts.alerts(), standings).routes());
        return routes;
    }

    private static List<Route> people(Services services) {
        var routes = new ArrayList<>(new InboxRoutes(services.alerts.inbox(), services.notifications).routes());
        routes.addAll(new PresenceRoutes(services.feed.presence()).routes());
        return routes;
    }

    private static List<Route> rules(Services services) {
        var catalog = services.searches.catalog;
        var decisions = services.alerts.decisions();
        var routes = new ArrayList<>(new RuleBook(catalog, decisions.stages()).routes());
        routes.addAll(new TuningRoutes(decisions, catalog).routes());
        routes.addAll(new StageRoutes(decisions.stages(), catalog).routes());
        routes.addAll(new ReportRoutes(decisions.reports()).routes());
        return routes;
    }

    private List<Route> signOn(Services services, @Nullable URI origin) {
        var signOn = services.identity.signOn();
        var callback = new CallbackAddress(origin);
        var routes = new ArrayList<Route>();
        routes.addAll(new ProviderRoutes(signOn.providers(), signOn.test(), callback, streams).routes());
        routes.addAll(new SignOnRoutes(
                        signOn.signing(),
                        services.identity.accounts().sessions(),
                        services.tenancy.standings(),
                        callback,
                        streams)
                .routes());
        return routes;
    }

    /** @throws IllegalStateException when the address cannot be listened on */
    public void start() {
        server.start();
    }

    /** The port that is listened on; -1 before the start. */
    public int port() {
        return server.port();
    }

    /** The port for this machine's own commands, without TLS on the loopback interface. */
    public int localPort() {
        return server.localPort();
    }

    /** Ends the live streams, takes no more requests and waits a little for those that run. */
    @Override
    public void close() {
        streams.close();
        server.close();
    }
}
