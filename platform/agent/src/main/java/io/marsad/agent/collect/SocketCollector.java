package io.marsad.agent.collect;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sockets that listen ({@code Listen}) and connections ({@code Open}, {@code Close}) between two looks at {@code /proc/net}, with
 * the process that has them. Fields: protocol_name, src_ip, src_port, dst_ip, dst_port, uid, pid, process_name. Connections that
 * live shorter than the interval are not seen.
 */
public final class SocketCollector implements Collector {
    private static final List<String> TABLES = List.of("tcp", "tcp6", "udp", "udp6");
    private static final int BYTES = 8 << 20;
    private static final int SOCKETS = 20_000;
    private static final int DESCRIPTORS = 4096;

    private final HostRoot root;
    private final InstantSource clock;
    private final Changes<Key, Key> changes = new Changes<>();
    private long refusals;

    private record Key(String protocol, NetTable.Socket socket) {}

    private record Owner(long pid, String name) {}

    public SocketCollector(HostRoot root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "socket";
    }

    @Override
    public void poll(Sink sink) {
        var now = new LinkedHashMap<Key, Key>();
        for (var table : TABLES) {
            var text = HostRoot.text(root.of("/proc/net/" + table), BYTES);
            if (text != null) {
                var read = NetTable.parse(text, SOCKETS);
                refusals += read.refused();
                for (var socket : read.sockets()) {
                    if (socket.inode() > 0 && counts(table, socket.state())) {
                        var key = new Key(table, socket);
                        now.put(key, key);
                    }
                }
            }
        }
        var opened = new ArrayList<Key>();
        var closed = new ArrayList<Key>();
        changes.look(now, (change, key, _, _) -> (change == Changes.Change.GONE ? closed : opened).add(key));
        var owners = opened.isEmpty() ? Map.<Long, Owner>of() : owners();
        for (var key : opened) {
            var found = found(key, key.socket().remotePort() == 0 ? "Listen" : "Open");
            var owner = owners.get(key.socket().inode());
            if (owner != null) {
                found.put("pid", owner.pid()).put("process_name", owner.name());
            }
            sink.accept(found);
        }
        closed.forEach(key -> sink.accept(found(key, "Close")));
    }

    /** Listens, is connected, or receives datagrams: not what is only closing. */
    private static boolean counts(String table, int state) {
        return state == 1 || (table.startsWith("tcp") ? state == 10 : state == 7);
    }

    private ObjectNode found(Key key, String activity) {
        var socket = key.socket();
        return Found.of(name(), activity, clock.millis())
                .put("protocol_name", key.protocol().substring(0, 3))
                .put("src_ip", socket.local())
                .put("src_port", socket.localPort())
                .put("dst_ip", socket.remote())
                .put("dst_port", socket.remotePort())
                .put("uid", socket.uid());
    }

    private Map<Long, Owner> owners() {
        var owners = new HashMap<Long, Owner>();
        for (var folder : HostRoot.list(root.of("/proc"), 32_768)) {
            long pid = Found.number(folder.getFileName().toString(), 10);
            if (pid > 0) {
                descriptors(folder, pid, owners);
            }
        }
        return owners;
    }

    private static void descriptors(Path folder, long pid, Map<Long, Owner> owners) {
        Owner owner = null;
        for (var descriptor : HostRoot.list(folder.resolve("fd"), DESCRIPTORS)) {
            var link = HostRoot.link(descriptor);
            if (link != null && link.startsWith("socket:[") && link.endsWith("]")) {
                if (owner == null) {
                    var name = HostRoot.text(folder.resolve("comm"), 64);
                    owner = new Owner(pid, name == null ? "" : name.strip());
                }
                owners.putIfAbsent(Found.number(link.substring(8, link.length() - 1), 10), owner);
            }
        }
    }

    @Override
    public long refusals() {
        return refusals;
    }
}
