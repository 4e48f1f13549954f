package io.marsad.soc.notify;

import io.marsad.connect.OutboundRefused;
import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Outbox;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import jakarta.mail.internet.AddressException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The channels of the tenant of the running {@link CallerScope}, what they were told and what failed; every change is in
 * its audit log. Thread-safe.
 */
public final class Notifications {
    /** The most channels that a tenant has. */
    public static final int MOST = 50;

    private static final int NEWEST = 100;
    private static final int MOST_NAME = 100;
    private static final int MOST_SECRET = 2_000;
    private static final String PAGERDUTY = "https://events.pagerduty.com";
    private static final String SHOWN = "the address is kept secret";

    private final Database database;
    private final Vault vault;
    private final Ways ways;
    private final InstantSource clock;
    private final RandomGenerator random;

    public Notifications(Database database, Vault vault, Ways ways, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.vault = vault;
        this.ways = ways;
        this.clock = clock;
        this.random = random;
    }

    /**
     * How it stands.
     *
     * @param mail whether the installation has a mail server
     * @param dead alerts that some channel did not take in the end
     */
    public record Overview(List<Channel> channels, List<Notification> newest, boolean mail, int dead) {
        public Overview {
            channels = List.copyOf(channels);
            newest = List.copyOf(newest);
        }
    }

    /** What came of a try. */
    public record Tried(boolean ok, String detail) {}

    public Overview overview() {
        return database.inCallerTenant(connection -> new Overview(
                channels(connection),
                ChannelRows.newest(connection, tenant(), NEWEST),
                ways.mail() != null,
                Outbox.dead(connection, tenant(), AlertFollowers.NOTIFICATIONS, NEWEST)
                        .size()));
    }

    /** Whether people of the tenant can have their inbox by e-mail: {@link InboxMail}. */
    public boolean mailsPeople() {
        return ways.mail() != null
                && database.<Boolean>inCallerTenant(
                        connection -> InboxMail.channel(connection, CallerScope.tenant()) != null);
    }

