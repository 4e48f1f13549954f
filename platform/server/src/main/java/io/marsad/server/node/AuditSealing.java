package io.marsad.server.node;

import io.marsad.db.Database;
import io.marsad.soc.audit.Audit;
import io.marsad.soc.identity.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Seals every tenant's audit log each minute in which something was done, and when the platform stops. */
final class AuditSealing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditSealing.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration LAST_WAIT = Duration.ofSeconds(40); // a statement has 30 s

    private final Audit audit;
    private final Installation installation;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("audit-sealing").factory());

    private AuditSealing(Audit audit, Installation installation) {
        this.audit = audit;
        this.installation = installation;
    }

    static AuditSealing start(Path data, Database database, Installation installation, InstantSource clock)
            throws IOException {
        var files = AuditFiles.in(data);
        var sealing = new AuditSealing(new Audit(database, files.seal(), files, clock), installation);
        sealing.schedule.scheduleWithFixedDelay(
                sealing::run, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return sealing;
    }

    Audit audit() {
        return audit;
    }

    private void run() {
        try {
            for (var tenant : installation.tenantsWith(Installation.Work.UNSEALED)) {
                audit.seal(tenant);
            }
        } catch (IOException | RuntimeException e) { // thrown on, it would end the schedule
            LOG.warn("the audit logs could not be sealed; tried again in {} s", EVERY.toSeconds(), e);
        }
    }

    /** Seals a last time. */
    @Override
    public void close() {
        schedule.execute(this::run);
        schedule.shutdown();
        try {
            if (!schedule.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the audit logs were not sealed in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
