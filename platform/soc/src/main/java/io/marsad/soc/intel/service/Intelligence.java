package io.marsad.soc.intel.service;

import io.marsad.connect.OutboundHttp;
import io.marsad.db.Database;
import io.marsad.db.DatabaseException;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelAnswer;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.intel.IntelSource;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of a value: by what the tenant lists, by the installation's feeds, and by the services that the tenant has
 * asked, all at once. A service that fails, is not let or has used its budget is named; the others count. Answers are kept
 * for an hour, as they came. Without any service it works on what is here. Thread-safe.
 */
public final class Intelligence {
    /** How long an answer counts. */
    public static final Duration KEPT = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(Intelligence.class);
    private static final String KIND = "intel";
    private static final Indicator KNOWN = Indicator.of("ip", "8.8.8.8");

    private final Database database;
    private final Vault vault;
    private final Sources sources;
    private final InstantSource clock;

    /**
     * Who is asked.
     *
     * @param own what a tenant lists itself
     * @param feeds of the installation, for all tenants
     * @param http outside, by the operator's rules
     * @param addresses of services that are not where they usually are, by name
     */
    public record Sources(
            Function<TenantId, IntelSource> own,
            List<IntelSource> feeds,
            OutboundHttp http,
            Map<String, URI> addresses) {
        public Sources {
            feeds = List.copyOf(feeds);
            addresses = Map.copyOf(addresses);
        }
    }

    public Intelligence(Database database, Vault vault, Sources sources, InstantSource clock) {
        this.database = database;
        this.vault = vault;
        this.sources = sources;
        this.clock = clock;
    }

    /**
     * What was said.
     *
     * @param cached whether services were asked before, and none now
     */
    public record Asked(IntelResult result, boolean cached) {}

    /** One answer, and whether it was kept from before. */
    private record Answered(IntelAnswer answer, boolean kept) {}

    /** Asks everybody who can say something; never throws. Not inside a transaction. */
    public IntelResult ask(TenantId tenant, Indicator indicator) {
        return look(tenant, indicator).result();
    }

    /**
     * What is known here.
     *
     * @param unasked services that {@link #ask} would ask now
     */
    public record Here(IntelResult result, List<String> unasked) {
        public Here {
            unasked = List.copyOf(unasked);
        }
    }

    /** What is known without asking anybody outside: by lists and feeds, and by what services said in the last hour. */
    public Here here(TenantId tenant, Indicator indicator) {
        var now = now();
        return database.inOneTransaction(tenant, connection -> {
            var listed = listed(connection, tenant, indicator, now);
            var answers = new ArrayList<>(listed.answers);
            var unasked = new ArrayList<String>();
            for (RemoteService service : RemoteService.ALL) {
                var row = listed.services.get(service.name());
                if (row != null && row.enabled() && service.knows(indicator)) {
                    var kept = SourceRows.kept(connection, tenant.value(), service.name(), indicator, now);
                    if (kept == null) {
                        unasked.add(service.name());
                    } else {
                        answers.add(service.reader().read(indicator, kept.body()));
                    }
                }
            }
            return new Here(IntelResult.of(indicator, answers), unasked);
        });
    }

    /** What lists and feeds say, and the settings of who could be asked besides. */
    private record Listed(List<IntelAnswer> answers, Map<String, SourceRows.Row> services) {}

    /** In one transaction, of which the sources' questions are parts. */
    private Listed listed(Connection connection, TenantId tenant, Indicator indicator, Instant now)
            throws SQLException {
        var local = new ArrayList<>(sources.feeds());
        local.addFirst(sources.own().apply(tenant));
        var answers = local.stream()
                .filter(source -> source.knows(indicator))
                .map(source -> source.lookup(indicator, now))
                .toList();
        return new Listed(answers, SourceRows.all(connection, tenant.value()));
    }

    /** As {@link #ask}. */
    public Asked look(TenantId tenant, Indicator indicator) {
        var now = now();
        Listed listed;
        try {
            listed = database.inOneTransaction(tenant, connection -> listed(connection, tenant, indicator, now));
        } catch (DatabaseException e) {
            LOG.warn("neither lists nor services of {} can be read, so none is asked", tenant, e);
            var failed = IntelAnswer.failed("services", "lists and settings cannot be read", null);
            return new Asked(IntelResult.of(indicator, List.of(failed)), false);
        }
        var remote = remote(tenant, listed.services, indicator, now);
        var answers = new ArrayList<>(listed.answers);
        remote.forEach(one -> answers.add(one.answer));
        boolean cached = !remote.isEmpty() && remote.stream().allMatch(Answered::kept);
        return new Asked(IntelResult.of(indicator, answers), cached);
    }

