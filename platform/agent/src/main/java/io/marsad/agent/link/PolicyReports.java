package io.marsad.agent.link;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.PolicyReport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What became of the newest policy, and which agent says so: said until it was taken, and again when it changes. Thread-safe. */
final class PolicyReports {
    private static final Logger LOG = System.getLogger(PolicyReports.class.getName());
    private static final int SECONDS = 20;
    private static final long TRIED_EVERY = 5_000;

    private final Software software;
    private long version;
    private String refused = "";
    private @Nullable PolicyReport taken;
    private long next;

    /** @param version that is in force; 0: none */
    PolicyReports(Software software, long version) {
        this.software = software;
        this.version = version;
    }

    /** @param refused why it is not in force; empty: it is */
    synchronized void say(long newest, String why) {
        version = newest;
        refused = why;
    }

    /** All is said once more, as if it never was. */
    synchronized void again() {
        taken = null;
    }

    private synchronized @Nullable PolicyReport due(long now) {
        var report = PolicyReport.newBuilder()
                .setVersion(version)
                .setApplied(refused.isEmpty())
                .setRefused(refused)
                .setAgentVersion(software.version())
                .setUpdateRefused(software.notUpdated())
                .build();
        if (report.equals(taken) || now < next && next - now <= TRIED_EVERY) {
            return null;
        }
        next = now + TRIED_EVERY;
        return report;
    }

    private synchronized void took(PolicyReport report) {
        taken = report;
        next = 0;
    }

    /** Says what is to be said. By one thread; it waits for the answer. */
    void look(Channel by, long now) {
        var report = due(now);
        if (report == null) {
            return;
        }
        try {
            PoliciesGrpc.newBlockingStub(by)
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .report(report);
            took(report);
            software.reportTaken();
        } catch (StatusRuntimeException e) {
            LOG.log(Level.DEBUG, "the relay could not be told of a policy", e);
        }
    }
}
