package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.People.Person;
import io.marsad.soc.inbox.InboxEntry;
import io.marsad.soc.inbox.InboxRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What people find in their inbox, and who sees whom at an alert or case, over HTTP. */
class InboxTest {
    private static TestNode node;
    private static People people;
    private static Person ann;
    private static Person bob;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        people = People.of(node, "with-inboxes");
        ann = people.person("ann", "soc_analyst");
        bob = people.person("Bob", "soc_analyst");
    }

    private static JsonNode inbox(Person of) throws Exception {
        return of.calls().json("getInbox", "/v1/inbox", "");
    }

    private static List<String> said(JsonNode inbox) {
        var all = new ArrayList<String>();
        inbox.get("entries")
                .forEach(one -> all.add(one.get("kind").stringValue() + " "
                        + one.get("about").stringValue() + " x"
                        + one.get("count").intValue() + " " + one.get("title").stringValue() + " by "
                        + one.get("by").stringValue()));
        return all;
    }

    private static String alert(String word) throws Exception {
        return node.alert(people.tenant().id(), node.event(people.tenant().id(), word), word)
                .id()
                .toString();
    }

    private static String open(String title) throws Exception {
        var body = "{\"title\":\"" + title + "\",\"severity\":\"high\",\"alerts\":[\"" + alert(title) + "\"]}";
        return "/v1/cases/"
                + ann.calls().tree("openCase", "/v1/cases", body, 201).get("id").stringValue();
    }

    @Test
    void whoIsGivenSomethingOrNamedIsTold() throws Exception {
        var cora = people.person("cora", "soc_analyst");
        var lines = new CopyOnWriteArrayList<String>();
        var stream = node.client.send(
                node.request(people.signedIn("cora", cora.password()), "GET", "/v1/live", ""),
                java.net.http.HttpResponse.BodyHandlers.ofInputStream());
        var reader = Thread.ofVirtual().start(() -> Calls.readLines(stream.body(), lines));
        await().until(() -> lines.contains(": open"));
        var kase = open("Told");
        ann.calls().json("updateCase", kase, "{\"assignee\":\"CORA\"}");
        ann.calls().json("updateCase", kase, "{\"assignee\":\"cora\"}"); // it is hers already
        await().until(() -> lines.stream().anyMatch(line -> line.contains(cora.id())));
        assertThat(lines).contains("event: inbox.changed");
        reader.interrupt();
        stream.body().close();
        cora.calls().json("commentCase", kase + "/comments", "{\"comment\":\"mine, @cora and @ann!\"}");
        ann.calls().json("addCaseTask", kase + "/tasks", "{\"title\":\"Ask\",\"assignee\":\"cora\"}");
        var first = alert("one");
        var second = alert("two");
        var give = "{\"to\":\"in_progress\",\"assignee\":\"cora\",\"comment\":\"@bob: as you said\"}";
        ann.calls().json("transitionAlert", "/v1/alerts/" + first + "/transition", give);
        var many = "{\"ids\":[\"" + second + "\",\"" + alert("three") + "\"],\"act\":" + "{\"to\":\"in_progress\","
                + "\"assignee\":\"cora\"}}";
        ann.calls().json("actOnAlerts", "/v1/alerts/bulk", many);
        assertThat(said(inbox(cora)))
                .hasSize(4)
                .first()
                .asString()
                .startsWith("assigned alert x2 ")
                .endsWith(" by ann");
        assertThat(said(inbox(cora)).subList(2, 4))
                .containsExactly("task case x1 Told by ann", "assigned case x1 Told by ann");
        assertThat(said(inbox(ann))).containsExactly("mentioned case x1 Told by cora");
        assertThat(said(inbox(bob)).getFirst()).startsWith("mentioned alert x1 ");
        assertThat(inbox(cora).get("entries").get(2).get("number").isNull()).isFalse();
    }

    @Test
    void onlyOnesOwnIsSeenAndRead() throws Exception {
        var dana = people.person("dana", "soc_analyst");
        var kase = open("Own");
        ann.calls().json("updateCase", kase, "{\"assignee\":\"dana\"}");
        ann.calls().json("commentCase", kase + "/comments", "{\"comment\":\"@dana\"}");
        var entries = inbox(dana);
        assertThat(entries.get("unread").intValue()).isEqualTo(2);
        var id = entries.get("entries").get(0).get("id").stringValue();
        var body = "{\"ids\":[\"" + id + "\"]}";
        bob.calls().json("readInbox", "/v1/inbox/read", body); // not his: nothing happens
        assertThat(inbox(dana).get("unread").intValue()).isEqualTo(2);
        assertThat(dana.calls()
                        .json("readInbox", "/v1/inbox/read", body)
                        .get("unread")
                        .intValue())
                .isEqualTo(1);
        assertThat(inbox(dana).get("entries").get(0).get("read_at").isNull()).isFalse();
        assertThat(dana.calls()
                        .json("readInbox", "/v1/inbox/read", "{}")
                        .get("unread")
                        .intValue())
                .isZero();
        people.role("alerts_only", "alerts:read");
        people.admin().json("updateUser", "/v1/users/" + dana.id(), "{\"role\":\"alerts_only\"}");
        var again = new Calls(node, people.signedIn("dana", dana.password()));
        assertThat(again.json("getInbox", "/v1/inbox", "").get("entries"))
                .as("who may read no cases reads no titles of cases")
                .isEmpty();
    }

    @Test
    void itIsBoundedInNumberAndAge() throws Exception {
        var eve = people.person("eve", "soc_analyst");
        var tenant = people.tenant().id();
        var now = Instant.ofEpochMilli(node.clock.millis());
        var kase = io.marsad.kernel.event.EventId.parse(open("Bounded").substring("/v1/cases/".length()));
        for (int i = 0; i < 205; i++) {
            var at = i == 150 ? now.minus(Duration.ofDays(91)) : now;
            var telling = new InboxRows.Telling(
                    InboxEntry.Kind.ASSIGNED, InboxEntry.About.CASE, kase, 1L, 1, "Number " + i, "ann");
            node.database.inTenant(tenant, c -> InboxRows.tell(c, tenant, at, List.of("EVE", "nobody"), telling));
        }
        var all = said(eve.calls().json("getInbox", "/v1/inbox?limit=200", ""));
        assertThat(all).hasSize(200).first().isEqualTo("assigned case x1 Number 204 by ann");
        assertThat(all).doesNotContain("assigned case x1 Number 150 by ann", "assigned case x1 Number 3 by ann");
    }

    @Test
    void mailIsOffUntilSomebodyWantsIt() throws Exception {
        var path = "/v1/inbox/setting";
        assertThat(inbox(bob).get("mail").booleanValue()).isFalse();
        assertThat(bob.calls().problem("setInbox", path, "{\"mail\":true,\"address\":\"\"}", 422))
                .isEqualTo("invalid-address");
        assertThat(bob.calls().problem("setInbox", path, "{\"mail\":true,\"address\":\"a@b, c@d\"}", 422))
                .isEqualTo("invalid-address");
        bob.calls().json("setInbox", path, "{\"mail\":true,\"address\":\"bob@example.org\"}");
        assertThat(inbox(bob).get("address").stringValue()).isEqualTo("bob@example.org");
        assertThat(inbox(ann).get("mail").booleanValue()).isFalse();
    }

    @Test
    void whoLooksAtTheSameIsSeen() throws Exception {
        var path = open("Looked at") + "/presence";
        assertThat(look(ann, path, "looking")).isEmpty();
        assertThat(look(bob, path, "writing")).containsExactly("ann looking");
        assertThat(look(ann, path, "looking")).containsExactly("Bob writing");
        assertThat(look(bob, path, "left")).containsExactly("ann looking");
        assertThat(look(ann, path, "looking")).isEmpty();
        var byToken = people.admin().json("lookAtCase", path, "{\"tab\":\"1\",\"state\":\"looking\"}");
        assertThat(byToken.get("people")).hasSize(1);
        assertThat(look(ann, path, "looking")).as("a token is nobody").isEmpty();
        var alert = "/v1/alerts/" + alert("seen") + "/presence";
        ann.calls().json("lookAtAlert", alert, "{\"tab\":\"1\",\"state\":\"looking\"}");
        assertThat(bob.calls()
                        .json("lookAtAlert", alert, "{\"tab\":\"1\",\"state\":\"looking\"}")
                        .get("people"))
                .hasSize(1);
    }

    private static List<String> look(Person who, String path, String state) throws Exception {
        var all = new ArrayList<String>();
        who.calls()
                .json("lookAtCase", path, "{\"tab\":\"1\",\"state\":\"" + state + "\"}")
                .get("people")
                .forEach(one -> all.add(
                        one.get("name").stringValue() + " " + one.get("state").stringValue()));
        return all;
    }
}
