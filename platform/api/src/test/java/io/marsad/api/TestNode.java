package io.marsad.api;

import static org.awaitility.Awaitility.await;

import io.marsad.api.alerts.AlertServices;
import io.marsad.api.events.ScheduledQueries;
import io.marsad.api.http.HttpServer;
import io.marsad.api.platform.Check;
import io.marsad.api.platform.Metrics;
import io.marsad.api.rules.RuleRoutes;
import io.marsad.api.sources.SourceRoutes;
import io.marsad.api.tenants.Tenancy;
import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import io.marsad.db.embedded.EmbeddedPostgres;
import io.marsad.db.vault.FileSecretStore;
import io.marsad.db.vault.Vault;
import io.marsad.db.vault.VaultRotation;
import io.marsad.ingest.hunt.Hunt;
import io.marsad.ingest.hunt.Hunts;
import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.Sender;
import io.marsad.ingest.ledger.DeadLetters;
import io.marsad.ingest.ledger.Ledger;
import io.marsad.ingest.worker.Listing;
import io.marsad.ingest.worker.WorkerConfig;
import io.marsad.ingest.worker.WorkerPorts;
import io.marsad.ingest.worker.Workers;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.kernel.ocsf.OcsfSchema;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.alert.Match;
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.alert.RuleSnapshot;
import io.marsad.soc.audit.Audit;
import io.marsad.soc.audit.AuditStreams;
import io.marsad.soc.identity.Accounts;
import io.marsad.soc.identity.Installation;
import io.marsad.soc.identity.Permission;
import io.marsad.soc.identity.Role;
import io.marsad.soc.identity.Tokens;
import io.marsad.soc.live.LiveFeed;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.soc.schedule.Schedules;
import io.marsad.soc.search.SavedViews;
import io.marsad.soc.search.SearchHistory;
import io.marsad.soc.tenant.Standings;
import io.marsad.soc.vault.VaultCare;
import io.marsad.store.disk.Disk;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The API over real services: PostgreSQL, the segment log, the store, sockets. One for all tests of a JVM. */
final class TestNode implements AutoCloseable {
    private static @Nullable TestNode shared;

    /** A rule in use that fires on events with the marker alpha. */
    static final String RULE = "00000000-0000-4000-8000-000000000001";

    static final TenantId OWN = new TenantId("own-tenant"); // whose people run the installation

    static final String PASSWORD = "correct horse battery";

    final SecureRandom random = new SecureRandom();
    final InstantSource clock = InstantSource.system();
    final Path data;
    final EmbeddedPostgres postgres;
    final Database database;
    final Accounts accounts;
    final Tokens tokens;
    final Installation installation;
    final Alerts alerts;
    final LiveFeed feed;
    final SegmentLog log;
    final EventStore store;
    final EndlessStore endless;
    final Intake intake;
    final Workers workers;
    final Hunts hunts;
    final Schedules schedules;
    final Audit audit;
    final AuditStreams streams;
    final Vault vault;
    final Standings standings;
    final RuleCatalog catalog = new RuleCatalog(() -> TestContent.IN_USE);
    final EventJson json = new EventJson(OcsfSchema.load());
    final Metrics metrics = new Metrics();
    final AtomicReference<Check.State> check = new AtomicReference<>(Check.State.OK);
    final ApiServer server;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The node; tests keep apart by their tenants. */
    static synchronized TestNode shared() throws IOException {
        if (shared == null) {
            var node = on(direct -> direct);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    node.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            shared = node;
        }
        return shared;
    }

    /** How a node of its own reaches its database. */
    @FunctionalInterface
    interface Way {
        PostgresAccess to(PostgresAccess direct) throws IOException;
    }

    static TestNode on(Way way) throws IOException {
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        return new TestNode(way);
    }

