package io.marsad.server.node;

import io.marsad.api.ApiServer;
import io.marsad.api.IdentityServices;
import io.marsad.api.alerts.AlertServices;
import io.marsad.api.events.EventAnswers;
import io.marsad.api.events.ScheduledQueries;
import io.marsad.api.http.HttpLimits;
import io.marsad.api.http.HttpServer;
import io.marsad.api.intel.IntelServices;
import io.marsad.api.platform.Metrics;
import io.marsad.api.sources.SourceRoutes;
import io.marsad.api.suppressions.QueryConditions;
import io.marsad.api.tenants.Tenancy;
import io.marsad.db.Database;
import io.marsad.db.vault.VaultRotation;
import io.marsad.ingest.hunt.Hunts;
import io.marsad.ingest.ledger.DeadLetters;
import io.marsad.ingest.ledger.Ledger;
import io.marsad.ingest.worker.WorkerJournal;
import io.marsad.ingest.worker.WorkerPorts;
import io.marsad.ingest.worker.Workers;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.match.RuleBudget;
import io.marsad.normalize.mapping.Normalizer;
import io.marsad.server.config.Config;
import io.marsad.server.imports.RuleOrigins;
import io.marsad.server.node.Responding.Own;
import io.marsad.server.pipeline.AlertSink;
import io.marsad.server.pipeline.LiveRules;
import io.marsad.server.pipeline.RuleReload;
import io.marsad.server.pipeline.RulesForHunts;
import io.marsad.server.pipeline.TenantListing;
import io.marsad.sigma.RuleSet;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.audit.Audit;
import io.marsad.soc.identity.Installation;
import io.marsad.soc.identity.Installation.Work;
import io.marsad.soc.identity.Role;
import io.marsad.soc.identity.Tokens;
import io.marsad.soc.indicator.StreamIndicators;
import io.marsad.soc.live.LiveFeed;
import io.marsad.soc.rule.LoadedRules;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.soc.schedule.Schedules;
import io.marsad.soc.search.SavedViews;
import io.marsad.soc.search.SearchHistory;
import io.marsad.soc.suppression.Hiding;
import io.marsad.soc.tenant.Standings;
import io.marsad.soc.vault.VaultCare;
import io.marsad.store.disk.Disk;
import io.marsad.store.log.SegmentLog;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One running platform, all roles in this process: the composition root. Built in the order of the flow, closed in reverse. */
public final class Node implements AutoCloseable {
    public static final String VERSION = "0.1.0";
    private static final int MAX_REFUSALS_TOLD = 20;
    private static final String ADMIN = "admin";

    private final Config config;
    private final Parts parts = new Parts();
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock = InstantSource.system();
    private @Nullable Login firstLogin;
    private @Nullable LocalAccess access;
    private @Nullable URI url;

