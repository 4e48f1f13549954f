package io.marsad.api.respond;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.chat.ChatPrompts;
import io.marsad.respond.link.ApprovalText;
import io.marsad.respond.service.ActionView;
import io.marsad.respond.service.Actions;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.AlertDetail;
import io.marsad.soc.alert.AlertFilter;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.Alerts;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What people ask for in a chat, as the caller of the running scope and with what they may do. Thread-safe. */
final class ChatCommands {
    static final String HELP = """
            list: what waits for you, and the newest open alerts
            investigate ALERT: who and what it is about
            explain ALERT: why it was raised, and how sure that is
            isolate HOST: ask for a host to be isolated
            block ADDRESS: ask for an address to be blocked
            approve ACTION: shows what it is, with buttons
            refuse ACTION REASON
            link CODE: who you are; the code is in the console, My account
            help""";

    private static final int MOST = 10;
    private static final int MOST_FACTS = 12;

    private final Actions actions;
    private final Alerts alerts;

    ChatCommands(Actions actions, Alerts alerts) {
        this.actions = actions;
        this.alerts = alerts;
    }

    /** What is said. @param ask what buttons are put under; null: nothing */
    record Reply(String text, @Nullable ActionView ask) {
        Reply(String text) {
            this(text, null);
        }
    }

    /** @param key the same for the same request */
    Reply run(String text, UUID key) {
        var words = text.strip().split("\\s+", 3);
        var argument = words.length > 1 ? words[1] : "";
        try {
            return switch (words[0].toLowerCase(Locale.ROOT)) {
                case "", "help" -> new Reply(HELP);
                case "list" -> list();
                case "investigate" -> new Reply(about(detail(argument)));
                case "explain" -> new Reply(why(detail(argument)));
                case "isolate" -> ask("isolate_host", "host", argument, key);
                case "block" -> ask("block_ip", "ip", argument, key);
                case "approve" -> show(argument);
                case "refuse" -> refuse(argument, words.length > 2 ? words[2] : "");
                default -> new Reply("There is no '" + words[0] + "' here.\n" + HELP);
            };
        } catch (ProblemException e) {
            return new Reply(e.problem().detail());
        }
    }

    /**
     * Agrees, or refuses.
     *
     * @return with the action only when one more has to agree
     * @throws io.marsad.kernel.problem.ProblemException as {@link Actions#say}
     */
    Reply say(UUID action, boolean agrees, String hash, String comment) {
        require("actions:read");
        var said = actions.say(action, agrees, hash, comment);
        var what = said.title() + ": " + said.target();
        if (!agrees) {
            return new Reply("Refused: " + what);
        }
        return said.status().equals("awaiting_approval")
                ? new Reply("You agreed. One more person has to: " + what, said)
                : new Reply("Approved: " + what);
    }

    private Reply list() {
        var text = new StringBuilder();
        if (CallerScope.current().may("actions:read")) {
            var waiting = actions.list(new ActionView.Filter(null, null, null, null, null, true), null, MOST)
                    .actions();
            for (var one : waiting) {
                if (one.may().approve()) {
                    text.append("to approve: ").append(line(one)).append('\n');
                }
            }
        }
        if (CallerScope.current().may("alerts:read")) {
            var open = new AlertFilter(
                    Set.of(AlertStatus.NEW, AlertStatus.IN_PROGRESS), Set.of(), null, null, null, null, null, null);
            for (var one : alerts.list(open, MOST, null).alerts()) {
                text.append(one.severity().word())
                        .append(": ")
                        .append(one.title())
                        .append("  ")
                        .append(one.id());
                text.append('\n');
            }
        }
        return new Reply(text.isEmpty() ? "Nothing waits for you." : text.toString());
    }

    private static String line(ActionView one) {
        return one.title() + ": " + one.target() + " (" + one.radius() + ", asked for by " + one.requestedBy() + ")  "
                + one.id();
    }

    private AlertDetail detail(String id) {
        require("alerts:read");
        try {
            return alerts.detail(EventId.parse(id.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("Say the alert's id, as 'list' shows it.").asException();
        }
    }

    private static String about(AlertDetail detail) {
        Alert alert = detail.alert();
        var entities = alert.entities().stream()
                .limit(MOST_FACTS)
                .map(one -> one.kind().word() + " " + one.value())
                .collect(Collectors.joining(", "));
        return alert.severity().word().toUpperCase(Locale.ROOT) + ": " + alert.title() + "\nStatus: "
                + alert.status().word() + (alert.assignee() == null ? "" : ", with " + alert.assignee()) + ", seen "
                + alert.count() + " times\nAbout: " + entities + "\n" + detail.narrative();
    }

    private static String why(AlertDetail detail) {
        var text = new StringBuilder(detail.narrative());
        text.append("\nRule: ")
                .append(detail.rule().title())
                .append(" (")
                .append(detail.rule().level())
                .append(')');
        var record = detail.ruleRecord();
        text.append("\nIt has fired ")
                .append(record.fired())
                .append(" times; of ")
                .append(record.closed());
        text.append(" that were closed, ").append(record.falsePositives()).append(" were false.");
        detail.evidence().stream()
                .flatMap(one -> one.matches().stream())
                .distinct()
                .limit(MOST_FACTS)
                .forEach(one ->
                        text.append("\n").append(one.field()).append(" = ").append(one.value()));
        return text.toString();
    }

    private Reply ask(String action, String name, String value, UUID key) {
        require("actions:read");
        Map<String, JsonNode> parameters =
                value.isEmpty() ? Map.of() : Map.of(name, JsonNodeFactory.instance.stringNode(value));
        var asked = actions.ask(action, parameters, null, key).action();
        return new Reply(
                switch (asked.status()) {
                    case "awaiting_approval" -> "Asked for; somebody else has to agree: " + line(asked);
                    case "refused" ->
                        "It is not done: "
                                + (asked.reason() == null ? String.join("; ", asked.reasons()) : asked.reason());
                    default -> "Being done: " + line(asked);
                });
    }

    private ActionView action(String id) {
        require("actions:read");
        try {
            return actions.find(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("Say the action's id, as 'list' shows it.").asException();
        }
    }

    private Reply show(String id) {
        var action = action(id);
        if (action.may().approve()) {
            var text = ApprovalText.brief(action);
            return ApprovalText.fits(action) ? new Reply(text, action) : new Reply(text + "\n" + ChatPrompts.TOO_LONG);
        }
        var why = action.whyNot();
        return new Reply(why == null ? "Nobody waits for an answer to it: it is " + action.status() + "." : why);
    }

    private Reply refuse(String id, String reason) {
        var action = action(id);
        if (reason.isBlank()) {
            return new Reply("Say why: refuse " + action.id() + " REASON");
        }
        return say(action.id(), false, action.hash(), reason);
    }

    private static void require(String permission) {
        if (!CallerScope.current().may(permission)) {
            throw Problem.forbidden("This needs the permission " + permission + ".")
                    .asException();
        }
    }
}
