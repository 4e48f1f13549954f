package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.marsad.api.People.Person;
import io.marsad.api.http.Json;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.respond.chat.ChatPrompts;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.link.ApprovalPrompts;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** People work from Slack: a server of this machine stands for it, and requests are signed as it signs them. */
class SlackTest {
    private static final String CHANNEL = "C0123456789";

    private static final List<String> posted = new CopyOnWriteArrayList<>();
    private static final List<String> told = new CopyOnWriteArrayList<>();

    private static TestNode node;
    private static HttpServer slack;
    private static OutboxRunner runner;
    private static People people;
    private static Person ann;
    private static Slack workspace;

    @TempDir
    private static Path folder;

    /** A workspace of a tenant. */
    private record Slack(String address, String secret) {
        Requests.Signed signed(String body) throws Exception {
            return Requests.signed(secret, Instant.now().getEpochSecond(), body);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        slack = HttpServer.create(
                new InetSocketAddress(
                        "127.0.0.1", URI.create(OwnConnections.PRODUCT).getPort()),
                0);
        slack.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean api = exchange.getRequestURI().getPath().startsWith("/api/");
            (api ? posted : told).add(body);
            var answer = "{\"ok\":true,\"channel\":\"C0123456789\",\"ts\":\"1767225600.000200\"}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        slack.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        slack.start();
        people = People.of(node, "with-slack");
        ann = people.person("ann", "soc_analyst");
        workspace = workspace(people);
        var root = Path.of(System.getProperty("marsad.root", "."));
        var manifest = Files.readString(root.resolve("content/connectors/slack.yaml"));
        // The same, but the address is a setting: this machine is asked.
        var here = manifest.replace("base: https://slack.com/api", "base: ${config.url}")
                .replace("config:\n", "config:\n  url: {type: url, description: Where it is}\n");
        Files.writeString(folder.resolve("slack.yaml"), here);
        OwnPlaybooks.update(
                node,
                people.tenant(),
                "UPDATE connections SET config = config || jsonb_build_object('url', ?::text) WHERE tenant_id = ?",
                OwnConnections.PRODUCT + "/api",
                people.tenant().id().value());
        var connections = TestRespond.connections(node.database, node.vault, node.clock, node.random, folder);
        var prompts =
                new ChatPrompts(node.database, connections, TestRespond.actions(node.database, node.clock), node.clock);
        var follower = new ApprovalPrompts(node.database, List.of(prompts));
        var following = new Following(ActionRequests.PROMPTS, follower, 1, Duration.ofMinutes(1), 4);
        runner = OutboxRunner.start(node.database, List.of(following), Duration.ofMillis(50), node.clock);
    }

    @AfterAll
    static void stop() {
        runner.close();
        slack.stop(0);
    }

    private static Slack workspace(People of) throws Exception {
        var secret = "secret-of-" + of.tenant().id();
        var made = of.admin().tree("createConnection", "/v1/connections", Requests.connection(secret, CHANNEL), 201);
        return new Slack(
                "/v1/chat/slack/" + of.tenant().id() + "." + made.get("id").stringValue(), secret);
    }

    private static JsonNode say(String user, String text) throws Exception {
        return say(workspace, user, text);
    }

