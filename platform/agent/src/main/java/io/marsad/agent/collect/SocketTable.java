package io.marsad.agent.collect;

import java.util.List;
import java.util.function.Function;

/** Sockets of a host that has no {@code /proc}, as one of its programs lists them; the records are those of {@link SocketCollector}. */
public final class SocketTable implements Collector {
    private final Origin origin;
    private final Programs programs;
    private final List<String> command;
    private final Function<byte[], Table<HostSocket, HostSocket>> parser;
    private final Changes<HostSocket, HostSocket> changes = new Changes<>();
    private long refusals;

    /** @param parser of what the command says */
    public SocketTable(
            Origin origin,
            Programs programs,
            List<String> command,
            Function<byte[], Table<HostSocket, HostSocket>> parser) {
        this.origin = origin;
        this.programs = programs;
        this.command = List.copyOf(command);
        this.parser = parser;
    }

    @Override
    public String name() {
        return "socket";
    }

    @Override
    public void poll(Sink sink) {
        var said = programs.at(command);
        if (said == null) {
            return;
        }
        var table = parser.apply(said);
        refusals += table.refused();
        changes.look(table.rows(), (change, socket, before, now) -> {
            boolean gone = change == Changes.Change.GONE;
            var found = origin.record(name(), gone ? "Close" : socket.remotePort() == 0 ? "Listen" : "Open")
                    .put("protocol_name", socket.protocol())
                    .put("src_ip", socket.local())
                    .put("src_port", socket.localPort())
                    .put("dst_ip", socket.remote())
                    .put("dst_port", socket.remotePort());
            if (socket.uid() >= 0) {
                found.put("uid", socket.uid());
            }
            if (socket.pid() >= 0) {
                found.put("pid", socket.pid());
            }
            if (!socket.process().isEmpty()) {
                found.put("process_name", socket.process());
            }
            sink.accept(found);
        });
    }

    @Override
    public long refusals() {
        return refusals + programs.refusals();
    }
}
