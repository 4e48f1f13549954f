package io.marsad.db;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work of one kind that is to be done at a time. What is due is kept in the database: it survives a stop, and of several
 * platforms on one database one does it. A platform that dies at work is noticed within half a minute, and the work is
 * begun again: it has to bear that.
 *
 * <p>Thread-safe.
 */
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int MISSED_HEARTBEATS = 5;
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration LAST_WAIT = Duration.ofSeconds(20);

    private final String kind;
    private final Task<Void> task;
    private final Scheduler scheduler;

    /** What is done. */
    @FunctionalInterface
    public interface Work {
        /**
         * @param name of the one that is due
         * @param due since when
         * @return when it is due again, or null when it never is; where it fails with an exception it is tried again in a
         *     minute
         */
        @Nullable
        Instant run(String name, Instant due);
    }

    /**
     * How it is run.
     *
     * @param kind names this kind of work in the database
     * @param threads so much of it is done at once
     * @param lookEvery how often it is asked what is due
     */
    public record Settings(String kind, int threads, Duration lookEvery) {}

    private Jobs(String kind, Task<Void> task, Scheduler scheduler) {
        this.kind = kind;
        this.task = task;
        this.scheduler = scheduler;
    }

    /** Begins to do what is due. */
    public static Jobs start(Database database, Settings settings, Work work, InstantSource clock) {
        var task = Tasks.custom(settings.kind(), Void.class)
                .onFailure((complete, operations) -> {
                    LOG.error(
                            "{} {} failed",
                            settings.kind(),
                            complete.getExecution().taskInstance.getId(),
                            complete.getCause().orElse(null));
                    operations.reschedule(complete, clock.instant().plus(AFTER_FAILURE));
                })
                .onDeadExecutionRevive()
                .execute((instance, context) -> {
                    var next = work.run(instance.getId(), context.getExecution().getExecutionTime());
                    return (complete, operations) -> {
                        if (next == null) {
                            operations.remove();
                        } else {
                            operations.reschedule(complete, next);
                        }
                    };
                });
        var scheduler = Scheduler.create(database.unbound(), List.of(task))
                .schedulerName(new SchedulerName.Fixed(
                        settings.kind() + "-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID()))
                .threads(settings.threads())
                .pollingInterval(settings.lookEvery())
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .commitWhenAutocommitDisabled(true)
                .shutdownMaxWait(LAST_WAIT)
                .clock(clock::instant)
                .build();
        scheduler.start();
        return new Jobs(settings.kind(), task, scheduler);
    }

    /** It is due then, whatever was said of it before. False when it is being done right now: its end says what is next. */
    public boolean at(String name, Instant when) {
        try {
            scheduler.schedule(task.instance(name), when, ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
            scheduler.triggerCheckForDueExecutions();
            return true;
        } catch (TaskInstanceCurrentlyExecutingException e) {
            LOG.debug("{} {} is being done", kind, name);
            return false;
        }
    }

    /** It is due then, unless it is known already. */
    public void ensure(String name, Instant when) {
        scheduler.scheduleIfNotExists(task.instance(name), when);
    }

    /** It is not due any more. */
    public void cancel(String name) {
        try {
            scheduler.cancel(TaskInstanceId.of(kind, name));
        } catch (TaskInstanceNotFoundException | TaskInstanceCurrentlyExecutingException e) {
            LOG.debug("{} {} is not waiting", kind, name);
        }
    }

    /** Lets what is being done end, for a while. */
    @Override
    public void close() {
        scheduler.stop();
    }
}