    private static JsonNode say(Slack to, String user, String text) throws Exception {
        var body = "command=%2Fmarsad&team_id=T1&user_id=" + user + "&text="
                + URLEncoder.encode(text, StandardCharsets.UTF_8) + "&trigger_id=" + node.random.nextLong();
        var answer = Requests.send(node, to.address, to.signed(body));
        Calls.check("takeSlack", answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        var said = Json.tree(answer.body());
        assertThat(said.get("response_type").stringValue()).isEqualTo("ephemeral");
        return said;
    }

    private static String text(String user, String words) throws Exception {
        return say(user, words).get("text").stringValue();
    }

    /** Somebody who is known in Slack. */
    private static Person known(String name, String role, String user) throws Exception {
        var person = people.person(name, role);
        var code = person.calls()
                .tree("beginChatLink", "/v1/me/chat-links", "", 201)
                .get("code")
                .stringValue();
        assertThat(text(user, "link " + code)).startsWith("You are " + name);
        return person;
    }

    private static String asked(String host) throws Exception {
        var body = "{\"action\":\"isolate_host\",\"parameters\":{\"host\":\"" + host + "\"}}";
        return ann.calls()
                .tree("requestAction", "/v1/actions", body, 201)
                .get("id")
                .stringValue();
    }

    private static String status(String action) throws Exception {
        return people.admin()
                .json("getAction", "/v1/actions/" + action, "")
                .get("status")
                .stringValue();
    }

    private static void press(String user, String button, String value) throws Exception {
        var payload = "{\"type\":\"block_actions\",\"user\":{\"id\":\"" + user + "\",\"team_id\":\"T1\"},"
                + "\"response_url\":\"" + OwnConnections.PRODUCT + "/answer\",\"actions\":[{\"action_id\":\"" + button
                + "\",\"value\":\"" + value + "\"}],\"trigger_id\":\"" + node.random.nextLong() + "\"}";
        var body = "payload=" + URLEncoder.encode(payload, StandardCharsets.UTF_8);
        assertThat(Requests.send(node, workspace.address, workspace.signed(body))
                        .statusCode())
                .isEqualTo(200);
    }

    private static void awaitTold(String words) {
        await().until(() -> told.stream().anyMatch(one -> one.contains(words)));
    }

    @Test
    void aPromptIsPostedOnceAndItsButtonAgrees() throws Exception {
        known("ben", "soc_analyst", "UBEN");
        known("dana", "auditor", "UDANA");
        known("carl", "soc_analyst", "UCARL");
        var action = asked("ws-slack-1");
        await().until(() -> posted.stream().anyMatch(one -> one.contains(action)));
        var prompt = Json.tree(posted.stream()
                .filter(one -> one.contains(action))
                .findFirst()
                .orElseThrow()
                .getBytes(StandardCharsets.UTF_8));
        assertThat(prompt.get("channel").stringValue()).isEqualTo(CHANNEL);
        assertThat(prompt.get("text").stringValue()).contains("Isolate a host: ws-slack-1", "Asked for by ann");
        var value = prompt.at("/blocks/1/elements/0/value").stringValue();
        press("UNOBODY", "marsad_approve", value);
        awaitTold("I do not know who you are here");
        press("UDANA", "marsad_approve", value);
        awaitTold("This needs the permission actions:contain");
        press("UBEN", "marsad_approve", action + " " + "0".repeat(64));
        awaitTold("Its parameters are not those that were shown");
        assertThat(status(action)).isEqualTo("awaiting_approval");
        press("UBEN", "marsad_approve", value);
        awaitTold("Approved: Isolate a host: ws-slack-1 (ben)");
        assertThat(status(action)).isEqualTo("requested");
        press("UCARL", "marsad_approve", value);
        awaitTold("It does not wait for anybody to agree");
        var entries = people.audit("action:" + action).toString();
        assertThat(entries).contains("\"action.approve\"", "\"channel\":\"slack\"", "\"action.post\"");
        assertThat(posted.stream().filter(one -> one.contains(action))).hasSize(1);
    }

    @Test
    void commandsAreDoneAsThePersonAndWithWhatTheyMay() throws Exception {
        assertThat(text("USTRANGER", "list")).contains("make a code");
        known("eva", "soc_analyst", "UEVA");
        known("fay", "auditor", "UFAY");
        assertThat(text("UEVA", "help")).contains("isolate HOST");
        assertThat(text("UEVA", "dance")).contains("There is no 'dance' here");
        assertThat(text("UEVA", "isolate ws-slack-2")).contains("somebody else has to agree", "asked for by eva");
        assertThat(text("UEVA", "isolate")).contains("host");
        assertThat(text("UEVA", "block not-an-address")).contains("ip");
        assertThat(text("UFAY", "isolate ws-slack-3")).isEqualTo("This needs the permission actions:contain.");
        var alert = node.alert(people.tenant().id(), node.event(people.tenant().id(), "slacked"), "slacked");
        assertThat(text("UEVA", "list")).contains("Title slacked", alert.id().toString());
        assertThat(text("UEVA", "investigate " + alert.id())).contains("HIGH: Title slacked", "host slacked-host");
        assertThat(text("UEVA", "explain " + alert.id()))
                .contains("Rule: Title slacked", "process.cmd_line = run slacked");
        assertThat(text("UEVA", "explain x")).contains("Say the alert's id");
        var action = asked("ws-slack-4");
        assertThat(text("UEVA", "list")).contains("to approve: Isolate a host: ws-slack-4");
        var shown = say("UEVA", "approve " + action);
        assertThat(shown.at("/blocks/1/elements/0/action_id").stringValue()).isEqualTo("marsad_approve");
        assertThat(status(action)).as("it only shows").isEqualTo("awaiting_approval");
        var wide = "w".repeat(600);
        var lengthy = asked(wide);
        assertThat(say("UEVA", "approve " + lengthy).toString())
                .contains("too long to be shown here")
                .doesNotContain("marsad_approve");
        await().until(() -> posted.stream().anyMatch(one -> one.contains("too long to be shown here")));
        assertThat(posted.stream().filter(one -> one.contains(wide.substring(0, 400))))
                .hasSize(1)
                .noneMatch(one -> one.contains("marsad_approve"));
        assertThat(text("UEVA", "refuse " + action)).contains("Say why");
        assertThat(text("UEVA", "refuse " + action + " it is the till")).startsWith("Refused");
        assertThat(status(action)).isEqualTo("refused");
    }

    @Test
    void whoIsLinkedCanUnlinkAndACodeIsGoodOnce() throws Exception {
        var gil = people.person("gil", "soc_analyst");
        var old = gil.calls()
                .tree("beginChatLink", "/v1/me/chat-links", "", 201)
                .get("code")
                .stringValue();
        var code = gil.calls()
                .tree("beginChatLink", "/v1/me/chat-links", "", 201)
                .get("code")
                .stringValue();
        assertThat(text("UGIL", "link " + old)).contains("not good");
        assertThat(text("UGIL", "link " + code.toLowerCase(java.util.Locale.ROOT)))
                .startsWith("You are gil");
        assertThat(text("UTHIEF", "link " + code)).contains("not good");
        var links = gil.calls().json("listChatLinks", "/v1/me/chat-links", "").get("links");
        assertThat(links).hasSize(1);
        assertThat(links.get(0).get("chat_user").stringValue()).isEqualTo("T1/UGIL");
        var path = "/v1/me/chat-links/" + links.get(0).get("id").stringValue();
        ann.calls().send("deleteChatLink", path, "", 404);
        people.admin().json("updateUser", gil.path(), "{\"disabled\":true}");
        assertThat(text("UGIL", "list")).contains("I do not know who you are");
        people.admin().json("updateUser", gil.path(), "{\"disabled\":false}");
        var again = new Calls(node, people.signedIn("gil", gil.password()));
        again.send("deleteChatLink", path, "", 204);
        assertThat(text("UGIL", "list")).contains("I do not know who you are");
        var other = workspace(People.of(node, "with-other-slack"));
        var late = again.tree("beginChatLink", "/v1/me/chat-links", "", 201)
                .get("code")
                .stringValue();
        assertThat(say(other, "UGIL", "link " + late).get("text").stringValue())
                .as("a code of another tenant")
                .contains("not good");
    }

    @Test
    void onlyWhatSlackSignedNowAndOnceIsTaken() throws Exception {
        known("hal", "soc_analyst", "UHAL");
        var body = "command=%2Fmarsad&team_id=T1&user_id=UHAL&text=isolate+ws-replayed";
        long now = Instant.now().getEpochSecond();
        var good = Requests.signed(workspace.secret, now, body);
        var other = workspace(People.of(node, "with-third-slack"));
        assertThat(Requests.send(node, other.address, good).statusCode())
                .as("signed for another tenant")
                .isEqualTo(401);
        assertThat(Requests.send(node, workspace.address, good).statusCode()).isEqualTo(200);
        assertThat(Requests.send(node, workspace.address, good).statusCode())
                .as("once more")
                .isEqualTo(401);
        for (long away : new long[] {-301, -3_600, 310}) {
            var old = Requests.signed(workspace.secret, now + away, body + away);
            assertThat(Requests.send(node, workspace.address, old).statusCode())
                    .as("%d s away", away)
                    .isEqualTo(401);
        }
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("SlackTest: -Dmarsad.seed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            var signed = Requests.signed(workspace.secret, now, body + "&n=" + i);
            var mutated = signed.mutated(random);
            assertThat(Requests.send(node, workspace.address, mutated).statusCode())
                    .as("seed %d, %d: %s", seed, i, mutated)
                    .isEqualTo(401);
        }
        var large = Requests.signed(workspace.secret, now, "text=" + "x".repeat(70_000));
        assertThat(Requests.send(node, workspace.address, large).statusCode()).isEqualTo(413);
        var hosts = people.admin()
                .json("listActions", "/v1/actions?target=ws-replayed", "")
                .get("actions");
        assertThat(hosts).hasSize(1);
    }
}
