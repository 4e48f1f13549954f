package io.marsad.server.config;

import io.marsad.connect.OutboundGuard;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.store.Retention;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code marsad.yaml}: nested or dotted keys, every fault reported at once with its line, an unknown key refused
 * with a suggestion.
 */
public final class ConfigFile {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(B|KiB|MiB|GiB|TiB)?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
    private static final Pattern SHORT_TIME = Pattern.compile("(\\d{1,9})\\s*(ns|us|ms)");
    private static final Pattern FROM_ENVIRONMENT = Pattern.compile("\\$\\{ENV:([A-Za-z_][A-Za-z0-9_]*)}");

    private static final URI NOWHERE = URI.create("https://nowhere.invalid");

    private record Value(String text, String file, int line) {}

    private final Map<String, Value> values = new HashMap<>();
    private final List<ContentProblem> problems = new ArrayList<>();
    private final Function<String, @Nullable String> environment;

    private ConfigFile(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /**
     * @param file the file, or null; a file that was named has to exist
     * @param overrides {@code key=value} from the command line, which win
     * @throws ContentException with every fault of the file
     */
    public static Config read(
            @Nullable Path file,
            Path data,
            Path shippedContent,
            Map<String, String> overrides,
            Function<String, @Nullable String> environment)
            throws ContentException, IOException {
        var reading = new ConfigFile(environment);
        if (file != null) {
            if (!Files.isReadable(file)) {
                throw new ContentException(file.toString(), 0, "cannot be read");
            }
            for (YamlNode document : YamlReader.read(file)) {
                reading.collect("", document.asMapping());
            }
        }
        overrides.forEach((key, value) -> reading.put(key, new Value(value, "command line", 0)));
        var config = reading.config(data, shippedContent);
        if (!reading.problems.isEmpty()) {
            throw new ContentException(reading.problems);
        }
        return config;
    }

    private void collect(String prefix, YamlNode.Mapping mapping) {
        for (YamlNode.Entry entry : mapping.entries()) {
            String key = prefix + entry.key();
            switch (entry.value()) {
                case YamlNode.Mapping nested -> collect(key + ".", nested);
                case YamlNode.Scalar scalar ->
                    put(key, new Value(scalar.isNull() ? "" : scalar.text(), scalar.file(), entry.line()));
                case YamlNode.Sequence list ->
                    problems.add(
                            new ContentProblem(list.file(), entry.line(), "'" + key + "' has one value, not a list"));
            }
        }
    }

    private void put(String key, Value value) {
        boolean known = key.startsWith("retention.")
                ? RetentionKeys.known(key)
                : Config.KEYS.stream().anyMatch(one -> one.name().equals(key));
        if (!known) {
            var names = Config.KEYS.stream().map(Config.Key::name).toArray(String[]::new);
            problems.add(new ContentProblem(
                    value.file, value.line, "unknown key '" + key + "'" + Suggestion.among(key, names)));
        } else {
            values.put(key, value);
        }
    }

    private Config config(Path data, Path shippedContent) {
        var fallback = new TenantId("main");
        var tenant = value("tenant", fallback, TenantId::new);
        var content = value("content", shippedContent, text -> Path.of(text).toAbsolutePath());
        return new Config(
                data,
                content,
                tenant,
                http(),
                syslog(),
                agents(),
                database(),
                new Config.Log(size("log.capacity", "8GiB"), size("log.segment", "64MiB"), time("log.keep", "24h")),
                new Config.Store(
                        size("store.open", "64MiB"),
                        time("store.checkpoint", "10s"),
                        RetentionKeys.read(values.keySet(), this::days)),
                SecretKeys.read(this::text, this::fault),
                value("outbound.allow", List.of(), ConfigFile::allowed),
                values.containsKey("mail.server")
                        ? MailKeys.read(this::text, port("mail.port", 587, 1), this::fault)
                        : null,
                new Config.Rules(
                        value("rules.budget", nanos("10us"), ConfigFile::nanos),
                        value("rules.quarantine", false, ConfigFile::flag)),
                new Config.Alerts(time("alerts.window", "300s")),
                value("watch", true, ConfigFile::flag));
    }

    private void fault(String text) {
        problems.add(new ContentProblem("configuration", 0, text));
    }

    private static int connections(String text) {
        int most = Integer.parseInt(text);
        if (most < 1) {
            throw new IllegalArgumentException("at least 1 is expected");
        }
        return most;
    }

    private static List<String> allowed(String text) {
        var allowed = Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .toList();
        var guard = new OutboundGuard(allowed); // refuses what cannot be meant
        return guard.allowed();
    }

    private Config.Http http() {
        Config.Tls tls = null;
        boolean certificate = values.containsKey("http.tls.certificate");
        if (certificate != values.containsKey("http.tls.key")) {
            problems.add(new ContentProblem(
                    "configuration", 0, "'http.tls.certificate' and 'http.tls.key' are only of use together"));
        } else if (certificate) {
            tls = new Config.Tls(Path.of(text("http.tls.certificate", "")), Path.of(text("http.tls.key", "")));
        }
        return new Config.Http(
                text("http.address", "127.0.0.1"),
                port("http.port", 8480, 0),
                tls,
                origin(),
                value("http.plain", false, ConfigFile::flag),
                value("http.connections_per_address", 1024, ConfigFile::connections));
    }

    private @Nullable URI origin() {
        return values.containsKey("http.origin") ? value("http.origin", NOWHERE, ConfigFile::origin) : null;
    }

    /** As browsers write it: lower case, no path, no port where it is the scheme's own. */
    static URI origin(String text) {
        var wrong = new IllegalArgumentException("an address such as https://soc.example.org is expected");
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            wrong.addSuppressed(e);
            throw wrong;
        }
        var host = uri.getHost();
        var scheme = uri.getScheme();
        if (host == null || scheme == null || !host.equals(host.toLowerCase(Locale.ROOT))) {
            throw wrong;
        }
        boolean local = scheme.equals("http") && (host.equals("localhost") || host.endsWith(".localhost"));
        boolean named = host.chars().anyMatch(c -> c >= 'a' && c <= 'z') && !host.startsWith("[");
        int own = scheme.equals("https") ? 443 : 80;
        var exact = scheme + "://" + host + (uri.getPort() < 0 || uri.getPort() == own ? "" : ":" + uri.getPort());
        if (!named || !(local || scheme.equals("https")) || !exact.equals(text.strip())) {
            throw wrong;
        }
        return uri;
    }