    /** An account that was made by this start. */
    public record Login(String username, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return username;
        }
    }

    private Node(Config config) {
        this.config = config;
    }

    /**
     * Starts everything, or nothing.
     *
     * @param postgres the unpacked PostgreSQL, used unless the configuration names another server
     * @param say told what is being done, for a person
     * @throws StartRefused when something that is needed is missing or not safe
     */
    public static Node start(Config config, Path postgres, Consumer<String> say)
            throws IOException, ContentException, InterruptedException {
        SafeSettings.require(config);
        var node = new Node(config);
        try {
            node.build(postgres, say);
            return node;
        } catch (IOException | ContentException | InterruptedException | RuntimeException | Error e) {
            try {
                node.close();
            } catch (IOException trouble) {
                e.addSuppressed(trouble); // what kept it from starting is what matters
            }
            throw e;
        }
    }

    private ApiServer.Settings apiSettings() throws IOException {
        var address =
                new InetSocketAddress(config.http().address(), config.http().port());
        var tls = config.http().tls();
        var context = tls == null ? null : parts.add(TlsFiles.open(tls, clock)).context();
        return new ApiServer.Settings(
                new HttpServer.Listener(
                        address,
                        context,
                        HttpLimits.standard().perAddress(config.http().connectionsPerAddress())),
                VERSION,
                config.http().origin());
    }

    private LiveRules liveRules(Content content, LiveLists lists) throws IOException {
        return new LiveRules(
                loaded(content.rules()),
                () -> {
                    lists.read();
                    return loaded(Content.rulesOfInstallation(config.content(), config.data(), content.fields()));
                },
                new RuleBudget(config.rules().budgetNanos(), config.rules().quarantine()));
    }

    private LoadedRules loaded(RuleSet rules) throws IOException {
        var origins =
                RuleOrigins.of(config.content().resolve("rules"), config.data().resolve("rules"));
        return new LoadedRules(rules, origins::of);
    }

    private void build(Path postgres, Consumer<String> say) throws IOException, ContentException, InterruptedException {
        var opening = opening(postgres, say);
        var content = read(say, opening);
        var database = opening.database();
        var vault = Secrets.open(config, database, clock, random);
        var identity = Identities.open(config, database, vault, clock, random);
        var installation = installation(database, identity);
        var store = openStore(say);
        var log = parts.add(openLog(store, database));
        var alerts = new Alerts(database, clock, config.alerts().window());
        var hiding = new Hiding(clock, new QueryConditions());
        var lists = new LiveLists(config.content(), config.data());
        var rules = liveRules(content, lists);
        var ports = new WorkerPorts(log, store, database, clock);
        var workers = workers(ports, content, rules, new AlertSink(alerts, hiding, store, rules::now, clock));
        var standings = parts.add(new Standings(database, config.tenant()));
        var doors = Tenancy.Doors.open(standings, store, log, workers, clock, random);
        var metrics = parts.add(new Metrics());
        var letters = new DeadLetters(database, log, clock);
        var intel = Intel.open(config, new Intel.State(database, vault, store), parts, clock, random);
        var notifying = Notifying.open(config, database, vault, clock, random);
        var models = ModelAccess.open(config, database, vault, metrics, clock, random);
        var events = new EventAnswers(store, new EventJson(content.schema()), lists, clock);
        var own = new Own(vault, intel, notifying, events, alerts);
        var responding = Responding.open(config, database, own, clock, random);
        var base = new Base(database, store, content, rules, alerts, hiding, installation, lists, intel, notifying);
        startUpkeep(base, letters, models, responding);
        var health = new NodeHealth(database, log, store, workers, rules).registered(metrics, content.rules());
        say.accept(doorsOpen(content));
        var api = parts.add(new ApiServer(
                apiSettings(),
                new ApiServer.Services(
                        identity,
                        AlertServices.of(alerts, store, database, clock, random),
                        responding.services(),
                        intel,
                        notifying.notifications(),
                        models.services(),
                        parts.add(new LiveFeed(database)),
                        doors.intake(),
                        store,
                        new EventJson(content.schema()),
                        new Ledger(database, clock, doors::pending),
                        letters,
                        parts.add(hunts(base)),
                        searches(base, workers),
                        audit(database, installation),
                        AuditReceivers.start(config, database, clock, parts),
                        new VaultCare(vault, parts.add(VaultRotation.start(vault, clock)), clock),
                        Tenancy.of(
                                standings, installation, InstallationTemplates.open(config, say), store, doors, random),
                        () -> count(rules),
                        reloading(base, health, metrics)),
                health.checks(),
                metrics,
                clock,
                random));
        Doors.open(config, new AgentDoors.State(database, vault, doors.intake(), clock, random), parts, say);
        reached(api, installation, identity.tokens());
    }

    private Installation installation(Database database, IdentityServices identity) {
        var installation = new Installation(database, identity.accounts(), clock);
        installation.ensureTenant(config.tenant(), config.tenant().value());
        return installation;
    }

    private Workers workers(WorkerPorts ports, Content content, LiveRules rules, AlertSink alerts) throws IOException {
        var listed = parts.add(StreamIndicators.open(ports.database(), clock, random));
        return parts.add(Workers.start(
                ports,
                partition -> new Workers.Parts(
                        new Normalizer(content.mappings())::normalize, rules.detector(), new TenantListing(listed)),
                alerts,
                EngineSettings.worker(config)));
    }

    private Audit audit(Database database, Installation installation) throws IOException {
        return parts.add(AuditSealing.start(config.data(), database, installation, clock))
                .audit();
    }

    private static SourceRoutes.RuleCount count(LiveRules rules) {
        var now = rules.now().rules();
        return new SourceRoutes.RuleCount(now.running(), now.refusals().size());
    }

    /** What searches and hunts are made of. */
    private record Base(
            Database database,
            SegmentStore store,
            Content content,
            LiveRules rules,
            Alerts alerts,
            Hiding hiding,
            Installation installation,
            LiveLists lists,
            IntelServices intel,
            Notifying notifying) {}

    private ApiServer.Searches searches(Base base, Workers workers) {
        var catalog = new RuleCatalog(base.rules::now);
        var queries = new ScheduledQueries(
                base.store,
                new EventJson(base.content.schema()),
                base.lists,
                catalog,
                () -> workers.status().getFirst().nextOffset(),
                clock);
        var schedules =
                parts.add(new Schedules(base.database, base.alerts, queries, Duration.ofSeconds(2), clock, random));
        base.installation.tenantsWith(Work.SCHEDULES).forEach(schedules::recover);
        return new ApiServer.Searches(
                catalog,
                new SavedViews(base.database, clock, random),
                new SearchHistory(base.database, clock),
                schedules,
                base.lists);
    }

    private RuleReload reloading(Base base, NodeHealth health, Metrics metrics) {
        return new RuleReload(base.rules, base.database, clock, changed -> {
            base.lists.take();
            health.registerCorrelations(metrics, changed);
        });
    }

    private void startUpkeep(Base base, DeadLetters letters, ModelAccess models, Responding responding) {
        var proofs = new RuleProofs(base.rules::now, base.content.mappings());
        var by = new Deciding.By(base.intel.intelligence()::ask, models.judges(), proofs);
        parts.add(Followers.start(base.database, by, base.notifying, responding, clock, random));
        parts.add(Upkeep.start(base.installation, letters, new Triage(base.database, clock), clock));
        parts.add(CaseUpkeep.start(base.database, clock));
        parts.add(StoreUpkeep.start(base.store, config.store().retention(), clock));
    }

    private Hunts hunts(Base base) {
        var rules = base.rules;
        var hunts = new Hunts(
                base.database,
                base.store,
                new RulesForHunts(() -> rules.now().rules(), base.content.fields()),
                set -> new AlertSink(
                        base.alerts,
                        base.hiding,
                        base.store,
                        () -> new LoadedRules(set, rules.now().origin()),
                        clock),
                clock,
                random);
        base.installation.tenantsWith(Work.HUNTS).forEach(hunts::recover);
        return hunts;
    }

    private Storage.Opening opening(Path postgres, Consumer<String> say) throws IOException {
        parts.add(DataLock.take(config.data()));
        PrivateFolders.make(config.data(), "log", "store", "follow");
        say.accept("Reading mappings and rules, "
                + (config.database() == null ? "starting PostgreSQL." : "connecting to PostgreSQL."));
        return Storage.opening(config, postgres, random, parts);
    }

    /** While the database is being opened: on a machine with two processors neither waits for the other. */
    private Content read(Consumer<String> say, Storage.Opening opening)
            throws IOException, ContentException, InterruptedException {
        Content content;
        try {
            content = Content.ofInstallation(config.content(), config.data());
        } catch (IOException | ContentException | RuntimeException | Error e) {
            opening.await(); // what it started is closed with the other parts
            throw e;
        }
        var refusals = content.rules().refusals();
        refusals.stream().limit(MAX_REFUSALS_TOLD).forEach(problem -> say.accept("  refused: " + problem));
        if (refusals.size() > MAX_REFUSALS_TOLD) {
            say.accept("  refused: " + (refusals.size() - MAX_REFUSALS_TOLD) + " more: ./marsad rules check "
                    + config.data().resolve("rules"));
        }
        return content;
    }

    private SegmentStore openStore(Consumer<String> say) throws IOException {
        say.accept("Opening the event log and the event store.");
        return parts.add(SegmentStore.open(config.data().resolve("store"), EngineSettings.store(config)));
    }

    /** Goes on where both the store and the decisions are. */
    private SegmentLog openLog(SegmentStore store, Database database) throws IOException {
        var journal = new WorkerJournal(database, clock);
        return SegmentLog.open(
                EngineSettings.log(config),
                Disk.real(),
                clock,
                random,
                partition -> Math.max(store.durableOffset(partition), journal.position(partition)));
    }

    /** Late, when hardly anything can fail any more: the password is shown once, and has to be seen. */
    private void makeFirstLogin(Installation installation) {
        var password = installation.ensureAccount(config.tenant(), ADMIN, Role.PLATFORM_ADMIN);
        firstLogin = password == null ? null : new Login(ADMIN, password);
    }

    private static String doorsOpen(Content content) {
        return "Opening the doors: " + content.mappings().names().size() + " mappings, "
                + content.rules().rules().size() + " rules, "
                + content.rules().correlations().size() + " correlations.";
    }

    private void listen(ApiServer api) {
        try {
            api.start();
        } catch (IllegalStateException e) {
            throw new StartRefused(
                    "port " + config.http().port() + " of " + config.http().address()
                            + " cannot be listened on (in use?): choose another with --port, or 0 for a free one",
                    e);
        }
    }

    private void reached(ApiServer api, Installation installation, Tokens tokens) throws IOException {
        listen(api);
        makeFirstLogin(installation);
        access = OwnAccess.give(config, tokens, api.localPort(), parts);
        url = OwnAccess.console(config.http(), api.port());
    }

    /** Where the console is. */
    public URI url() {
        return Objects.requireNonNull(url, "the node has not started");
    }

    public LocalAccess access() {
        return Objects.requireNonNull(access, "the node has not started");
    }

    /** The account that this start made, or null when there was one. Known now and never again. */
    public @Nullable Login firstLogin() {
        return firstLogin;
    }

    /** Stops the doors, lets the workers finish, makes everything durable, stops PostgreSQL. */
    @Override
    public void close() throws IOException {
        parts.close();
    }
}
