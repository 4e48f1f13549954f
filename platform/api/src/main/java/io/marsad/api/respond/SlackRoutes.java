package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.Origin;
import io.marsad.respond.chat.ChatApp;
import io.marsad.respond.chat.ChatPrompts;
import io.marsad.respond.link.ApprovalText;
import io.marsad.respond.service.ActionView;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.identity.Persons;
import io.marsad.soc.tenant.Standings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What Slack sends: {@code /marsad} and buttons that were pressed. Whatever is said is shown to that person alone. */
public final class SlackRoutes {
    private static final int MOST_BYTES = 64 << 10;
    private static final int LONGEST = 2_900;
    private static final Map<String, String> CHANNEL = Map.of("channel", "slack");
    private static final Pattern VALUE = Pattern.compile("([0-9a-f-]{36}) ([0-9a-f]{64})");
    private static final String APPROVE = "marsad_approve";
    private static final String REFUSE = "marsad_refuse";
    private static final String STRANGER =
            "I do not know who you are here. In the console, My account, Chat: make a code, and say /marsad link CODE.";
    private static final String SESSION =
            "Your role needs a second factor, which a chat does not show. Work in the console.";

    private final ChatServices chat;
    private final ChatCommands commands;
    private final Standings standings;

    public SlackRoutes(RespondServices services, Alerts alerts, Standings standings) {
        this.chat = services.chat();
        this.commands = new ChatCommands(services.actions(), alerts);
        this.standings = standings;
    }

    public List<Route> routes() {
        return List.of(new Route("takeSlack", this::take));
    }

    private void take(Exchange exchange) {
        var body = exchange.body(MOST_BYTES);
        var signature = exchange.header("X-Slack-Signature");
        var app =
                chat.door().slack(exchange.path("app"), exchange.header("X-Slack-Request-Timestamp"), signature, body);
        if (app == null || !standings.isActive(app.tenant())) {
            throw Problem.unauthorized("The request is not signed as it has to be.")
                    .asException();
        }
        var form = Form.parse(new String(body, StandardCharsets.UTF_8));
        var payload = form.text("payload");
        if (payload.isEmpty()) {
            var user = form.text("team_id") + "/" + form.text("user_id");
            var key = UUID.nameUUIDFromBytes(String.valueOf(signature).getBytes(StandardCharsets.UTF_8));
            answer(exchange, said(command(app, user, form.text("text"), key)));
        } else {
            press(app, Json.tree(payload.getBytes(StandardCharsets.UTF_8)));
            answer(exchange, JsonNodeFactory.instance.objectNode());
        }
    }

    private ChatCommands.Reply command(ChatApp app, String user, String text, UUID key) {
        var words = text.strip().split("\\s+", 2);
        if (words[0].equalsIgnoreCase("link")) {
            var linked = chat.people().link(app, user, words.length > 1 ? words[1] : "");
            return new ChatCommands.Reply(
                    linked == null
                            ? "This code is not good: it is used up, older than ten minutes, or mistyped."
                            : "You are " + linked.username() + " here now.\n" + ChatCommands.HELP);
        }
        var person = chat.people().find(app, user);
        if (person == null) {
            return new ChatCommands.Reply(STRANGER);
        }
        return person.needsSession() ? new ChatCommands.Reply(SESSION) : as(person, () -> commands.run(text, key));
    }

    private static <R> R as(Persons.Person person, ScopedValue.CallableOp<R, RuntimeException> work) {
        var from = CallerScope.origin();
        return CallerScope.callAs(person.caller(), new Origin(from.requestId(), from.address(), CHANNEL), work);
    }

    /** A button of ours. */
    private void press(ChatApp app, JsonNode payload) {
        var button = payload.path("actions").path(0);
        var pressed = button.path("action_id").asString("");
        var value = VALUE.matcher(button.path("value").asString(""));
        var to = payload.path("response_url").asString("");
        if (!value.matches() || !pressed.equals(APPROVE) && !pressed.equals(REFUSE)) {
            return; // nothing of ours
        }
        var team = payload.path("user")
                .path("team_id")
                .asString(payload.path("team").path("id").asString(""));
        var person = chat.people()
                .find(app, team + "/" + payload.path("user").path("id").asString(""));
        if (person == null || person.needsSession()) {
            chat.answers()
                    .send(
                            to,
                            said(new ChatCommands.Reply(person == null ? STRANGER : SESSION))
                                    .toString());
            return;
        }
        boolean agrees = pressed.equals(APPROVE);
        try {
            var action = UUID.fromString(value.group(1));
            var comment = agrees ? "by a button in Slack" : "refused by a button in Slack, without a reason";
            var reply = as(person, () -> commands.say(action, agrees, value.group(2), comment));
            var done = said(new ChatCommands.Reply(reply.text() + " (" + person.username() + ")"));
            if (reply.ask() == null) { // the buttons are gone for everybody
                done.put("replace_original", true).remove("response_type");
            }
            chat.answers().send(to, done.toString());
        } catch (ProblemException | IllegalArgumentException e) {
            var why = e instanceof ProblemException problem ? problem.problem().detail() : "This button is not ours.";
            chat.answers().send(to, said(new ChatCommands.Reply(why)).toString());
        }
    }

    /** As Slack shows it to one person: as text, which addresses nobody and links nothing. */
    private static ObjectNode said(ChatCommands.Reply reply) {
        var text = new StringBuilder();
        reply.text()
                .lines()
                .forEach(line -> text.append(ApprovalText.visible(line)).append('\n'));
        var cut = text.length() > LONGEST
                ? text.substring(0, LONGEST) + "…"
                : text.toString().strip();
        var node = JsonNodeFactory.instance.objectNode();
        node.put("response_type", "ephemeral");
        node.put("mrkdwn", false);
        node.put("text", cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
        var ask = reply.ask();
        if (ask != null && ask.may().approve()) {
            node.set("blocks", blocks(cut, ask));
        }
        return node;
    }

    private static ArrayNode blocks(String text, ActionView ask) {
        var blocks = JsonNodeFactory.instance.arrayNode();
        blocks.addObject().put("type", "section").set("text", plain(text));
        var buttons = blocks.addObject().put("type", "actions").putArray("elements");
        button(buttons, APPROVE, "Approve", ask).put("style", "primary").set("confirm", sure());
        button(buttons, REFUSE, "Refuse", ask);
        return blocks;
    }

    private static ObjectNode button(ArrayNode to, String id, String words, ActionView ask) {
        var button = to.addObject().put("type", "button").put("action_id", id).put("value", ChatPrompts.value(ask));
        button.set("text", plain(words));
        return button;
    }

    private static ObjectNode sure() {
        var sure = JsonNodeFactory.instance.objectNode();
        sure.set("title", plain("Approve this?"));
        sure.set("text", plain("It is done at once, with the parameters that are shown."));
        sure.set("confirm", plain("Approve"));
        sure.set("deny", plain("Back"));
        return sure;
    }

    private static ObjectNode plain(String text) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "plain_text")
                .put("text", text)
                .put("emoji", false);
    }

    private static void answer(Exchange exchange, ObjectNode json) {
        exchange.send(200, "application/json", json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
