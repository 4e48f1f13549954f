package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.TestNode.Tenant;
import io.marsad.api.contract.Operation;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.link.ApprovalMail;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What people of a tenant of the tests agree to by links of e-mails. */
final class OwnApprovals {
    private static final Set<String> OPERATIONS = Set.of("showApproval", "sayApproval");

    private OwnApprovals() {}

    static boolean knows(Operation operation) {
        return OPERATIONS.contains(operation.id());
    }

    /** Brings the operation to succeed with a link that the tenant's person was sent. */
    static void succeed(TestNode node, Tenant tenant, Operation operation) throws Exception {
        try (var post = new Post(node);
                var _ = runner(node, post)) {
            post.channel(tenant.id());
            var people = new People(node, tenant, new Calls(node, tenant.byToken()));
            var person = people.person("by" + operation.id().toLowerCase(java.util.Locale.ROOT), "soc_analyst");
            var setting = "{\"mail\":false,\"approvals\":true,\"address\":\"by@example.org\"}";
            person.calls().json("setInbox", "/v1/inbox/setting", setting);
            var wanted = "{\"action\":\"isolate_host\",\"parameters\":{\"host\":\"ws-7\"}}";
            people.admin().tree("requestAction", "/v1/actions", wanted, 201);
            await().until(() -> !post.all().isEmpty());
            var text = post.all().getFirst().text();
            var at = text.indexOf(Post.ORIGIN) + Post.ORIGIN.length();
            var link = text.substring(at, text.indexOf('\n', at)).strip();
            var answer = operation.method().equals("GET")
                    ? node.send(TestNode.Identity.NOBODY, "GET", link, "")
                    : Post.form(node, link, Map.of("say", "approve", "seen", "on"));
            assertThat(answer.statusCode()).isEqualTo(200);
            Calls.check(operation.id(), answer);
        }
    }

    private static OutboxRunner runner(TestNode node, Post post) throws Exception {
        var links = TestRespond.links(node.database, node.vault, node.clock);
        var actions = TestRespond.actions(node.database, node.clock);
        var mail = new ApprovalMail(node.database, links, actions, post.mail(), node.clock);
        var following = new Following(ActionRequests.PROMPTS, mail, 1, Duration.ofMinutes(1), 4);
        return OutboxRunner.start(node.database, List.of(following), Duration.ofMillis(50), node.clock);
    }
}
