package io.marsad.soc.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Act;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detections;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.inbox.InboxRows;
import io.marsad.soc.json.UntrustedJson;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Escalated alerts on their way to real receivers: an HTTP server and a mail server of this machine. */
class NotificationsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestClock clock = new TestClock("2026-03-02T08:00:00Z");
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Random random = new Random(7);
    private final List<Got> got = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Integer> refusals = new ArrayDeque<>();
    private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private HttpServer http;
    private Notifications notifications;
    private OutboxRunner runner;
    private int number;

    /** What a receiver was sent. */
    private record Got(String path, Map<String, List<String>> headers, String body) {
        @Nullable
        String header(String name) {
            var values = headers.get(name);
            return values == null ? null : values.getFirst();
        }
    }

    @BeforeEach
    void open() throws IOException {
        mail.start();
        http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        http.createContext("/", this::receive);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        var guard = new OutboundGuard(List.of(base()));
        var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var server = new MailServer(
                "127.0.0.1", mail.getSmtp().getPort(), MailServer.Security.NONE, "soc@example.org", "", "");
        var ways = new Ways(
                guard,
                new OutboundHttp(guard, tls, OutboundHttp.Limits.standard()),
                server,
                URI.create("https://soc.example.org"));
        notifications = new Notifications(database, SharedDatabase.vault(), ways, clock, random);
        var telling = new Telling(database, SharedDatabase.vault(), ways, clock);
        var following = new OutboxRunner.Following(AlertFollowers.NOTIFICATIONS, telling, 20, Duration.ofMinutes(1), 4);
        var inbox = new OutboxRunner.Following(
                InboxRows.QUEUE, new InboxMail(database, ways, clock), 1, Duration.ofMinutes(1), 4);
        runner = OutboxRunner.start(database, List.of(following, inbox), Duration.ofMillis(50), clock);
    }

    @AfterEach
    void close() {
        runner.close();
        http.stop(0);
        mail.stop();
    }

    private String base() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void receive(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Integer refusal;
        synchronized (refusals) {
            refusal = exchange.getRequestURI().getPath().startsWith("/hook") ? refusals.poll() : null;
        }
        if (refusal == null) {
            got.add(new Got(exchange.getRequestURI().getPath(), Map.copyOf(exchange.getRequestHeaders()), body));
        }
        exchange.sendResponseHeaders(refusal == null ? 202 : refusal, -1);
        exchange.close();
    }

    private <T> T as(Callable<T> work) throws Exception {
        return CallerScope.callAs(Caller.system(tenant, "ann"), work::call);
    }

    private Channel channel(String name, Channel.Kind kind, String target, @Nullable String secret, int perHour)
            throws Exception {
        var content = new Channel.Content(name, kind, target, Severity.HIGH, perHour, true);
        return as(() -> notifications.create(content, secret));
    }

    private EventId escalate(String rule, String level) throws Exception {
        var alerts = new Alerts(database, clock, Duration.ZERO);
        var detection = Detections.detection(tenant, rule, level, ++number);
        var id = database.inTenant(tenant, c -> alerts.raise(c, tenant, List.of(detection), List.of()))
                .created()
                .getFirst()
                .id();
        as(() -> new Triage(database, clock).act(id, new Act.Escalate(true), "look at this", null));
        return id;
    }

    private List<Got> at(String path) {
        synchronized (got) {
            return got.stream().filter(one -> one.path.equals(path)).toList();
        }
    }

    @Test
    void everyChannelIsToldOnceAndInItsOwnWords() throws Exception {
        channel("hook", Channel.Kind.WEBHOOK, base() + "/hook", "signing key", 60);
        channel("chat", Channel.Kind.SLACK, "", base() + "/services/T0/B0/xyz", 60);
        channel("pager", Channel.Kind.PAGERDUTY, base(), "routing-key-1", 60);
        channel("post", Channel.Kind.EMAIL, "a@example.org, Bob <b@example.org>", null, 60);
        var rule = "<!channel> @here\r\nBcc: evil@example.org";
        var id = escalate(rule, "critical");
        await().atMost(SOON).until(() -> mail.getReceivedMessages().length == 2 && got.size() == 3);

        var hook = at("/hook").getFirst();
        var json = UntrustedJson.read(hook.body, 1 << 20);
        assertThat(json.at("/alert/id").stringValue()).isEqualTo(id.toString());
        assertThat(json.at("/alert/severity").stringValue()).isEqualTo("critical");
        assertThat(json.at("/alert/url").stringValue()).isEqualTo("https://soc.example.org/alerts?alert=" + id);
        assertThat(json.at("/alert/entities").toString()).contains("WS-1");
        assertThat(hook.header("Idempotency-key")).startsWith(id.toString());
        var time = clock.instant().getEpochSecond();
        assertThat(hook.header("Marsad-signature"))
                .isEqualTo("t=" + time + ",v1=" + Sender.mac("signing key", time + "." + hook.body));

        var text = UntrustedJson.read(at("/services/T0/B0/xyz").getFirst().body, 1 << 20)
                .get("text")
                .stringValue();
        assertThat(text)
                .contains("Critical: Encoded PowerShell", "&lt;!channel&gt;")
                .doesNotContain("<!", "@here");

        var page = UntrustedJson.read(at("/v2/enqueue").getFirst().body, 1 << 20);
        assertThat(page.get("routing_key").stringValue()).isEqualTo("routing-key-1");
        assertThat(page.get("dedup_key").stringValue()).isEqualTo(tenant + "/" + id);
        assertThat(page.at("/payload/severity").stringValue()).isEqualTo("critical");

        var message = mail.getReceivedMessages()[0];
        assertThat(message.getSubject())
                .startsWith("[Marsad] Critical: Encoded PowerShell")
                .doesNotContain("\n");
        assertThat(message.getHeader("Bcc")).isNull();
        assertThat(message.getMessageID()).startsWith("<" + id);
        assertThat(message.getAllRecipients()).hasSize(2);
        assertThat(String.valueOf(message.getContent())).contains("somebody escalated it", "/alerts?alert=" + id);

        var overview = as(notifications::overview);
        assertThat(overview.newest()).hasSize(4).allMatch(one -> one.state() == Notification.State.SENT);
        as(() -> new Triage(database, clock).act(id, new Act.Escalate(false), null, null));
        escalate("other", "medium"); // less than the channels want
        var last = escalate("another", "high");
        await().atMost(SOON).until(() -> at("/hook").size() == 2);
        assertThat(at("/hook").getLast().body).contains(last.toString());
    }

    private void account(String name, boolean mail) {
        database.inTenant(tenant, connection -> {
            try (var insert = connection.prepareStatement("WITH u AS (INSERT INTO users (tenant_id, user_id, username,"
                    + " username_key, role, created_at) VALUES (?, uuidv7(), ?, ?, 'soc_analyst', now())"
                    + " RETURNING tenant_id, user_id) INSERT INTO inbox_settings SELECT *, ?, ? FROM u")) {
                insert.setString(1, tenant.value());
                insert.setString(2, name);
                insert.setString(3, name);
                insert.setBoolean(4, mail);
                insert.setString(5, name + "@example.org");
                return insert.executeUpdate();
            }
        });
    }

    @Test
    void whoIsGivenAnAlertGetsAMailWhereThatIsWanted() throws Exception {
        account("bob", true);
        account("dana", false);
        give("dana");
        give("bob"); // the tenant has no channel of e-mail: nobody gets any
        await().atMost(SOON).until(() -> waiting() == 0);
        channel("post", Channel.Kind.EMAIL, "soc@example.org", null, 2);
        give("dana");
        var id = give("bob");
        await().atMost(SOON).until(() -> mail.getReceivedMessages().length == 1);
        var message = mail.getReceivedMessages()[0];
        assertThat(message.getAllRecipients()).extracting(String::valueOf).containsExactly("bob@example.org");
        assertThat(message.getSubject()).isEqualTo("system:ann gave you an alert");
        assertThat(String.valueOf(message.getContent()))
                .contains("Encoded PowerShell", "https://soc.example.org/alerts?alert=" + id);
        give("bob");
        give("bob"); // one more than an hour has
        await().atMost(SOON).until(() -> waiting() == 0);
        assertThat(mail.getReceivedMessages()).hasSize(2);
    }

    private long waiting() {
        return database.inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement("SELECT count(*) FROM outbox WHERE queue = 'inbox'");
                    var rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    private EventId give(String name) throws Exception {
        var alerts = new Alerts(database, clock, Duration.ZERO);
        var detection = Detections.detection(tenant, "given", "high", ++number);
        var id = database.inTenant(tenant, c -> alerts.raise(c, tenant, List.of(detection), List.of()))
                .created()
                .getFirst()
                .id();
        var act = new Act.Move(AlertStatus.IN_PROGRESS, null, name, null);
        as(() -> new Triage(database, clock).act(id, act, null, null));
        return id;
    }

    @Test
    void aChannelThatFailsHoldsUpNoOtherAndGetsItLater() throws Exception {
        channel("a failing one", Channel.Kind.WEBHOOK, base() + "/hook", null, 60);
        channel("chat", Channel.Kind.SLACK, "", base() + "/services/x", 60);
        synchronized (refusals) {
            refusals.addAll(List.of(503, 500, 429));
        }
        escalate("r1", "high");
        await().atMost(SOON).until(() -> at("/services/x").size() == 1);
        var failing = as(notifications::overview).channels().getFirst();
        await().atMost(SOON)
                .until(() -> as(notifications::overview).channels().getFirst().failure() != null);
        assertThat(failing.sent()).isNull();
        for (var pause : OutboxRunner.PAUSES) {
            int left = refusals.size();
            clock.advance(pause.plusSeconds(1));
            await().atMost(SOON)
                    .until(() -> refusals.size() < left || at("/hook").size() == 1);
        }
        await().atMost(SOON)
                .until(() -> as(notifications::overview).channels().getFirst().sent() != null);
        assertThat(at("/hook")).hasSize(1);
        assertThat(at("/services/x")).hasSize(1);
        assertThat(as(notifications::overview).channels().getFirst().failure()).isNull();
    }

    @Test
    void whatIsGivenUpIsShownAndCanBeTriedAnew() throws Exception {
        channel("gone", Channel.Kind.WEBHOOK, base() + "/hook", null, 60);
        synchronized (refusals) {
            refusals.addAll(Collections.nCopies(4, 410));
        }
        escalate("r1", "high");
        for (var pause : OutboxRunner.PAUSES) {
            int left = refusals.size();
            await().atMost(SOON).until(() -> refusals.size() < left || refusals.size() < 4);
            int now = refusals.size();
            clock.advance(pause.plusSeconds(1));
            await().atMost(SOON).until(() -> refusals.size() < now);
        }
        await().atMost(SOON).until(() -> as(notifications::overview).dead() == 1);
        assertThat(as(notifications::overview).channels().getFirst().failure()).isEqualTo("it does not know us (410)");
        assertThat(as(notifications::replay)).isEqualTo(1);
        await().atMost(SOON).until(() -> at("/hook").size() == 1);
        await().atMost(SOON).until(() -> as(notifications::overview).dead() == 0);
    }

    @Test
    void aFloodIsHeldBackAndCounted() throws Exception {
        channel("hook", Channel.Kind.WEBHOOK, base() + "/hook", null, 2);
        for (int i = 0; i < 5; i++) {
            escalate("r" + i, "high");
        }
        await().atMost(SOON).until(() -> as(notifications::overview).newest().size() == 5);
        assertThat(at("/hook")).hasSize(2);
        clock.advance(Duration.ofHours(1));
        escalate("later", "high");
        await().atMost(SOON).until(() -> at("/hook").size() == 3);
        assertThat(UntrustedJson.read(at("/hook").getLast().body, 1 << 20)
                        .get("held")
                        .intValue())
                .isEqualTo(3);
    }

    @Test
    void whatNobodyMayNameIsRefused() throws Exception {
        refused("invalid-channel", Channel.Kind.WEBHOOK, "http://169.254.169.254/latest", null);
        refused("invalid-channel", Channel.Kind.WEBHOOK, "https://10.0.0.1/x", null);
        refused("invalid-channel", Channel.Kind.SLACK, "", "ftp://example.org");
        refused("secret-required", Channel.Kind.SLACK, "", null);
        refused("secret-required", Channel.Kind.PAGERDUTY, "", null);
        refused("invalid-channel", Channel.Kind.EMAIL, "nobody", null);
        refused("invalid-channel", Channel.Kind.EMAIL, "a@example.org\r\nBcc: b@example.org", null);
        var pager = channel("pager", Channel.Kind.PAGERDUTY, base(), "routing-key-1", 60);
        var elsewhere = new Channel.Content(
                "pager", Channel.Kind.PAGERDUTY, "https://collector.example", Severity.HIGH, 60, true);
        assertThatThrownBy(() -> as(() -> notifications.update(pager.id(), elsewhere, null, 1)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo("secret-required"));
        var tried = as(() -> notifications.test(pager.id()));
        assertThat(tried.ok()).isTrue();
        assertThat(at("/v2/enqueue").getFirst().body).contains("This is a test");
    }

    private void refused(String type, Channel.Kind kind, String target, @Nullable String secret) {
        assertThatThrownBy(() -> channel("c", kind, target, secret, 60))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(type));
    }
}