    private TestNode(Way way) throws IOException {
        var folder = Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "api-")
                .toRealPath();
        data = folder.resolve("data");
        var binaries = Path.of(System.getProperty("marsad.root", "."), "target", "postgres");
        postgres =
                EmbeddedPostgres.start(new EmbeddedPostgres.Settings(folder.resolve("postgres"), binaries, 0), random);
        database = Database.open(way.to(postgres.access()));
        vault = Vault.open(database, new FileSecretStore(folder.resolve("keys")), clock, random);
        var identity = IdentityServices.of(database, vault, TestContent.SETTING, clock, random);
        accounts = identity.accounts();
        tokens = identity.tokens();
        installation = new Installation(database, accounts, clock);
        installation.ensureTenant(OWN, "Tenant " + OWN);
        alerts = new Alerts(database, clock, Duration.ZERO);
        feed = new LiveFeed(database);
        log = SegmentLog.open(LogConfig.in(folder.resolve("log")), Disk.real(), clock, random, _ -> 0);
        store = SegmentStore.open(folder.resolve("store"), SegmentStore.Options.standard());
        endless = new EndlessStore(store);
        standings = new Standings(database, OWN);
        workers = Workers.start(
                new WorkerPorts(log, store, database, clock),
                _ -> new Workers.Parts(TestNode::normalize, new NoDetector(), Listing.NONE),
                (_, _, _) -> {},
                WorkerConfig.standard());
        var doors = Tenancy.Doors.open(standings, store, log, workers, clock, random);
        intake = doors.intake();
        hunts = new Hunts(database, store, TestContent::rules, _ -> (_, _, _) -> {}, clock, random);
        schedules = schedules(Duration.ofMillis(200));
        streams = TestContent.streams(database, clock);
        audit = new Audit(database, TestContent.SEAL, TestContent.NO_NOTES, clock);
        server = new ApiServer(
                new ApiServer.Settings(
                        new HttpServer.Listener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null),
                        "test",
                        null,
                        Duration.ofMillis(300)),
                new ApiServer.Services(
                        identity,
                        AlertServices.of(alerts, store, database, clock, random),
                        TestRespond.services(database, vault, store, clock, random),
                        TestIntel.services(database, vault, store, clock),
                        OwnChannels.notifications(database, vault, clock, random),
                        TestModels.services(database, vault, clock, random),
                        feed,
                        intake,
                        endless,
                        json,
                        new Ledger(database, clock, doors::pending),
                        new DeadLetters(database, log, clock),
                        hunts,
                        new ApiServer.Searches(
                                catalog,
                                new SavedViews(database, clock, random),
                                new SearchHistory(database, clock),
                                schedules,
                                TestContent.LISTS),
                        audit,
                        streams,
                        new VaultCare(vault, VaultRotation.start(vault, clock), clock),
                        Tenancy.of(standings, installation, TestContent.templates(data), store, doors, random),
                        () -> new SourceRoutes.RuleCount(40, 1),
                        () -> new RuleRoutes.Reloaded(
                                40, 0, 1, List.of(new RuleRoutes.Name("id", "Title")), List.of(), List.of(), 12)),
                List.of(new Check("thing", check::get)),
                metrics,
                clock,
                random);
        server.start();
    }

    /** What runs schedules; beside the node's own, another platform on the same database. */
    Schedules schedules(Duration lookEvery) {
        var queries = new ScheduledQueries(
                store,
                json,
                TestContent.LISTS,
                catalog,
                () -> workers.status().getFirst().nextOffset(),
                clock);
        return new Schedules(database, alerts, queries, lookEvery, clock, random);
    }

    /** A hunt of the tenant, for a rule in which the word stands; it has ended. */
    EventId hunt(TenantId tenant, String word) {
        var asked = new Hunt.Asked(
                TestContent.rule(word),
                List.of(),
                clock.instant().minus(Duration.ofDays(1)),
                clock.instant().plusSeconds(1),
                false);
        var caller = Caller.system(tenant, "test");
        var id = CallerScope.callAs(caller, () -> hunts.start(asked)).id();
        await().until(() -> CallerScope.callAs(caller, () -> hunts.find(id)).endedAt() != null);
        return id;
    }

    /** A tenant of its own, with a token that may do everything. */
    Tenant tenant(String name) {
        var id = new TenantId(name);
        installation.ensureTenant(id, "Tenant " + name);
        var admin = Caller.system(id, "test");
        var token = CallerScope.callAs(admin, () -> tokens.create(name + "-token", Permission.ALL, null));
        return new Tenant(id, token.token().id().toString(), token.secret());
    }

    record Tenant(TenantId id, String tokenId, String token) {
        Identity byToken() {
            return new Identity("token", "Authorization", "Bearer " + token, "");
        }
    }

    /** What a request is sent with. */
    record Identity(String name, String header, String value, String csrf) {
        static final Identity NOBODY = new Identity("nobody", "X-Nobody", "yes", "");

        @Override
        public String toString() {
            return name;
        }
    }

    /** Makes an account and signs it in over HTTP. */
    Identity signIn(TenantId tenant, Role role) throws IOException, InterruptedException {
        accounts.create(tenant, role.word(), PASSWORD, role, "system:test");
        return signIn(tenant, role.word(), role.word());
    }

    Identity signIn(TenantId tenant, String username, String name) throws IOException, InterruptedException {
        var body =
                "{\"tenant\":\"" + tenant + "\",\"username\":\"" + username + "\",\"password\":\"" + PASSWORD + "\"}";
        var response = send(Identity.NOBODY, "POST", "/v1/auth/login", body);
        if (response.statusCode() != 200) {
            throw new IllegalStateException("sign-in answered " + response.statusCode());
        }
        var cookie = response.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        var csrf = io.marsad.api.http.Json.tree(response.body()).get("csrf").stringValue();
        return new Identity(name, "Cookie", cookie, csrf);
    }

    HttpResponse<byte[]> send(Identity as, String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(request(as, method, path, body), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpRequest request(Identity as, String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .timeout(Duration.ofSeconds(30))
                .header(as.header(), as.value())
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!as.csrf().isEmpty()) {
            request.header("X-Marsad-Csrf", as.csrf());
        }
        return request.build();
    }

    /** A record that begins with "dead" is none that can be read; every other is an event. */
    private static @Nullable String normalize(RecordBatch records, int index, EventBatch out) {
        var word = new String(records.bytes(), records.offset(index), records.length(index), StandardCharsets.UTF_8);
        if (word.startsWith("dead")) {
            return "cannot read " + word;
        }
        out.beginRow(records.id(index), records.received(), records.baseOffset() + index, records.origin());
        out.raw(records.bytes(), records.offset(index), records.length(index));
        out.source(LogSource.of("windows", "process_creation", "sysmon"));
        out.add(Field.of("class_uid"), 1007);
        out.add(Field.of("process.cmd_line"), "run " + word);
        out.add(Field.of("device.hostname"), word + "-host");
        out.add(Field.of("metadata.labels"), "synthetic");
        out.add(Field.unmapped("Marker"), word);
        if (word.startsWith(Isolation.CANARY)) {
            out.add(Field.unmapped(word + "field"), word);
        }
        out.endRow();
        return null;
    }

    /** Stores an event of the tenant in which the word stands in fields, origin and raw record. */
    EventId event(TenantId tenant, String word) throws Exception {
        var id = take(tenant, word + "-origin", word);
        long end = log.endOffset(0); // what runs by schedule looks at what is committed, which is after it is stored
        await().until(() ->
                store.find(tenant, id) != null && workers.status().getFirst().nextOffset() >= end);
        return id;
    }

    /** Makes dead letters of the tenant in which the word stands; returns their ids. */
    List<String> deadLetters(TenantId tenant, String word) throws Exception {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            ids.add(take(tenant, word + "-origin", "dead " + word).toString());
        }
        await().until(() -> workers.processed(tenant) == intake.appended(tenant));
        return ids;
    }

    private EventId take(TenantId tenant, String origin, String record) throws IOException, LogFullException {
        var bytes = record.getBytes(StandardCharsets.UTF_8);
        var batch = intake.begin(new Sender(tenant, origin), "syslog", null, true);
        batch.add(bytes, 0, bytes.length);
        return batch.commit().ids().getFirst();
    }

    /** Raises an alert on a stored event. */
    Alert alert(TenantId tenant, EventId event, String word) throws IOException {
        var batch = store.find(tenant, event);
        if (batch == null) {
            throw new IllegalStateException("no such event");
        }
        var rule = new RuleSnapshot(
                "rule-" + word,
                "Title " + word,
                "high",
                "stable",
                "About " + word,
                "me",
                List.of("attack.t1059"),
                List.of(),
                List.of(),
                "title: " + word,
                new RuleOrigin("set-" + word, "https://rules.example/" + word, "1", "DRL-1.1"));
        var match = new Match("process.cmd_line", "run " + word, "selection", "*run*");
        var detection = Detection.onEvent(rule, batch, 0, List.of(match), true);
        return database.inTenant(tenant, c -> alerts.raise(c, tenant, List.of(detection), List.of()))
                .created()
                .getFirst();
    }

    @Override
    public void close() throws IOException {
        client.shutdownNow();
        server.close();
        hunts.close();
        schedules.close();
        workers.close();
        feed.close();
        store.close();
        log.close();
        standings.close();
        metrics.close();
        database.close();
        postgres.close();
    }
}
