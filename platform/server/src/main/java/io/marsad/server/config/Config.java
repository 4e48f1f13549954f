package io.marsad.server.config;

import io.marsad.kernel.store.Retention;
import io.marsad.kernel.store.RetentionPolicy;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.notify.MailServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can set; every value has a default that is right for one machine.
 *
 * @param data the folder that holds everything the installation keeps
 * @param content where rules, mappings and taxonomy are read from
 * @param tenant the installation's own tenant, made at the first start
 * @param http the address of console and API
 * @param syslog listeners, or null when none are wanted
 * @param agents where agents and relays call, or null when none are let in
 * @param database an external PostgreSQL, or null for the embedded one
 * @param log the event log's limits
 * @param store the event store's limits
 * @param secrets where the keys are that secrets in the database are encrypted by
 * @param outbound what may be talked to on a tenant's behalf, besides the public internet
 * @param mail what takes the installation's e-mail, or null when none is sent
 * @param rules what rules may cost
 * @param alerts when firings are the same alert
 * @param watch watch this machine's own log (auth log or journal)
 */
public record Config(
        Path data,
        Path content,
        TenantId tenant,
        Http http,
        @Nullable Syslog syslog,
        @Nullable Agents agents,
        @Nullable External database,
        Log log,
        Store store,
        Secrets secrets,
        List<String> outbound,
        @Nullable MailServer mail,
        Rules rules,
        Alerts alerts,
        boolean watch) {

    /**
     * @param port 0 takes a free one
     * @param tls null for HTTP without TLS
     * @param origin how browsers reach it: scheme, domain and port; null where only this machine's do
     * @param plain HTTP without TLS is wanted beyond this machine, because a proxy has it
     * @param connectionsPerAddress at once
     */
    public record Http(
            String address,
            int port,
            @Nullable Tls tls,
            @Nullable URI origin,
            boolean plain,
            int connectionsPerAddress) {}

    /** PEM files: the certificate with those that signed it, and its key (PKCS #8). */
    public record Tls(Path certificate, Path key) {}

    /** Ports of 0 take free ones; -1 leaves a listener out. */
    public record Syslog(String address, int udpPort, int tcpPort) {}

    /** Ports of 0 take free ones. @param enrollPort where those call that are not let in yet */
    public record Agents(String address, int port, int enrollPort) {}

    /** The owner migrates, the application role works; see {@code docs/guides/configuration.md}. */
    public record External(String url, String owner, String ownerPassword, String user, String password) {
        /** Without the passwords. */
        @Override
        public String toString() {
            return owner + " and " + user;
        }
    }

    /** @param capacityBytes appends are refused (429) beyond it, until the worker has caught up */
    public record Log(long capacityBytes, long segmentBytes, Duration keep) {}

    /** @param openBytes memory for rows that are not sealed yet, over all tenants */
    public record Store(long openBytes, Duration checkpoint, Retain retention) {}

    /** How long events are kept: by tenants of their own, and by all others. */
    public record Retain(Retention others, Map<TenantId, Retention> tenants) implements RetentionPolicy {
        @Override
        public Retention of(TenantId tenant) {
            return tenants.getOrDefault(tenant, others);
        }
    }

    /** Where master keys are. */
    public sealed interface Secrets {
        /** Files of the data folder. */
        record OfFiles() implements Secrets {}

        /** Variables of the environment that begin so. */
        record OfEnvironment(String prefix) implements Secrets {}

        /** HashiCorp Vault's key-value engine, version 2. */
        record OfVault(URI url, String token) implements Secrets {
            /** Without the token. */
            @Override
            public String toString() {
                return url.toString();
            }
        }
    }

    /** @param quarantine a rule over the budget is not asked any more, instead of only being reported */
    public record Rules(long budgetNanos, boolean quarantine) {}

    /** @param window how far apart firings on the same may be to be one alert; zero: each is one */
    public record Alerts(Duration window) {}

    /** A key of the file and what it is for, for help and suggestions. */
    public record Key(String name, String fallback, String meaning) {}

    public static final List<Key> KEYS = List.of(
            new Key("tenant", "main", "name of the installation's own tenant"),
            new Key("content", "(shipped)", "folder with mappings, taxonomy and rules"),
            new Key("watch", "true", "watch this machine's own auth log or journal"),
            new Key("http.address", "127.0.0.1", "where console and API listen"),
            new Key("http.port", "8480", "their port; 0 takes a free one"),
            new Key("http.origin", "", "https://… as browsers write it, where passkeys are made and used"),
            new Key(
                    "http.tls.certificate",
                    "",
                    "PEM file with the certificate and those that signed it; read again when it changes"),
            new Key("http.tls.key", "", "PEM file with its key (PKCS #8)"),
            new Key("http.plain", "false", "no TLS beyond this machine: a proxy in front has it"),
            new Key(
                    "http.connections_per_address",
                    "1024",
                    "connections at once from one address; behind a proxy, as many as it opens"),
            new Key("syslog.address", "127.0.0.1", "where the syslog doors listen"),
            new Key("syslog.udp", "5514", "UDP port; -1 for none"),
            new Key("syslog.tcp", "5514", "TCP port; -1 for none"),
            new Key("agents.address", "127.0.0.1", "where agents and relays call"),
            new Key("agents.port", "8481", "their port; -1 for none"),
            new Key("agents.enroll_port", "8482", "the port of those that are not let in yet"),
            new Key("database.url", "(embedded)", "jdbc:postgresql://… of an external PostgreSQL"),
            new Key("database.owner", "", "role that owns the schema and migrates it"),
            new Key("database.owner_password", "", "its password, or ${ENV:NAME}"),
            new Key("database.user", "", "role the platform works as: neither owner nor superuser nor BYPASSRLS"),
            new Key("database.password", "", "its password, or ${ENV:NAME}"),
            new Key("log.capacity", "8GiB", "event log size at which doors answer 429"),
            new Key("log.segment", "64MiB", "size of one log file"),
            new Key("log.keep", "24h", "how long processed records stay in the log"),
            new Key("store.open", "64MiB", "memory for rows that are not sealed yet"),
            new Key("store.checkpoint", "10s", "how often stored rows are made durable"),
            new Key(
                    "secrets.store",
                    "file",
                    "where the keys of secrets are: file (keys/ of the data folder), environment or vault (HashiCorp)"),
            new Key("secrets.prefix", "MARSAD_SECRET_", "environment: what its variables begin with"),
            new Key("secrets.url", "", "vault: https://…/v1/secret/data/marsad, a folder of its key-value engine"),
            new Key("secrets.token", "", "vault: its token, or ${ENV:NAME}"),
            new Key(
                    "outbound.allow",
                    "",
                    "inside addresses that tenants may name (providers, receivers): 10.1.0.0/16, idp.corp, http://host:port"),
            new Key("mail.server", "", "server that takes the installation's e-mail; without it none is sent"),
            new Key("mail.port", "587", "its port"),
            new Key(
                    "mail.security",
                    "starttls",
                    "starttls (asked for first), tls (from the beginning) or none (on this machine only)"),
            new Key("mail.from", "", "who writes: an address of e-mail"),
            new Key("mail.user", "", "who we are there; empty when it asks for nobody"),
            new Key("mail.password", "", "its password, or ${ENV:NAME}"),
            new Key("rules.budget", "10us", "what one rule may cost on average per event (ns, us, ms)"),
            new Key("rules.quarantine", "false", "do not ask rules over the budget any more; false only reports them"),
            new Key(
                    "alerts.window",
                    "300s",
                    "firings on the same that are at most so far apart are one alert; 0s for none"),
            new Key("retention.days", "0", "for how many days after their receipt events are kept; 0 for ever"),
            new Key("retention.classes.CLASS", "", "the same for an OCSF class (4001) or category (4)"),
            new Key("retention.tenants.NAME.days", "", "the same for a tenant, which also has classes.CLASS"));
}