    /**
     * @param secret null or empty: none
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-channel}, {@code secret-required},
     *     {@code no-mail-server}; 409 {@code name-taken}, {@code too-many-channels}
     */
    public Channel create(Channel.Content wanted, @Nullable String secret) {
        var now = now();
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong());
        return database.inCallerTenant(connection -> {
            var all = channels(connection);
            if (all.size() >= MOST) {
                throw Problem.conflict("too-many-channels", "There are " + MOST + " channels already.")
                        .asException();
            }
            return put(connection, all, new Draft(id, wanted, secret, null), now);
        });
    }

    /**
     * Puts the content in the place of what there was; its kind stays.
     *
     * @param secret null: as it was; empty: forgotten
     * @throws io.marsad.kernel.problem.ProblemException as {@link #create}; 404; 409 {@code changed-meanwhile}
     */
    public Channel update(EventId id, Channel.Content wanted, @Nullable String secret, int version) {
        var now = now();
        return database.inCallerTenant(connection -> {
            var all = channels(connection);
            var before = existing(all, id);
            if (before.version() != version) {
                throw Problem.conflict(
                                "changed-meanwhile",
                                "It was changed meanwhile: it has version " + before.version() + " now.")
                        .asException();
            }
            if (before.content().kind() != wanted.kind()) {
                throw invalid("A channel stays what it is: make another one.");
            }
            return put(connection, all, new Draft(id, wanted, secret, before), now);
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public void delete(EventId id) {
        var now = now();
        database.inCallerTenant(connection -> {
            var before = existing(channels(connection), id);
            vault.remove(connection, tenant(), ChannelRows.secret(id.uuid()));
            ChannelRows.delete(connection, tenant(), id);
            audit(connection, now, "notification-channel.delete", before, "forgotten");
            return true;
        });
    }

    /**
     * Sends something that says that it is a test.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404
     */
    public Tried test(EventId id) {
        var tenant = tenant();
        var now = now();
        var channel = database.<Channel>inCallerTenant(connection -> {
            var one = existing(channels(connection), id);
            audit(connection, now, "notification-channel.test", one, "as it was");
            return one;
        });
        var secret = database.<@Nullable String>inTenant(tenant, connection -> {
            try (var kept = vault.read(connection, tenant, ChannelRows.secret(id.uuid()))) {
                return kept == null ? null : kept.text();
            }
        });
        var sample = new Notice(
                tenant,
                EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong()),
                "Test of the channel " + channel.content().name(),
                Severity.INFORMATIONAL,
                "marsad-test",
                now,
                List.of(new Entity(Entity.Kind.HOST, "example-host", "device.hostname")),
                "This is a test from Marsad: nothing has happened.",
                new Notice.Decided("escalate", BigDecimal.ONE, "somebody pressed Test"),
                ways.origin());
        try {
            new Sender(ways).send(channel, secret, new Sender.Parcel("test." + sample.alert(), sample, 0, now));
            return new Tried(true, "It was taken.");
        } catch (IOException e) {
            return new Tried(false, String.valueOf(e.getMessage()));
        }
    }

    /** Has everything tried anew that was given up. @return how many alerts */
    public int replay() {
        var now = now();
        return database.inCallerTenant(connection -> {
            int replayed = Outbox.replay(connection, tenant(), AlertFollowers.NOTIFICATIONS, null, now);
            var detail = AuditLog.detail(connection, "alerts", Integer.toString(replayed));
            AuditLog.append(
                    connection,
                    tenant(),
                    new AuditLog.Entry(
                            now, CallerScope.current().subject(), "notification.replay", "notifications", detail));
            return replayed;
        });
    }

    /** What is about to be kept. @param before null when it is new */
    private record Draft(
            EventId id,
            Channel.Content content,
            @Nullable String secret,
            @Nullable Channel before) {}

    private Channel put(Connection connection, List<Channel> all, Draft draft, Instant now) throws SQLException {
        var wanted = draft.content;
        var before = draft.before;
        var name = wanted.name().strip();
        if (name.isEmpty() || name.length() > MOST_NAME) {
            throw invalid("A channel has a name of 1 to " + MOST_NAME + " characters.");
        }
        if (all.stream()
                .anyMatch(one ->
                        !one.id().equals(draft.id) && one.content().name().equals(name))) {
            throw Problem.conflict("name-taken", "There is a channel '" + name + "' already.")
                    .asException();
        }
        var target = target(draft);
        boolean kept = before != null && before.hasSecret() && draft.secret == null;
        boolean given = draft.secret != null && !draft.secret.isBlank();
        boolean needed = wanted.kind() == Channel.Kind.SLACK || wanted.kind() == Channel.Kind.PAGERDUTY;
        // A key that was given for one receiver is not told to another.
        boolean moved = before != null && !before.target().equals(target);
        if (needed && !given && (!kept || moved)) {
            throw Problem.badRequest(
                            "secret-required",
                            wanted.kind() == Channel.Kind.SLACK
                                    ? "Give the address of the incoming webhook."
                                    : "Give the routing key.")
                    .asException();
        }
        var content =
                new Channel.Content(name, wanted.kind(), target, wanted.least(), wanted.perHour(), wanted.enabled());
        var channel = new Channel(
                draft.id, content, target, given || kept, before == null ? 1 : before.version() + 1, null, null, null);
        keep(connection, draft);
        ChannelRows.put(connection, tenant(), channel, now);
        var secretWord = given ? "new" : draft.secret == null ? "as it was" : "forgotten";
        audit(connection, now, "notification-channel." + (before == null ? "create" : "update"), channel, secretWord);
        return existing(channels(connection), draft.id);
    }

    private void keep(Connection connection, Draft draft) throws SQLException {
        var name = ChannelRows.secret(draft.id.uuid());
        if (draft.secret == null) {
            return;
        }
        if (draft.secret.isBlank()) {
            vault.remove(connection, tenant(), name);
        } else if (draft.secret.length() > MOST_SECRET) {
            throw invalid("A secret has at most " + MOST_SECRET + " characters.");
        } else {
            try (var value = SecretValue.of(draft.secret.strip())) {
                vault.put(connection, tenant(), name, value);
            }
        }
    }

    /** What is shown and where it goes, once it is known that it may. */
    private String target(Draft draft) {
        var wanted = draft.content;
        try {
            return switch (wanted.kind()) {
                case WEBHOOK -> ways.guard().https(wanted.target()).toString();
                case PAGERDUTY -> {
                    var given = wanted.target().strip();
                    var base = ways.guard().https(given.isEmpty() ? PAGERDUTY : given);
                    yield base.getScheme() + "://" + base.getAuthority();
                }
                case SLACK -> {
                    if (draft.secret == null || draft.secret.isBlank()) {
                        yield draft.before == null ? SHOWN : draft.before.target();
                    }
                    URI address = ways.guard().https(draft.secret);
                    yield address.getHost();
                }
                case EMAIL -> {
                    if (ways.mail() == null) {
                        throw Problem.badRequest(
                                        "no-mail-server",
                                        "The installation has no mail server: whoever runs it sets mail.server.")
                                .asException();
                    }
                    yield java.util.Arrays.stream(Mailer.recipients(wanted.target()))
                            .map(one -> one.getAddress())
                            .collect(Collectors.joining(", "));
                }
            };
        } catch (OutboundRefused e) {
            throw invalid(String.valueOf(e.getMessage()));
        } catch (AddressException e) {
            throw invalid("'" + e.getRef() + "' is no address of e-mail: " + e.getMessage());
        }
    }

    private static io.marsad.kernel.problem.ProblemException invalid(String detail) {
        return Problem.badRequest("invalid-channel", detail).asException();
    }

    private List<Channel> channels(Connection connection) throws SQLException {
        Set<String> secrets = vault.list(connection, tenant(), ChannelRows.KIND).stream()
                .map(kept -> kept.name().name())
                .collect(Collectors.toSet());
        return ChannelRows.list(connection, tenant(), secrets);
    }

    private static Channel existing(List<Channel> all, EventId id) {
        return all.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("There is no such channel.").asException());
    }

    private static void audit(Connection connection, Instant now, String action, Channel channel, String secret)
            throws SQLException {
        var content = channel.content();
        var detail = AuditLog.detail(
                connection,
                "name",
                content.name(),
                "kind",
                content.kind().word(),
                "target",
                channel.target(),
                "min_severity",
                content.least().word(),
                "per_hour",
                Integer.toString(content.perHour()),
                "enabled",
                Boolean.toString(content.enabled()),
                "secret",
                secret);
        AuditLog.append(
                connection,
                tenant(),
                new AuditLog.Entry(
                        now, CallerScope.current().subject(), action, "notification-channel:" + channel.id(), detail));
    }

    private static TenantId tenant() {
        return CallerScope.tenant();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
