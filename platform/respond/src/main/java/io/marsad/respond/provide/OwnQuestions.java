package io.marsad.respond.provide;

import io.marsad.db.Database;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.respond.link.Questions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Asks a user by e-mail whether it was them. The action goes on when they have answered, or when the time for it is over: then
 * the answer is {@code no_answer}, which says nothing about them. Thread-safe.
 */
public final class OwnQuestions implements Providers.Own {
    /** What is given when nobody answered. */
    public static final String NO_ANSWER = "no_answer";

    private static final String ACTION = "verify_user";
    private static final Duration USUAL = Duration.ofMinutes(30);
    private static final long MOST_MINUTES = 12 * 60; // what signs the action is good for a day
    private static final int LONGEST = 1_000;
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63}){1,8}");

    private final Database database;
    private final Questions questions;
    private final InstantSource clock;

    public OwnQuestions(Database database, Questions questions, InstantSource clock) {
        this.database = database;
        this.questions = questions;
        this.clock = clock;
    }

    @Override
    public boolean does(String action) {
        return action.equals(ACTION);
    }

    @Override
    public Result perform(Order order) {
        var user = text(order, "user");
        if (!ADDRESS.matcher(user).matches()) {
            return new Result.Failed("the user is not named by an e-mail address, so that nobody can be asked", false);
        }
        if (!questions.isOurs(order.tenant(), user)) {
            return new Result.Failed(
                    "the user's address is of a domain that no e-mail channel of the tenant sends to", false);
        }
        var now = Instant.ofEpochMilli(clock.millis());
        var question = text(order, "question");
        var asked = questions.keep(new Questions.Asked(
                order.tenant(),
                order.id(),
                user,
                question.substring(0, Math.min(LONGEST, question.length())),
                now.plus(patience(order)),
                null,
                null));
        var answer = asked.answer();
        if (answer != null) {
            return new Result.Completed(Map.of("answer", answer.word()), "the user answered by e-mail", false);
        }
        if (questions.isOver(asked)) {
            return new Result.Completed(Map.of("answer", NO_ANSWER), "the user did not answer in time", false);
        }
        try {
            var why = questions.send(asked);
            if (why != null) {
                return new Result.Failed(why, false);
            }
        } catch (IOException e) {
            return new Result.Failed(String.valueOf(e.getMessage()), true);
        }
        carried(order, now);
        return new Result.Later(asked.expires());
    }

    private void carried(Order order, Instant now) {
        var parameters = JsonNodeFactory.instance.objectNode();
        order.parameters().forEach(parameters::set);
        database.inTenant(order.tenant(), connection -> {
            var call = new CallRows.Call(null, order.action(), parameters, null);
            CallRows.begin(connection, order.tenant(), order.id(), call, "Marsad", now);
            return true;
        });
    }

    private static Duration patience(Order order) {
        var minutes = order.parameters().get("minutes");
        long given = minutes == null || !minutes.isNumber() ? number(minutes) : minutes.asLong(USUAL.toMinutes());
        return Duration.ofMinutes(Math.clamp(given, 1, MOST_MINUTES));
    }

    private static long number(@Nullable JsonNode text) {
        try {
            return text == null ? USUAL.toMinutes() : Long.parseLong(text.asString(""));
        } catch (NumberFormatException e) {
            return USUAL.toMinutes();
        }
    }

    private static String text(Order order, String name) {
        var value = order.parameters().get(name);
        return value == null ? "" : value.asString("");
    }
}
