package io.marsad.connect.run;

import io.marsad.connect.OutboundHttp;
import io.marsad.connect.OutboundLost;
import io.marsad.connect.OutboundRefused;
import io.marsad.connect.manifest.Operation;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** One call that really leaves. Of one thread. */
final class Run {
    private static final Duration MOST_WAITING = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final int MOST_RAW = 4_000;
    private static final int MOST_EXCERPT = 200;

    private final ConnectorEngine engine;
    private final Connection connection;
    private final Operation operation;
    private final Scope scope;
    private final Rendering rendering;
    private final Reading reading;
    private final Account account;
    private final Authentication authentication;
    private final List<String> done = new ArrayList<>();
    private final List<String> hidden = new ArrayList<>();
    private Duration waited = Duration.ZERO;
    /** Whether the request at hand may have been done by an attempt before. */
    private boolean maybe;

    private String raw = "";

    Run(ConnectorEngine engine, Connection connection, Operation operation, Scope scope) {
        this.engine = engine;
        this.connection = connection;
        this.operation = operation;
        this.scope = scope;
        this.rendering = new Rendering(scope);
        this.reading = new Reading(rendering);
        this.account = engine.account(connection);
        this.authentication = new Authentication(engine.transport(), engine.clock(), connection, account, scope);
        this.hidden.addAll(scope.sensitive(operation));
    }

    /**
     * What an answer says.
     *
     * @param tree its body, read
     */
    record Reply(JsonNode tree, OutboundHttp.@Nullable Answer answer) {}

    Outcome outcome() {
        try {
            JsonNode none = JsonNodeFactory.instance.objectNode();
            var last = new Reply(none, null);
            for (Operation.Step step : operation.steps()) {
                if (!reading.holds(step.when(), none)) {
                    continue;
                }
                last = step.pagination() == null
                        ? exchange(step, Map.of(), null)
                        : new Paging(this, step, step.pagination()).all();
                if (step.writes()) {
                    done.add(step.name());
                }
                var missing = new ArrayList<String>();
                scope.step(step.name(), reading.outputs(step.outputs(), last.tree, last.answer, missing));
                require(missing, step.writes());
            }
            var missing = new ArrayList<String>();
            var outputs = reading.outputs(operation.outputs(), last.tree, last.answer, missing);
            require(missing, operation.writes());
            scope.outputs(outputs);
            return new Outcome.Succeeded(
                    outputs,
                    raw,
                    ConnectorEngine.following(operation.rollback(), scope),
                    ConnectorEngine.following(operation.verify(), scope));
        } catch (Refusal e) {
            return honest(refused(String.valueOf(e.getMessage()), null));
        } catch (Later e) {
            return new Outcome.Temporary(masked(String.valueOf(e.getMessage())), e.after(), maybe, List.copyOf(done));
        } catch (Ended e) {
            return e.outcome() instanceof Outcome.Refused refused ? honest(refused) : e.outcome();
        }
    }

    /** What is refused now may have been done by the attempt before, of which no answer came. */
    private Outcome honest(Outcome.Refused refused) {
        return maybe
                ? new Outcome.Unknown(
                        "an attempt before may have been done; the one after it: " + refused.reason(), refused.done())
                : refused;
    }

    /** An answer without what it has to have says of a question that it has none, and of a write nothing. */
    private void require(List<String> missing, boolean written) throws Ended {
        if (!missing.isEmpty()) {
            var reason = masked(missing.getFirst());
            throw new Ended(written ? new Outcome.Unknown(reason, List.copyOf(done)) : refused(reason, null));
        }
    }

    private Outcome.Refused refused(String reason, @Nullable Integer status) {
        return new Outcome.Refused(masked(reason), status, raw, List.copyOf(done));
    }

    private boolean repeatable(Operation.Step step) {
        return !step.writes() || !(operation.idempotency() instanceof Operation.Twice);
    }

    /**
     * A request and its answer, repeated where that is safe.
     *
     * @param more parameters of the query, over those of the manifest
     * @param at another address of the same server
     */
    Reply exchange(Operation.Step step, Map<String, String> more, @Nullable URI at) throws Refusal, Later, Ended {
        boolean renewed = false;
        for (int attempt = 1; ; attempt++) {
            var limiter = enter();
            OutboundHttp.Answer answer;
            try {
                answer = engine.transport().send(message(step, more, at));
            } catch (OutboundRefused e) {
                throw new Ended(refused(String.valueOf(e.getMessage()), null));
            } catch (OutboundLost e) {
                if (!repeatable(step)) {
                    throw new Ended(new Outcome.Unknown(
                            masked("no answer came after the request was sent: " + e.getMessage()), List.copyOf(done)));
                }
                maybe = maybe || step.writes();
                again(attempt, null, "no answer came: " + e.getMessage());
                continue;
            } catch (IOException e) {
                again(attempt, null, "it could not be reached: " + e.getMessage());
                continue;
            } finally {
                limiter.leave();
            }
            raw = cut(masked(answer.text()), MOST_RAW);
            if (answer.status() == 401 && !renewed && authentication.renew()) {
                renewed = true; // what is refused for its token was not done
                continue;
            }
            var reply = judged(step, answer, attempt);
            if (reply != null) {
                maybe = false;
                return reply;
            }
        }
    }