    private Config.@Nullable Syslog syslog() {
        int udp = port("syslog.udp", 5514, -1);
        int tcp = port("syslog.tcp", 5514, -1);
        return udp < 0 && tcp < 0 ? null : new Config.Syslog(text("syslog.address", "127.0.0.1"), udp, tcp);
    }

    private Config.@Nullable Agents agents() {
        int port = port("agents.port", 8481, -1);
        int enroll = port("agents.enroll_port", 8482, 0);
        return port < 0 ? null : new Config.Agents(text("agents.address", "127.0.0.1"), port, enroll);
    }

    private Config.@Nullable External database() {
        if (!values.containsKey("database.url")) {
            return null;
        }
        for (String needed : List.of("database.owner", "database.user")) {
            if (!values.containsKey(needed)) {
                problems.add(new ContentProblem("configuration", 0, "'" + needed + "' is needed with 'database.url'"));
            }
        }
        return new Config.External(
                text("database.url", ""),
                text("database.owner", ""),
                text("database.owner_password", ""),
                text("database.user", ""),
                text("database.password", ""));
    }

    private String text(String key, String fallback) {
        return value(key, fallback, text -> text);
    }

    private int port(String key, int fallback, int least) {
        return value(key, fallback, text -> {
            int port = Integer.parseInt(text);
            if (port < least || port > 65_535) {
                throw new IllegalArgumentException("a port from " + least + " to 65535 is expected");
            }
            return port;
        });
    }

    private int days(String key, int fallback) {
        return value(key, fallback, text -> {
            int days = Integer.parseInt(text);
            if (days < 0 || days > Retention.MOST_DAYS) {
                throw new IllegalArgumentException(
                        "a number of days from 0 (for ever) to " + Retention.MOST_DAYS + " is expected");
            }
            return days;
        });
    }

    private long size(String key, String fallback) {
        return value(key, bytes(fallback), ConfigFile::bytes);
    }

    private Duration time(String key, String fallback) {
        return value(key, duration(fallback), ConfigFile::duration);
    }

    private <T> T value(String key, T fallback, Function<String, T> read) {
        var value = values.get(key);
        if (value == null) {
            return fallback;
        }
        try {
            return read.apply(resolve(value.text));
        } catch (RuntimeException e) {
            var reason = e instanceof NumberFormatException ? "a whole number is expected" : e.getMessage();
            problems.add(new ContentProblem(value.file, value.line, "'" + key + "': " + reason));
            return fallback;
        }
    }

    private String resolve(String text) {
        var matcher = FROM_ENVIRONMENT.matcher(text);
        if (!matcher.matches()) {
            return text;
        }
        var value = environment.apply(matcher.group(1));
        if (value == null) {
            throw new IllegalArgumentException("the environment has no " + matcher.group(1));
        }
        return value;
    }

    static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("true or false is expected");
        };
    }

    static long bytes(String text) {
        var matcher = SIZE.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a size such as 512MiB or 8GiB is expected");
        }
        long number = Long.parseLong(matcher.group(1));
        var unit = matcher.group(2);
        return number
                << (unit == null
                        ? 0
                        : 10 * List.of("B", "KiB", "MiB", "GiB", "TiB").indexOf(unit));
    }

    static long nanos(String text) {
        var matcher = SHORT_TIME.matcher(text.trim());
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (number == 0) {
            throw new IllegalArgumentException("a time such as 500ns, 10us or 1ms is expected");
        }
        return switch (matcher.group(2)) {
            case "ns" -> number;
            case "us" -> number * 1_000;
            default -> number * 1_000_000;
        };
    }

    static Duration duration(String text) {
        var matcher = TIME.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a time such as 30s, 10m, 24h or 7d is expected");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
