package io.marsad.soc.identity.sso;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.identity.ExternalUsers;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The OpenID providers of the caller's tenant, as an administrator sees and changes them. Nobody has a provider give a role
 * that they could not give themselves.
 *
 * <p>Thread-safe.
 */
public final class Providers {
    private static final int MOST = 20;
    private static final int LONGEST_SECRET = 1_000;
    private static final JsonMapper JSON = new JsonMapper();

    private final Database database;
    private final ClientSecrets secrets;
    private final InstantSource clock;
    private final SecureRandom random;

    public Providers(Database database, Vault vault, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.secrets = new ClientSecrets(vault);
        this.clock = clock;
        this.random = random;
    }

    /** What becomes of the secret by a change. */
    public sealed interface SecretChange {
        /** The one before stays, if there was one. */
        record Keep() implements SecretChange {}

        /** There is none any more: a public client. */
        record None() implements SecretChange {}

        /** This one. */
        record New(String secret) implements SecretChange {
            @Override
            public String toString() {
                return "New";
            }
        }
    }

    /** A provider after a change. @param endedSessions of those who had come by it */
    public record Changed(Provider provider, List<UUID> endedSessions) {
        public Changed {
            endedSessions = List.copyOf(endedSessions);
        }
    }

    /** All of the tenant, by name. */
    public List<Provider> list() {
        return database.inCallerTenant(connection -> ProviderRows.all(connection, CallerScope.tenant()));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Provider find(UUID id) {
        return database.inCallerTenant(connection -> ProviderRows.require(connection, CallerScope.tenant(), id));
    }

    /**
     * Makes one.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-provider}, {@code unknown-role},
     *     {@code role-of-installation}; 403; 409 {@code name-taken}, {@code too-many-providers}
     */
    public Provider create(ProviderSettings settings, @Nullable String secret) {
        settings.sound();
        requireSound(secret);
        var caller = CallerScope.current();
        var now = now();
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                .uuid();
        return database.inCallerTenant(connection -> {
            requireGivable(connection, caller, settings);
            if (ProviderRows.all(connection, caller.tenant()).size() >= MOST) {
                throw Problem.conflict("too-many-providers", "A tenant has at most " + MOST + " sign-in providers.")
                        .asException();
            }
            var made = new Provider(id, settings, secret != null, now, now);
            if (!ProviderRows.insert(connection, caller.tenant(), made)) {
                throw taken();
            }
            if (secret != null) {
                secrets.set(connection, caller.tenant(), id, secret);
            }
            record(connection, now, "provider.create", made, Map.of("after", facts(made)));
            return made;
        });
    }

    /**
     * Changes everything but what {@link SecretChange.Keep} keeps. Who came by a provider that is switched off, or is of
     * another issuer now, is signed out, and by another issuer nobody is the same person.
     *
     * @throws io.marsad.kernel.problem.ProblemException as {@link #create}; 404
     */
    public Changed update(UUID id, ProviderSettings settings, SecretChange change) {
        settings.sound();
        if (change instanceof SecretChange.New(var secret)) {
            requireSound(secret);
        }
        var caller = CallerScope.current();
        var now = now();
        return database.inCallerTenant(connection -> {
            var before = ProviderRows.require(connection, caller.tenant(), id);
            requireGivable(connection, caller, settings);
            boolean hasSecret = switch (change) {
                case SecretChange.Keep() -> before.hasSecret();
                case SecretChange.None() -> false;
                case SecretChange.New _ -> true;
            };
            var after = new Provider(id, settings, hasSecret, before.createdAt(), now);
            if (!ProviderRows.update(connection, caller.tenant(), after)) {
                throw taken();
            }
            switch (change) {
                case SecretChange.Keep() -> {}
                case SecretChange.None() -> secrets.set(connection, caller.tenant(), id, null);
                case SecretChange.New(var secret) -> secrets.set(connection, caller.tenant(), id, secret);
            }
            boolean another = !settings.issuer().equals(before.settings().issuer());
            var ended = another || !settings.enabled() ? endSessions(connection, caller, before, now) : List.<UUID>of();
            if (another) {
                ProviderRows.forget(connection, caller.tenant(), id);
            }
            var facts = new LinkedHashMap<String, Object>();
            facts.put("before", facts(before));
            facts.put("after", facts(after));
            if (change instanceof SecretChange.New) {
                facts.put("new_secret", true);
            }
            record(connection, now, "provider.update", after, facts);
            return new Changed(after, ended);
        });
    }

    /** Deletes it and signs out who came by it; their accounts stay. @throws io.marsad.kernel.problem.ProblemException 404 */
    public Changed delete(UUID id) {
        var caller = CallerScope.current();
        var now = now();
        return database.inCallerTenant(connection -> {
            var before = ProviderRows.require(connection, caller.tenant(), id);
            var ended = endSessions(connection, caller, before, now);
            secrets.set(connection, caller.tenant(), id, null);
            ProviderRows.delete(connection, caller.tenant(), id);
            record(connection, now, "provider.delete", before, Map.of("before", facts(before)));
            return new Changed(before, ended);
        });
    }

    /** The provider and what it knows us by. @throws io.marsad.kernel.problem.ProblemException 404 */
    Known known(UUID id) {
        return database.inCallerTenant(connection -> {
            var provider = ProviderRows.require(connection, CallerScope.tenant(), id);
            return new Known(provider, secrets.read(connection, CallerScope.tenant(), id));
        });
    }

    /** @param secret null: none */
    record Known(Provider provider, @Nullable String secret) {
        ProviderHttp.Client client() {
            return new ProviderHttp.Client(provider.settings().clientId(), secret);
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return provider.toString();
        }
    }

    /** The secrets of all providers. */
    ClientSecrets secrets() {
        return secrets;
    }

    private static List<UUID> endSessions(Connection connection, Caller caller, Provider provider, Instant now)
            throws SQLException {
        var voucher =
                new ExternalUsers.Voucher(caller.subject(), provider.settings().name(), now);
        var ended = new ArrayList<UUID>();
        for (UUID user : ProviderRows.users(connection, caller.tenant(), provider.id())) {
            ended.addAll(ExternalUsers.endSessions(connection, caller.tenant(), user, voucher));
        }
        return ended;
    }

    private static void requireGivable(Connection connection, Caller caller, ProviderSettings settings)
            throws SQLException {
        if (settings.defaultRole() != null) {
            ExternalUsers.requireGivable(connection, caller, settings.defaultRole());
        }
        for (GroupRole one : settings.groups()) {
            ExternalUsers.requireGivable(connection, caller, one.role());
        }
    }

    private static void requireSound(@Nullable String secret) {
        if (secret != null && (secret.isEmpty() || secret.length() > LONGEST_SECRET || secret.indexOf(0) >= 0)) {
            throw Problem.badRequest("invalid-provider", "A client secret has 1 to " + LONGEST_SECRET + " characters.")
                    .asException();
        }
    }

    private static RuntimeException taken() {
        return Problem.conflict("name-taken", "There is a sign-in provider of this name.")
                .asException();
    }

    private static void record(
            Connection connection, Instant at, String action, Provider provider, Map<String, ?> facts)
            throws SQLException {
        var caller = CallerScope.current();
        AuditLog.append(
                connection,
                caller.tenant(),
                new AuditLog.Entry(at, caller.subject(), action, provider.subject(), JSON.writeValueAsString(facts)));
    }

    private static Map<String, Object> facts(Provider provider) {
        var settings = provider.settings();
        var facts = new LinkedHashMap<String, Object>();
        facts.put("name", settings.name());
        facts.put("issuer", settings.issuer());
        facts.put("client_id", settings.clientId());
        facts.put("has_secret", provider.hasSecret());
        facts.put("scopes", settings.scopes());
        facts.put("groups_claim", settings.groupsClaim());
        if (settings.defaultRole() != null) {
            facts.put("default_role", settings.defaultRole());
        }
        facts.put(
                "groups",
                settings.groups().stream()
                        .map(one -> Map.of("group", one.group(), "role", one.role()))
                        .toList());
        facts.put("enabled", settings.enabled());
        return facts;
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