    private Message message(Operation.Step step, Map<String, String> more, @Nullable URI at) throws Refusal, Later {
        var message = rendering.message(connection.manifest().base(), step.request(), more);
        if (at != null) {
            if (!at.getScheme().equals(message.uri().getScheme())
                    || !at.getRawAuthority().equals(message.uri().getRawAuthority())) {
                throw new Refusal("the next page is said to be on another server, which is not asked");
            }
            message = message.to(at);
        }
        if (operation.idempotency() instanceof Operation.Keyed keyed && keyed.header() != null && step.writes()) {
            message = message.with(keyed.header(), scope.key());
        }
        var plain = message.headers();
        var signed = authentication.signed(message);
        signed.headers().forEach((name, value) -> {
            if (!plain.containsKey(name) && value.length() > 8) {
                hidden.add(value);
                hidden.add(value.substring(value.indexOf(' ') + 1));
            }
        });
        return signed;
    }

    private Limiter enter() throws Ended {
        var limiter =
                account.limiter(connection.manifest().limits(), engine.clock().instant());
        var wait = limiter.enter(engine.clock().instant());
        if (!wait.isZero() && wait.compareTo(SHORT) <= 0 && rest(wait)) {
            wait = limiter.enter(engine.clock().instant());
        }
        if (!wait.isZero()) {
            throw new Ended(new Outcome.Temporary(
                    "the limit of requests of this connection is reached", wait, maybe, List.copyOf(done)));
        }
        return limiter;
    }

    /** Waits for the next attempt, or ends the call when there is none. */
    private void again(int attempt, @Nullable Duration told, String reason) throws Ended {
        long base = connection.manifest().retry().waitMillis() << Math.min(attempt - 1, 10);
        var wait = told != null
                ? told
                : Duration.ofMillis(base / 2 + Math.floorMod(engine.jitter().nextLong(), Math.max(1, base / 2 + 1)));
        if (attempt >= connection.manifest().retry().attempts() || !rest(wait)) {
            var after = told != null ? told : Duration.ofMillis(Math.max(base * 2, 30_000));
            throw new Ended(new Outcome.Temporary(masked(reason), after, maybe, List.copyOf(done)));
        }
    }

    private boolean rest(Duration wait) {
        if (waited.plus(wait).compareTo(MOST_WAITING) > 0) {
            return false;
        }
        try {
            engine.pause().rest(wait);
            waited = waited.plus(wait);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What an answer means; null: it is asked for again. */
    private @Nullable Reply judged(Operation.Step step, OutboundHttp.Answer answer, int attempt) throws Refusal, Ended {
        int status = answer.status();
        var tree = Answers.tree(answer, step.request().answers());
        JsonNode readable = tree == null ? JsonNodeFactory.instance.objectNode() : tree;
        var success = step.success();
        boolean good = success.statuses().isEmpty()
                ? status >= 200 && status < 300
                : success.statuses().contains(status);
        if (good && tree != null && reading.holds(success.when(), readable)) {
            return new Reply(readable, answer);
        }
        for (Operation.ErrorRule rule : step.errors()) {
            if ((rule.status() == null || rule.status() == status) && reading.holds(rule.when(), readable)) {
                switch (rule.then()) {
                    case SUCCEEDED -> {
                        return new Reply(readable, answer);
                    }
                    case REFUSED -> throw new Ended(refused(rule.says(), status));
                    case TEMPORARY, UNKNOWN -> {
                        boolean open = rule.then() == Operation.Then.UNKNOWN || status >= 500;
                        if (open && !repeatable(step)) {
                            throw new Ended(new Outcome.Unknown(rule.says(), List.copyOf(done)));
                        }
                        maybe = maybe || open && step.writes();
                        again(attempt, told(answer), rule.says());
                        return null;
                    }
                }
            }
        }
        if (status == 429) {
            again(attempt, told(answer), "too many requests (HTTP 429)");
            return null;
        }
        if (good && tree == null && step.writes()) {
            throw new Ended(
                    new Outcome.Unknown("the answer cannot be read: " + cut(raw, MOST_EXCERPT), List.copyOf(done)));
        }
        if (status >= 500) {
            if (!repeatable(step)) {
                throw new Ended(new Outcome.Unknown(
                        "HTTP " + status + ", which does not say whether it was done", List.copyOf(done)));
            }
            maybe = maybe || step.writes();
            again(attempt, told(answer), "HTTP " + status + ": " + cut(raw, MOST_EXCERPT));
            return null;
        }
        throw new Ended(refused(
                status >= 300 && status < 400
                        ? "it answers with a redirect (HTTP " + status + "), which is not followed"
                        : "HTTP " + status + ": " + cut(raw, MOST_EXCERPT),
                status));
    }

    private @Nullable Duration told(OutboundHttp.Answer answer) {
        long seconds = retryAfter(answer, engine.clock().instant(), -1);
        return seconds < 0 ? null : Duration.ofSeconds(seconds);
    }

    /** Seconds, of Retry-After in either of its forms, an hour at most. */
    static long retryAfter(OutboundHttp.Answer answer, Instant now, long instead) {
        var text = answer.header("Retry-After");
        if (text == null) {
            return instead;
        }
        try {
            if (text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9') && !text.isEmpty()) {
                return Math.min(Long.parseLong(text), 3600);
            }
            var until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Math.clamp(Duration.between(now, until).toSeconds(), 0, 3600);
        } catch (DateTimeException e) {
            return instead; // said in a way that nobody understands
        }
    }

    private String masked(String text) {
        var masked = text;
        for (String value : hidden) {
            masked = value.length() < 4 ? masked : masked.replace(value, "<hidden>");
        }
        return scope.secrets().masked(masked);
    }

    private static String cut(String text, int most) {
        var line = text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .limit(most)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return line.toString();
    }
}
