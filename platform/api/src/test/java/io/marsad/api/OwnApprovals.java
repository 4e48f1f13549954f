package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.TestNode.Tenant;
import io.marsad.api.contract.Operation;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.link.ApprovalMail;
import io.marsad.respond.link.ApprovalPrompts;
import io.marsad.respond.link.Questions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What people of a tenant of the tests agree to by links of e-mails. */
final class OwnApprovals {
    private static final Set<String> BY_LINK = Set.of("showApproval", "sayApproval");
    private static final Set<String> QUESTIONS = Set.of("showQuestion", "answerQuestion");
    private static final Set<String> CHAT = Set.of("takeSlack", "listChatLinks", "beginChatLink", "deleteChatLink");
    private static final String ROWS = """
            WITH of AS (SELECT ?::text AS tenant, ?::text AS word, ?::uuid AS id, now() AS at),
            question AS (INSERT INTO user_questions (tenant_id, action_id, address, question, expires_at)
                SELECT tenant, id, word, word, at FROM of)
            INSERT INTO chat_people SELECT tenant, id, id, word || id,
                (SELECT user_id FROM users WHERE tenant_id = tenant ORDER BY user_id LIMIT 1), at FROM of""";

    private OwnApprovals() {}

    /** A question and somebody of a chat for each connection: after {@link OwnConnections#put} with the same word. */
    static Map<String, List<String>> put(TestNode node, Tenant tenant, String word, List<String> connections) {
        node.database.inTenant(tenant.id(), connection -> {
            for (var id : connections) {
                try (var insert = connection.prepareStatement(ROWS)) {
                    insert.setString(1, tenant.id().value());
                    insert.setString(2, word);
                    insert.setObject(3, UUID.fromString(id));
                    insert.executeUpdate();
                }
            }
            return true;
        });
        return Map.of("me", connections);
    }

    static boolean knows(Operation operation) {
        var id = operation.id();
        return BY_LINK.contains(id) || QUESTIONS.contains(id) || CHAT.contains(id);
    }

    /** Brings the operation to succeed with what the tenant's person was sent or says. */
    static void succeed(TestNode node, Tenant tenant, Operation operation) throws Exception {
        var people = new People(node, tenant, new Calls(node, tenant.byToken()));
        var person = people.person("by" + operation.id().toLowerCase(Locale.ROOT), "soc_analyst");
        if (CHAT.contains(operation.id())) {
            chat(people, person, operation.id());
            return;
        }
        try (var post = new Post(node);
                var _ = runner(node, post)) {
            post.channel(tenant.id());
            boolean question = QUESTIONS.contains(operation.id());
            var link = question ? asked(people, post) : mailed(people, person, post);
            var answer = operation.method().equals("GET")
                    ? node.send(TestNode.Identity.NOBODY, "GET", link, "")
                    : Post.form(node, link, Map.of("say", question ? "yes" : "approve", "seen", "on"));
            assertThat(answer.statusCode()).isEqualTo(200);
            Calls.check(operation.id(), answer);
        }
    }

    private static String action(People people) throws Exception {
        var wanted = "{\"action\":\"isolate_host\",\"parameters\":{\"host\":\"ws-7\"}}";
        return people.admin()
                .tree("requestAction", "/v1/actions", wanted, 201)
                .get("id")
                .stringValue();
    }

    private static String mailed(People people, People.Person person, Post post) throws Exception {
        var setting = "{\"mail\":false,\"approvals\":true,\"address\":\"by@example.org\"}";
        person.calls().json("setInbox", "/v1/inbox/setting", setting);
        action(people);
        await().until(() -> !post.all().isEmpty());
        return link(post);
    }

    private static String asked(People people, Post post) throws Exception {
        var node = people.node();
        var questions = TestRespond.questions(node.database, node.vault, post.mail(), node.clock);
        var action = UUID.fromString(action(people));
        var until = Instant.ofEpochMilli(node.clock.millis()).plusSeconds(600);
        var asked =
                new Questions.Asked(people.tenant().id(), action, "ulla@example.org", "Was it you?", until, null, null);
        assertThat(questions.send(questions.keep(asked))).isNull();
        return link(post);
    }

    private static String link(Post post) throws Exception {
        var text = post.all().getFirst().text();
        var at = text.indexOf(Post.ORIGIN) + Post.ORIGIN.length();
        return text.substring(at, text.indexOf('\n', at)).strip();
    }

    private static void chat(People people, People.Person person, String operation) throws Exception {
        var code = person.calls()
                .tree("beginChatLink", "/v1/me/chat-links", "", 201)
                .get("code")
                .stringValue();
        var secret = "a secret to sign with";
        var body = Requests.connection(secret, "C0123456789").replace("our-slack", operation);
        var made = people.admin().tree("createConnection", "/v1/connections", body, 201);
        var path =
                "/v1/chat/slack/" + people.tenant().id() + "." + made.get("id").stringValue();
        var said = "team_id=T1&user_id=U1&text=link+" + code;
        var signed = Requests.signed(secret, Instant.now().getEpochSecond(), said);
        var answer = Requests.send(people.node(), path, signed);
        assertThat(answer.statusCode()).isEqualTo(200);
        Calls.check("takeSlack", answer);
        var links =
                person.calls().json("listChatLinks", "/v1/me/chat-links", "").get("links");
        var id = links.get(0).get("id").stringValue();
        person.calls().send("deleteChatLink", "/v1/me/chat-links/" + id, "", 204);
    }

    private static OutboxRunner runner(TestNode node, Post post) throws Exception {
        var links = TestRespond.links(node.database, node.vault, node.clock);
        var actions = TestRespond.actions(node.database, node.clock);
        var mail = new ApprovalMail(node.database, links, actions, post.mail(), node.clock);
        var following = new Following(
                ActionRequests.PROMPTS, new ApprovalPrompts(node.database, List.of(mail)), 1, Duration.ofMinutes(1), 4);
        return OutboxRunner.start(node.database, List.of(following), Duration.ofMillis(50), node.clock);
    }
}
