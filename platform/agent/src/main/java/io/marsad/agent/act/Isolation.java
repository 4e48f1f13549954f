package io.marsad.agent.act;

import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Cuts the host off from all but its relay, with a table of its own in nftables that is put in at once and taken away as a
 * whole. It outlives the agent, and a restart of the host puts it in again.
 */
public final class Isolation implements HostAction {
    private static final Logger LOG = System.getLogger(Isolation.class.getName());
    private static final String TABLE = "marsad_isolation";
    private static final String MARK = " # marsad: so that the relay is found while this host is isolated";

    private final Path state;
    private final Path hosts;
    private final Supplier<Relay> relay;

    /** Where the host's relay is. @param ports of it that the agent calls */
    public record Relay(String host, Set<Integer> ports) {
        public Relay {
            ports = Set.copyOf(ports);
        }
    }

    Isolation(Path root, Path data, Supplier<Relay> relay) {
        this.state = data.resolve("isolation.json");
        this.hosts = root.resolve("etc/hosts");
        this.relay = relay;
    }

    @Override
    public Set<String> names() {
        return Set.of("isolate_host", "release_host");
    }

    @Override
    public Done perform(Told told) throws ActionFailed, IOException, InterruptedException {
        if (told.action().equals("release_host")) {
            return release();
        }
        var to = relay.get();
        List<String> addresses = new ArrayList<>();
        for (var one : InetAddress.getAllByName(to.host)) {
            addresses.add(one.getHostAddress().replaceAll("%.*", ""));
        }
        var kept = JsonNodeFactory.instance.objectNode().put("id", told.id().toString());
        kept.put("host", to.host);
        addresses.forEach(kept.putArray("addresses")::add);
        to.ports.stream().sorted().forEach(kept.putArray("ports")::add);
        DurableFile.replace(
                state, kept.toString().getBytes(StandardCharsets.UTF_8)); // first: a restart does not end it
        try {
            apply(kept);
        } catch (ActionFailed e) {
            Files.deleteIfExists(state);
            throw e;
        }
        var proof = Done.seen();
        proof.set("reachable", kept);
        proof.put("table", listed());
        return new Done(Map.of("isolation", told.id().toString()), proof);
    }

    private Done release() throws ActionFailed, IOException, InterruptedException {
        Commands.require("table inet " + TABLE + "\ndelete table inet " + TABLE + "\n", "nft", "-f", "-");
        pin(List.of(), "");
        Files.deleteIfExists(state);
        boolean there =
                Commands.run("", List.of("nft", "list", "table", "inet", TABLE)).code() == 0;
        if (there) {
            throw new ActionFailed("the table is still there");
        }
        return new Done(Map.of(), Done.seen().put("table", "none"));
    }

    private static String listed() throws ActionFailed, InterruptedException {
        return Commands.require("", "nft", "list", "table", "inet", TABLE);
    }

    /** What was there before the host, or the agent, was started anew is there again. Any number of times. */
    void resume() throws InterruptedException {
        if (!Files.exists(state)) {
            return;
        }
        try {
            if (Commands.run("", List.of("nft", "list", "table", "inet", TABLE)).code() != 0) {
                apply(JsonMapper.shared().readTree(Files.readAllBytes(state)));
                LOG.log(Level.WARNING, "this host is isolated; the table was gone and is there again");
            }
        } catch (ActionFailed | IOException | JacksonException e) {
            LOG.log(Level.ERROR, "this host is to be isolated and is not", e);
        }
    }

    /** Whether the host is cut off. */
    boolean isIsolated() {
        return Files.exists(state);
    }

    private void apply(JsonNode kept) throws ActionFailed, IOException, InterruptedException {
        List<String> addresses = new ArrayList<>();
        kept.path("addresses").forEach(one -> addresses.add(one.asString("")));
        var ports = new ArrayList<String>();
        kept.path("ports").forEach(one -> ports.add(one.asString("")));
        pin(addresses, kept.path("host").asString(""));
        Commands.require(rules(addresses, String.join(", ", ports)), "nft", "-f", "-");
    }

    private static String rules(List<String> addresses, String ports) {
        var in = addresses.stream()
                .map(one -> "    " + family(one) + " saddr " + one + " tcp sport { " + ports + " } accept\n")
                .collect(Collectors.joining());
        var out = addresses.stream()
                .map(one -> "    " + family(one) + " daddr " + one + " tcp dport { " + ports + " } accept\n")
                .collect(Collectors.joining());
        // Its own address is still leased, and neighbours are found: without that the relay would be lost, too.
        var neighbours = "    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept\n";
        return "table inet " + TABLE + "\ndelete table inet " + TABLE + "\ntable inet " + TABLE + " {\n"
                + "  chain input {\n    type filter hook input priority -300; policy drop;\n    iif lo accept\n" + in
                + neighbours + "    udp sport 67 udp dport 68 accept\n  }\n"
                + "  chain output {\n    type filter hook output priority -300; policy drop;\n    oif lo accept\n" + out
                + neighbours + "    udp sport 68 udp dport 67 accept\n  }\n"
                + "  chain forward {\n    type filter hook forward priority -300; policy drop;\n  }\n}\n";
    }

    private static String family(String address) {
        return address.indexOf(':') < 0 ? "ip" : "ip6";
    }

    /** An isolated host asks no server for names: the relay's is in the file. */
    private void pin(List<String> addresses, String name) throws IOException {
        boolean isName = !name.isEmpty() && !addresses.contains(name) && !name.equals("localhost");
        var lines = new ArrayList<String>();
        if (Files.exists(hosts)) {
            Files.readAllLines(hosts).stream()
                    .filter(line -> !line.endsWith(MARK))
                    .forEach(lines::add);
        }
        int before = lines.size();
        if (isName) {
            addresses.forEach(one -> lines.add(one + " " + name + MARK));
        }
        boolean was = Files.exists(hosts) && Files.readString(hosts).contains(MARK);
        if (was || lines.size() > before) {
            Files.write(hosts, lines); // in place: it may be mounted
        }
    }
}
