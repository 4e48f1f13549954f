package io.marsad.agent.collect;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Events of auditd, its lines joined by serial. Fields: serial, the fields of SYSCALL as they are written, cmd_line (EXECVE),
 * paths (PATH), cwd, proctitle, dst_ip and dst_port (SOCKADDR). {@code activity} is the type of the first line.
 */
public final class AuditCollector implements Collector {
    private static final int LINE = 64 << 10;

    private final FileTail tail;
    private final AuditJoin join = new AuditJoin(2_000);
    private final InstantSource clock;
    private long refusals;

    /** @param kept the file that positions are kept in */
    public AuditCollector(HostRoot root, Path kept, InstantSource clock) {
        tail = new FileTail(root, List.of("/var/log/audit/audit.log"), LINE, kept);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public void poll(Sink sink) {
        tail.poll((path, bytes, cut) -> {
            var line = AuditLine.parse(new String(bytes, StandardCharsets.UTF_8));
            if (line == null) {
                refusals++;
            } else {
                join.add(line, clock.millis(), sink);
            }
        });
        join.expire(clock.millis(), sink);
    }

    /** Lines whose event is not whole yet would be missing after a restart: kept only when there are none. */
    @Override
    public void commit() {
        if (join.isEmpty()) {
            tail.commit();
        }
    }

    @Override
    public long refusals() {
        return refusals + tail.refusals();
    }
}
