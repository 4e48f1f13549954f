package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.db.outbox.OutboxRunner;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.respond.durable.ActionFollower;
import io.marsad.respond.durable.ActionProvider;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.provide.OwnQuestions;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Users are asked by a real mail server whether it was them, and answer over HTTP. */
class UserQuestionTest {
    private static final Pattern LINK = Pattern.compile(Post.ORIGIN + "(/answer/\\S+)");

    private static TestNode node;
    private static Post post;
    private static OutboxRunner runner;
    private static People people;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        post = new Post(node);
        runner = runner(node.clock);
        people = People.of(node, "with-questions");
        post.channel(people.tenant().id());
    }

    /** What has actions done, with a clock. */
    private static OutboxRunner runner(InstantSource clock) {
        var questions = TestRespond.questions(node.database, node.vault, post.mail(), clock);
        var own = new OwnQuestions(node.database, questions, clock);
        var provider = new ActionProvider() {
            @Override
            public Result perform(Order order) {
                return own.does(order.action()) ? own.perform(order) : new Result.Failed("none of the test's", false);
            }

            @Override
            public Result settle(Order order) {
                return perform(order);
            }
        };
        var follower = new ActionFollower(node.database, provider, clock);
        var following = new Following(ActionRequests.QUEUE, follower, 20, Duration.ofMinutes(1), 2);
        return OutboxRunner.start(node.database, List.of(following), Duration.ofMillis(50), clock);
    }

    @AfterAll
    static void stop() {
        runner.close();
        post.close();
    }

    /** @return the action's path */
    private static String ask(String user, int minutes) throws Exception {
        people.admin()
                .json(
                        "setResponsePolicy",
                        "/v1/response-policy",
                        "{\"level\":\"L3\",\"always_asked\":[],\"never\":[],\"trusted\":[]}");
        var body = "{\"action\":\"verify_user\",\"parameters\":{\"user\":\"" + user
                + "\",\"question\":\"Did you sign in from <Lagos>?\",\"minutes\":" + minutes + "}}";
        var action = people.admin().tree("requestAction", "/v1/actions", body, 201);
        return "/v1/actions/" + action.get("id").stringValue();
    }

    private static JsonNode action(String path) throws Exception {
        return people.admin().json("getAction", path, "");
    }

    private static String status(String path) throws Exception {
        return action(path).get("status").stringValue();
    }

    private static String link(String user) throws Exception {
        await().until(() -> !post.to(user).isEmpty());
        var found = LINK.matcher(post.to(user).getFirst().text());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static HttpResponse<byte[]> say(String link, String answer) throws Exception {
        var said = Post.form(node, link, Map.of("say", answer));
        Calls.check("answerQuestion", said);
        return said;
    }

    @Test
    void whoIsAskedAnswersOnceAndTheActionGoesOnWithIt() throws Exception {
        var path = ask("ulla@example.org", 30);
        var link = link("ulla@example.org");
        for (int i = 0; i < 5; i++) { // what looks at links in mails
            var page = node.send(TestNode.Identity.NOBODY, "GET", link, "");
            Calls.check("showQuestion", page);
            assertThat(new String(page.body(), StandardCharsets.UTF_8))
                    .contains("Did you sign in from &lt;Lagos&gt;?", "Yes, it was me", "No, it was not me", "not sure");
            assertThat(node.send(TestNode.Identity.NOBODY, "HEAD", link, "").statusCode())
                    .isEqualTo(405);
        }
        assertThat(status(path)).isEqualTo("dispatched");
        assertThat(say(link, "perhaps").statusCode()).isEqualTo(400);
        assertThat(say(link, "no").statusCode()).isEqualTo(200);
        assertThat(say(link, "yes").statusCode()).as("once").isEqualTo(409);
        await().until(() -> status(path).equals("completed"));
        assertThat(action(path).at("/outputs/answer").stringValue()).isEqualTo("no");
        assertThat(action(path).get("carried_by").stringValue()).isEqualTo("Marsad");
        assertThat(post.to("ulla@example.org")).hasSize(1);
        var entries = people.audit("action:" + path.substring("/v1/actions/".length()))
                .toString();
        assertThat(entries).contains("action.ask_user", "action.user_answer", "action.completed");
    }

    @Test
    void whoDoesNotAnswerInTimeHasSaidNothing() throws Exception {
        var path = ask("otto@example.org", 10);
        var link = link("otto@example.org");
        await().until(() -> status(path).equals("dispatched"));
        var late = InstantSource.offset(node.clock, Duration.ofMinutes(11));
        try (var _ = runner(late)) {
            await().until(() -> status(path).equals("completed"));
        }
        assertThat(action(path).at("/outputs/answer").stringValue()).isEqualTo("no_answer");
        OwnPlaybooks.update(
                node,
                people.tenant(),
                "UPDATE user_questions SET answer = NULL WHERE tenant_id = ? AND address = 'otto@example.org'",
                people.tenant().id().value());
        assertThat(say(link, "unknown").statusCode())
                .as("by this node's clock there is time")
                .isEqualTo(200);
        assertThat(action(path).at("/outputs/answer").stringValue())
                .as("what ended has ended")
                .isEqualTo("no_answer");
    }

    @Test
    void onlyThoseAreAskedWhomTheTenantWritesTo() throws Exception {
        for (var user : List.of("mallory@evil.example", "CORP\\\\ulla", "ulla@example.org.evil.example")) {
            var path = ask(user, 30);
            await().until(() -> status(path).equals("failed"));
        }
        assertThat(post.all()).noneMatch(one -> one.to().contains("evil"));
    }

    @Test
    void noOtherTextIsAnAnswer() throws Exception {
        var path = ask("vera@example.org", 30);
        var text = link("vera@example.org").substring("/answer/".length());
        var questions = TestRespond.questions(node.database, node.vault, post.mail(), node.clock);
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("UserQuestionTest: -Dmarsad.seed=" + seed);
        var random = new Random(seed);
        var letters = "ABCXYZabcxyz0189-_.";
        for (int i = 0; i < 1_000; i++) {
            var chars = new StringBuilder(text);
            chars.setCharAt(random.nextInt(text.length()), letters.charAt(random.nextInt(letters.length())));
            if (!chars.toString().equals(text)) {
                assertThat(questions.find(chars.toString()))
                        .as("seed %d: %s", seed, chars)
                        .isNull();
            }
        }
        var approval = Post.form(node, "/approve/" + text, Map.of("say", "approve", "seen", "on"));
        assertThat(approval.statusCode())
                .as("a link of one kind is none of another")
                .isEqualTo(404);
        assertThat(say("/answer/with-nothing" + text.substring(text.indexOf('.')), "yes")
                        .statusCode())
                .isEqualTo(404);
        assertThat(status(path)).isEqualTo("dispatched");
    }
}
