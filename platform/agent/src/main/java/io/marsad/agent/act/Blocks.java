package io.marsad.agent.act;

import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Addresses to and from which this host lets nothing through, for a time or until they are allowed again. */
final class Blocks implements HostAction {
    private static final Logger LOG = System.getLogger(Blocks.class.getName());
    private static final String TABLE = "marsad_blocks";
    private static final int MOST = 10_000;
    private static final long MOST_HOURS = 24 * 365;

    private final Path state;
    private final Supplier<Isolation.Relay> relay;
    private final InstantSource clock;

    Blocks(Path data, Supplier<Isolation.Relay> relay, InstantSource clock) {
        this.state = data.resolve("blocks.json");
        this.relay = relay;
        this.clock = clock;
    }

    @Override
    public Set<String> names() {
        return Set.of("block_ip", "allow_ip");
    }

    @Override
    public Done perform(Told told) throws ActionFailed, IOException, InterruptedException {
        var address = address(told.text("ip"));
        var blocked = read();
        if (told.action().equals("block_ip")) {
            requireOthers(address);
            var hours = told.number("hours");
            if (hours != null && (hours < 1 || hours > MOST_HOURS)) {
                throw new ActionFailed("hours: from 1 to " + MOST_HOURS);
            }
            if (blocked.size() >= MOST) {
                throw new ActionFailed("this host blocks " + MOST + " addresses already");
            }
            blocked.put(
                    address.getHostAddress(),
                    hours == null
                            ? 0
                            : clock.instant().plus(Duration.ofHours(hours)).toEpochMilli());
        } else {
            blocked.remove(address.getHostAddress());
        }
        apply(blocked);
        write(blocked);
        var proof = Done.seen().put("table", Commands.require("", "nft", "list", "table", "inet", TABLE));
        return new Done(
                told.action().equals("block_ip") ? Map.of("rule", told.id().toString()) : Map.of(), proof);
    }

    private static InetAddress address(String text) throws ActionFailed {
        try {
            return InetAddress.ofLiteral(text); // no name: nobody is asked
        } catch (IllegalArgumentException e) {
            throw new ActionFailed("ip is no address: " + text, e);
        }
    }

    /** What the agent needs, and what means everybody or nobody, is not blocked. */
    private void requireOthers(InetAddress address) throws ActionFailed, IOException {
        if (address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isMulticastAddress()) {
            throw new ActionFailed(address.getHostAddress() + " is no address of another host");
        }
        for (var one : InetAddress.getAllByName(relay.get().host())) {
            if (one.equals(address)) {
                throw new ActionFailed(address.getHostAddress() + " is the relay of this host");
            }
        }
    }

    /** What was blocked before the host was started anew is blocked again. */
    void resume() throws InterruptedException {
        try {
            var blocked = read();
            if (!blocked.isEmpty()) {
                apply(blocked);
            }
        } catch (ActionFailed | IOException e) {
            LOG.log(Level.ERROR, "addresses are to be blocked and are not", e);
        }
    }

    private void apply(Map<String, Long> blocked) throws ActionFailed, InterruptedException {
        Commands.require(
                "table inet " + TABLE + "\ndelete table inet " + TABLE + "\ntable inet " + TABLE + " {\n"
                        + set("blocked4", "ipv4_addr", blocked, false) + set("blocked6", "ipv6_addr", blocked, true)
                        + chain("input", "saddr") + chain("output", "daddr")
                        + "  chain forward {\n    type filter hook forward priority -290; policy accept;\n"
                        + "    ip saddr @blocked4 drop\n    ip6 saddr @blocked6 drop\n    ip daddr @blocked4 drop\n"
                        + "    ip6 daddr @blocked6 drop\n  }\n}\n",
                "nft",
                "-f",
                "-");
    }

    private String set(String name, String type, Map<String, Long> blocked, boolean six) {
        var elements = blocked.entrySet().stream()
                .filter(one -> one.getKey().indexOf(':') >= 0 == six)
                .map(one -> one.getKey() + (one.getValue() == 0 ? "" : " timeout " + seconds(one.getValue()) + "s"))
                .collect(Collectors.joining(", "));
        return "  set " + name + " {\n    type " + type + "\n    flags timeout\n"
                + (elements.isEmpty() ? "" : "    elements = { " + elements + " }\n") + "  }\n";
    }

    private long seconds(long until) {
        return Math.max(
                1,
                Duration.between(clock.instant(), Instant.ofEpochMilli(until)).toSeconds());
    }

    private static String chain(String hook, String side) {
        return "  chain " + hook + " {\n    type filter hook " + hook + " priority -290; policy accept;\n    ip " + side
                + " @blocked4 drop\n    ip6 " + side + " @blocked6 drop\n  }\n";
    }

    /** Those whose time is not over. */
    private Map<String, Long> read() throws IOException {
        var blocked = new TreeMap<String, Long>();
        if (Files.exists(state)) {
            try {
                long now = clock.millis();
                JsonMapper.shared()
                        .readTree(Files.readAllBytes(state))
                        .properties()
                        .forEach(one -> {
                            long until = one.getValue().asLong(0);
                            if (until == 0 || until > now) {
                                blocked.put(one.getKey(), until);
                            }
                        });
            } catch (JacksonException e) {
                throw new IOException(state + " cannot be read", e);
            }
        }
        return blocked;
    }

    private void write(Map<String, Long> blocked) throws IOException {
        var node = JsonNodeFactory.instance.objectNode();
        blocked.forEach(node::put);
        DurableFile.replace(state, node.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** For a test. */
    List<String> blocked() throws IOException {
        return List.copyOf(read().keySet());
    }
}