    private List<Answered> remote(TenantId tenant, Map<String, SourceRows.Row> rows, Indicator indicator, Instant now) {
        var tasks = new ArrayList<Callable<Answered>>();
        for (RemoteService service : RemoteService.ALL) {
            var row = rows.get(service.name());
            if (row != null && row.enabled() && service.knows(indicator)) {
                tasks.add(() -> answered(tenant, service, indicator, now));
            }
        }
        if (tasks.isEmpty()) {
            return List.of();
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) { // each call is bounded in time
            var answers = new ArrayList<Answered>();
            for (var future : threads.invokeAll(tasks)) {
                answers.add(future.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(new Answered(IntelAnswer.failed("services", "asking them was interrupted", null), false));
        } catch (ExecutionException e) {
            LOG.error("asking about {} failed", indicator.key(), e);
            return List.of(new Answered(IntelAnswer.failed("services", "asking them failed", null), false));
        }
    }

    private Answered answered(TenantId tenant, RemoteService service, Indicator asked, Instant now) {
        var name = service.name();
        try {
            var kept = database.<SourceRows.@Nullable Kept>inTenant(
                    tenant, connection -> SourceRows.kept(connection, tenant.value(), name, asked, now));
            if (kept != null) {
                return new Answered(service.reader().read(asked, kept.body()), true);
            }
            return new Answered(asked(tenant, service, asked, now), false);
        } catch (DatabaseException e) { // without a memory and a budget nobody is asked
            LOG.warn("{} is not asked for {}: the database does not answer", name, tenant, e);
            return new Answered(IntelAnswer.failed(name, "its budget cannot be read", null), false);
        }
    }

    /** Asks it, when its budget allows. */
    private IntelAnswer asked(TenantId tenant, RemoteService service, Indicator asked, Instant now) {
        boolean may = database.<Boolean>inTenant(
                tenant, connection -> SourceRows.take(connection, tenant.value(), service.name(), now));
        return may
                ? called(tenant, service, asked, now)
                : IntelAnswer.failed(service.name(), "its budget of questions is used up for now", null);
    }

    private IntelAnswer called(TenantId tenant, RemoteService service, Indicator asked, Instant now) {
        var name = service.name();
        @Nullable String key = key(tenant, name);
        if (key == null) {
            return failed(tenant, name, "it has no key", now);
        }
        OutboundHttp.Answer http;
        try {
            var base = sources.addresses().getOrDefault(name, service.usual());
            http = sources.http().get(service.address(base, asked), service.headers(key));
        } catch (IOException | IllegalArgumentException e) {
            var why = e.getMessage();
            return failed(tenant, name, why == null ? "it cannot be reached" : why.replace(key, "…"), now);
        }
        var refusal = refusal(http);
        if (refusal != null) {
            return failed(tenant, name, refusal, now);
        }
        var body = http.text();
        var answer = service.reader().read(asked, body);
        if (answer.state() == IntelAnswer.State.FAILED) {
            return failed(tenant, name, String.valueOf(answer.failure()), now);
        }
        database.inTenant(tenant, connection -> {
            SourceRows.keep(connection, tenant.value(), name, asked, new SourceRows.Kept(body, now), KEPT);
            return true;
        });
        return answer;
    }

    /** Null when the body is to be read: what a service does not know it answers with 404 and a body that says so. */
    private static @Nullable String refusal(OutboundHttp.Answer http) {
        return switch (http.status()) {
            case 200, 404 -> null;
            case 401, 403 -> "it refuses the key (" + http.status() + ")";
            case 429 -> "it asks us to wait (429)";
            default -> "it answers " + http.status();
        };
    }

    private IntelAnswer failed(TenantId tenant, String name, String why, Instant now) {
        database.inTenant(tenant, connection -> {
            SourceRows.failed(connection, tenant.value(), name, why, now);
            return true;
        });
        return IntelAnswer.failed(name, why, null);
    }

    private @Nullable String key(TenantId tenant, String service) {
        return database.inTenant(tenant, connection -> {
            try (var secret = vault.read(connection, tenant, new SecretName(KIND, service))) {
                return secret == null ? null : secret.text();
            }
        });
    }

    /** All services, with how the caller's tenant asks them; those that it never set up are off. */
    public List<SourceSetting> settings() {
        var tenant = CallerScope.tenant();
        long second = now().getEpochSecond();
        long minute = second / 60;
        long today = second / 86_400;
        return database.inCallerTenant(connection -> {
            var rows = SourceRows.all(connection, tenant.value());
            var keys = vault.list(connection, tenant, KIND).stream()
                    .map(kept -> kept.name().name())
                    .toList();
            var settings = new ArrayList<SourceSetting>();
            for (RemoteService service : RemoteService.ALL) {
                var row = rows.get(service.name());
                boolean hasKey = keys.contains(service.name());
                settings.add(
                        row == null
                                ? new SourceSetting(
                                        service,
                                        false,
                                        hasKey,
                                        service.perMinute(),
                                        service.perDay(),
                                        0,
                                        0,
                                        null,
                                        null,
                                        null)
                                : new SourceSetting(
                                        service,
                                        row.enabled(),
                                        hasKey,
                                        row.perMinute(),
                                        row.perDay(),
                                        row.minute() == minute ? row.minuteUsed() : 0,
                                        row.day() == today ? row.dayUsed() : 0,
                                        row.answered(),
                                        row.failed(),
                                        row.failure()));
            }
            return settings;
        });
    }

    /**
     * Sets a service up.
     *
     * @param key null: as it was; empty: forgotten
     * @throws io.marsad.kernel.problem.ProblemException 404; 400 {@code key-required}
     */
    public SourceSetting set(String name, boolean enabled, int perMinute, int perDay, @Nullable String key) {
        var service = service(name);
        var caller = CallerScope.current();
        var tenant = caller.tenant();
        var now = now();
        database.inCallerTenant(connection -> {
            var secret = new SecretName(KIND, name);
            if (key != null && key.isBlank()) {
                vault.remove(connection, tenant, secret);
            } else if (key != null) {
                try (var value = SecretValue.of(key.strip())) {
                    vault.put(connection, tenant, secret, value);
                }
            }
            boolean hasKey = vault.list(connection, tenant, KIND).stream()
                    .anyMatch(kept -> kept.name().equals(secret));
            if (enabled && !hasKey) {
                throw Problem.badRequest("key-required", "Give the key that " + service.title() + " knows you by.")
                        .asException();
            }
            var setting = new SourceSetting(service, enabled, hasKey, perMinute, perDay, 0, 0, null, null, null);
            SourceRows.put(connection, tenant.value(), setting, now);
            var keyWord = key == null ? "as it was" : key.isBlank() ? "forgotten" : "new";
            var detail = AuditLog.detail(
                    connection,
                    "enabled",
                    Boolean.toString(enabled),
                    "per_minute",
                    Integer.toString(perMinute),
                    "per_day",
                    Integer.toString(perDay),
                    "key",
                    keyWord);
            AuditLog.append(
                    connection,
                    tenant,
                    new AuditLog.Entry(now, caller.subject(), "intel-source.update", "intel-source:" + name, detail));
            return true;
        });
        return setting(service);
    }

    /**
     * How a test went.
     *
     * @param failure why it did not answer; null when it did
     */
    public record Tested(SourceSetting setting, @Nullable String failure, Duration took) {}

    /**
     * Asks a service of the caller's tenant about an address that all of them know, now and of its budget.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 400 {@code service-off}
     */
    public Tested test(String name) {
        var service = service(name);
        if (!setting(service).enabled()) {
            throw Problem.badRequest("service-off", service.title() + " is off: set it up first.")
                    .asException();
        }
        long began = System.nanoTime();
        var answer = asked(CallerScope.tenant(), service, KNOWN, now());
        var failure = answer.state() == IntelAnswer.State.FAILED ? answer.failure() : null;
        return new Tested(setting(service), failure, Duration.ofNanos(System.nanoTime() - began));
    }

    private SourceSetting setting(RemoteService service) {
        return settings().stream()
                .filter(one -> one.service().equals(service))
                .findFirst()
                .orElseThrow();
    }

    private static RemoteService service(String name) {
        return RemoteService.ALL.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("There is no such service.").asException());
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
