package io.marsad.agent.act;

import com.google.protobuf.ByteString;
import io.marsad.agent.act.ActionJournal.Entry;
import io.marsad.agent.act.ActionJournal.State;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.PeerId;
import io.marsad.wire.SignedAction;
import io.marsad.wire.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does what it is told when it is signed for this host, now, and for the first time, and says what came of it, again at each
 * connection: whoever hears it twice has to see that it is the same. What was begun when the agent died is done again where
 * that does nothing twice, and is otherwise said to be unknown. Thread-safe.
 */
public final class Actions implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Actions.class.getName());
    private static final int LONGEST_REASON = 1_000;
    private static final int MOST_PROOF = 256 << 10;
    private static final long LAST_WAIT_SECONDS = 5;

    private final ActionJournal journal;
    private final Map<String, HostAction> known = new HashMap<>();
    private final Verifier verifier;
    private final InstantSource clock;
    private final ExecutorService quick = threads("marsad-actions");
    private final ExecutorService slow = threads("marsad-long-actions");
    private final AtomicLong refused = new AtomicLong();
    private volatile Consumer<ActionReport> listener = _ -> {};

    /**
     * @param folder where it is kept what was done
     * @param host which it is
     * @param keys whose signatures count
     */
    public Actions(
            Path folder, PeerId host, Iterable<Verifier.TrustedKey> keys, HostActions actions, InstantSource clock)
            throws IOException {
        this.journal = ActionJournal.open(folder);
        this.clock = clock;
        this.verifier = new Verifier(host.tenant(), host.id().toString(), keys, this::first, clock);
        actions.all().forEach(one -> one.names().forEach(name -> known.put(name, one)));
        resume();
    }

    private static ExecutorService threads(String name) {
        return Executors.newSingleThreadExecutor(work -> {
            var thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private void resume() throws IOException {
        for (var entry : journal.all()) {
            var action = known.get(entry.action());
            if (entry.state() == State.BEGUN && (action == null || !action.isRepeatable())) {
                journal.put(entry.ended(
                        State.UNKNOWN,
                        "the agent stopped while it was done; whether it was is not known",
                        Map.of(),
                        ""));
            } else if (entry.isOpen()) {
                enqueue(entry);
            }
        }
    }

    /** Reports go there from now on, first those of all that is kept. */
    public void listen(Consumer<ActionReport> to) {
        listener = to;
        journal.all().forEach(this::say);
    }

    /** Takes an order. What is not to be done is refused, and counted. */
    public void told(String envelope) {
        try {
            var action = verifier.accept(envelope);
            var entry = journal.find(action.id());
            if (entry != null) {
                say(entry);
                enqueue(entry);
            }
        } catch (EnvelopeRefused e) {
            if (e.reason() != EnvelopeRefused.Reason.REPLAYED) { // then it was said again what came of it
                refused.incrementAndGet();
                LOG.log(Level.WARNING, "an action is refused: " + e.getMessage());
            }
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "an action cannot be kept, and is not done: it comes again", e);
        }
    }

    private boolean first(SignedAction action, Instant until) {
        var entry = new Entry(
                action.id(),
                action.action(),
                action.parameters(),
                action.expiresAt(),
                until,
                State.ACCEPTED,
                "",
                Map.of(),
                "");
        try {
            boolean first = journal.first(entry, clock.instant());
            var before = first ? null : journal.find(action.id());
            if (before != null) {
                say(before);
            }
            return first;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void enqueue(Entry entry) {
        var action = known.get(entry.action());
        (action != null && action.isSlow() ? slow : quick).execute(() -> perform(entry, action));
    }

    private void perform(Entry entry, @Nullable HostAction action) {
        try {
            if (action == null) {
                end(entry.ended(State.REFUSED, "this agent knows no " + entry.action(), Map.of(), ""));
            } else if (!clock.instant().isBefore(entry.expires())) {
                end(entry.ended(State.REFUSED, "its time was over before it could be done", Map.of(), ""));
            } else {
                var begun = entry.begun();
                journal.put(begun);
                say(begun);
                end(outcome(begun, action));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the agent stops: it is open, and looked at when it comes again
        } catch (IOException e) {
            LOG.log(Level.ERROR, "what came of action " + entry.id() + " cannot be kept", e);
        }
    }

    private static Entry outcome(Entry entry, HostAction action) throws InterruptedException {
        try {
            var parameters = JsonMapper.shared().readValue(entry.parameters(), ObjectNode.class);
            var done = action.perform(new HostAction.Told(entry.id(), entry.action(), parameters));
            var proof = done.proof().toString();
            return entry.ended(
                    State.COMPLETED, "", done.outputs(), proof.length() <= MOST_PROOF ? proof : "{\"cut\":true}");
        } catch (ActionFailed | IOException e) {
            LOG.log(Level.DEBUG, "why", e);
            return entry.ended(State.FAILED, reason(e), Map.of(), "");
        } catch (RuntimeException e) { // a fault of ours: how far it came is not known
            LOG.log(Level.ERROR, entry.action() + " failed", e);
            return entry.ended(State.UNKNOWN, "the agent has a fault: " + reason(e), Map.of(), "");
        }
    }

    private static String reason(Exception e) {
        var text = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}+", " ").strip();
        return text.substring(0, Math.min(LONGEST_REASON, text.length()));
    }

    private void end(Entry entry) throws IOException {
        journal.put(entry);
        LOG.log(
                Level.INFO,
                "action " + entry.id() + ", " + entry.action() + ": "
                        + entry.state().name().toLowerCase(Locale.ROOT)
                        + (entry.reason().isEmpty() ? "" : ", " + entry.reason()));
        say(entry);
    }

    private void say(Entry entry) {
        if (entry.state() == State.ACCEPTED) {
            return;
        }
        var report = ActionReport.newBuilder()
                .setActionId(entry.id().toString())
                .setState(state(entry.state()))
                .setReason(entry.reason())
                .putAllOutputs(entry.outputs());
        if (!entry.proof().isEmpty()) {
            report.setProof(ByteString.copyFromUtf8(entry.proof())).setProofHash(SignedAction.hash(entry.proof()));
        }
        listener.accept(report.build());
    }

    private static ActionReport.State state(State state) {
        return switch (state) {
            case ACCEPTED, BEGUN -> ActionReport.State.STATE_BEGUN;
            case COMPLETED -> ActionReport.State.STATE_COMPLETED;
            case FAILED -> ActionReport.State.STATE_FAILED;
            case REFUSED -> ActionReport.State.STATE_REFUSED;
            case UNKNOWN -> ActionReport.State.STATE_UNKNOWN;
        };
    }

    /** Envelopes that were not accepted since the agent began. */
    public long refused() {
        return refused.get();
    }

    /** Those that are not done yet, for a test. */
    List<UUID> open() {
        return journal.all().stream().filter(Entry::isOpen).map(Entry::id).toList();
    }

    /** What is being done is given a moment; what is left is looked at when the agent comes again. */
    @Override
    public void close() {
        quick.shutdownNow();
        slow.shutdownNow();
        try {
            if (!quick.awaitTermination(LAST_WAIT_SECONDS, TimeUnit.SECONDS)
                    || !slow.awaitTermination(LAST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "an action did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
