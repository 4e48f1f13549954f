package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.People.Person;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.link.ApprovalMail;
import io.marsad.respond.link.ApprovalPrompts;
import java.net.URI;
import java.net.http.HttpRequest;
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

/** People agree to what waits by links that a real mail server was given, over HTTP. */
class ApprovalLinkTest {
    private static final Pattern LINK = Pattern.compile(Post.ORIGIN + "(/approve/\\S+)");
    private static final Map<String, String> YES = Map.of("say", "approve", "seen", "on", "comment", "I rang them");

    private static TestNode node;
    private static Post post;
    private static OutboxRunner runner;
    private static People people;
    private static Person ann;
    private static int number;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        post = new Post(node);
        var links = TestRespond.links(node.database, node.vault, node.clock);
        var mail = new ApprovalMail(
                node.database, links, TestRespond.actions(node.database, node.clock), post.mail(), node.clock);
        var following = new Following(
                ActionRequests.PROMPTS, new ApprovalPrompts(node.database, List.of(mail)), 1, Duration.ofMinutes(1), 4);
        runner = OutboxRunner.start(node.database, List.of(following), Duration.ofMillis(50), node.clock);
        people = tenant("with-approvals");
        ann = approver(people, "ann");
    }

    @AfterAll
    static void stop() {
        runner.close();
        post.close();
    }

    private static People tenant(String name) {
        var made = People.of(node, name);
        post.channel(made.tenant().id());
        return made;
    }

    /** Somebody who may agree and wants to hear of it. */
    private static Person approver(People of, String name) throws Exception {
        var person = of.person(name, "soc_analyst");
        var setting = "{\"mail\":false,\"approvals\":true,\"address\":\"" + address(of, name) + "\"}";
        person.calls().json("setInbox", "/v1/inbox/setting", setting);
        return person;
    }

    private static String address(People of, String name) {
        return name + "@" + of.tenant().id() + ".example";
    }

    /** Ann wants a host isolated. @return the action's path */
    private static String ask(String host) throws Exception {
        return ask(ann, "{\"action\":\"isolate_host\",\"parameters\":{\"host\":\"" + host + "\"}}");
    }

    private static String ask(Person who, String body) throws Exception {
        var action = who.calls().tree("requestAction", "/v1/actions", body, 201);
        assertThat(action.get("status").stringValue()).isEqualTo("awaiting_approval");
        return "/v1/actions/" + action.get("id").stringValue();
    }

    private static String status(String action) throws Exception {
        return people.admin().json("getAction", action, "").get("status").stringValue();
    }

    /** The link of the mail in which the word stands. */
    private static String link(String name, String word) throws Exception {
        var to = address(people, name);
        await().until(() -> post.to(to).stream().anyMatch(one -> one.text().contains(word)));
        var mail = post.to(to).stream()
                .filter(one -> one.text().contains(word))
                .findFirst()
                .orElseThrow();
        var found = LINK.matcher(mail.text());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static HttpResponse<byte[]> get(String link) throws Exception {
        return node.send(TestNode.Identity.NOBODY, "GET", link, "");
    }

    private static HttpResponse<byte[]> say(String link, Map<String, String> form) throws Exception {
        var answer = Post.form(node, link, form);
        Calls.check("sayApproval", answer);
        return answer;
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static void update(String sql, String... values) {
        OwnPlaybooks.update(node, people.tenant(), sql, values);
    }

    private static String host() {
        return "ws-" + ++number;
    }

    @Test
    void whoMayAgreeGetsALinkAndAgreesByItOnce() throws Exception {
        var ben = approver(people, "ben");
        people.person("dana", "auditor")
                .calls()
                .json(
                        "setInbox",
                        "/v1/inbox/setting",
                        "{\"mail\":false,\"approvals\":true,\"address\":\"dana@x.example\"}");
        var host = host();
        var action = ask(host);
        var link = link("ben", host);
        for (int i = 0; i < 5; i++) { // what looks at links in mails
            var page = get(link);
            Calls.check("showApproval", page);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(text(page)).contains(host, "Isolate a host", "Approve", "ann asks for this");
            assertThat(node.send(TestNode.Identity.NOBODY, "HEAD", link, "").statusCode())
                    .isEqualTo(405);
        }
        var headers = get(link).headers();
        assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'; style-src 'sha256-")
                .doesNotContain("script");
        assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(headers.firstValue("Cache-Control")).hasValue("no-store");
        assertThat(status(action)).isEqualTo("awaiting_approval");
        assertThat(say(link, Map.of("say", "approve")).statusCode())
                .as("high: has to be looked at")
                .isEqualTo(400);
        assertThat(say(link, Map.of("say", "refuse")).statusCode())
                .as("without a reason")
                .isEqualTo(400);
        assertThat(say(link, Map.of("say", "maybe")).statusCode()).isEqualTo(400);
        assertThat(status(action)).isEqualTo("awaiting_approval");
        var said = say(link, YES);
        assertThat(said.statusCode()).as(text(said)).isEqualTo(200);
        assertThat(text(said)).contains("You agreed");
        assertThat(status(action)).isEqualTo("requested");
        assertThat(say(link, YES).statusCode()).isEqualTo(409);
        assertThat(text(get(link)))
                .contains("You have answered by this link already")
                .doesNotContain("<form");
        var entries = people.audit("action:" + action.substring("/v1/actions/".length()));
        var agreed = entries.stream()
                .filter(one -> one.get("action").stringValue().equals("action.approve"))
                .toList();
        assertThat(agreed).hasSize(1);
        assertThat(agreed.getFirst().toString())
                .contains("user:" + ben.id(), "\"channel\":\"e-mail-link\"", "I rang them");
        assertThat(post.to(address(people, "ann")))
                .as("who asked cannot agree")
                .noneMatch(one -> one.text().contains(host));
        assertThat(post.to("dana@x.example")).as("an auditor cannot agree").isEmpty();
        assertThat(post.to(address(people, "ben")).getFirst().subject()).contains("Isolate a host", host);
    }

    @Test
    void aRefusalWithAReasonEndsIt() throws Exception {
        approver(people, "bob");
        var host = host();
        var action = ask(host);
        var link = link("bob", host);
        assertThat(say(link, Map.of("say", "refuse", "comment", "it is the till"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(status(action)).isEqualTo("refused");
        assertThat(say(link, YES).statusCode()).isEqualTo(409);
    }

    @Test
    void aCriticalActionTakesTwoPeopleWithALinkEach() throws Exception {
        approver(people, "cora");
        approver(people, "carl");
        var word = host();
        var action = people.admin().tree("requestAction", "/v1/actions", CRITICAL.formatted(word), 201);
        var path = "/v1/actions/" + action.get("id").stringValue();
        assertThat(action.get("consent").stringValue()).isEqualTo("two_people");
        var first = link("cora", word);
        var second = link("carl", word);
        assertThat(text(say(first, YES))).contains("One more person has to");
        assertThat(status(path)).isEqualTo("awaiting_approval");
        assertThat(say(first, YES).statusCode()).isEqualTo(409);
        assertThat(text(say(second, YES))).contains("It is being done");
        assertThat(status(path)).isEqualTo("requested");
    }

    private static final String CRITICAL =
            "{\"action\":\"run_script\",\"parameters\":{\"host\":\"%s\",\"sha256\":\"abababababababababababababababababababababababababababababababab\"}}";

    @Test
    void whatThePersonMayNowIsWhatCounts() throws Exception {
        var eve = approver(people, "eve");
        var host = host();
        var action = ask(host);
        var link = link("eve", host);
        people.admin().json("updateUser", eve.path(), "{\"role\":\"auditor\"}");
        assertThat(get(link).statusCode()).isEqualTo(403);
        assertThat(text(get(link))).doesNotContain(host);
        assertThat(say(link, YES).statusCode()).isEqualTo(403);
        people.admin().json("updateUser", eve.path(), "{\"role\":\"soc_analyst\",\"disabled\":true}");
        assertThat(say(link, YES).statusCode()).isEqualTo(403);
        people.admin().json("updateUser", eve.path(), "{\"disabled\":false}");
        assertThat(get(link).statusCode()).isEqualTo(200);
        update(
                "INSERT INTO second_factor_roles VALUES (?, 'soc_analyst')",
                people.tenant().id().value());
        try {
            assertThat(text(say(link, YES))).contains("second factor");
        } finally {
            update(
                    "DELETE FROM second_factor_roles WHERE tenant_id = ?",
                    people.tenant().id().value());
        }
        update(
                "UPDATE actions SET requested_by = ? WHERE tenant_id = ? AND action_id = ?::uuid",
                "user:" + eve.id(),
                people.tenant().id().value(),
                id(action));
        assertThat(text(say(link, YES))).contains("Whoever asked for it cannot agree to it");
        assertThat(status(action)).isEqualTo("awaiting_approval");
    }

    private static String id(String action) {
        return action.substring("/v1/actions/".length());
    }

    @Test
    void whatWasChangedOrIsTooLateIsNotAgreedTo() throws Exception {
        var finn = approver(people, "finn");
        var host = host();
        var action = ask(host);
        var link = link("finn", host);
        var tenant = people.tenant().id().value();
        var which = " WHERE tenant_id = ? AND action_id = ?::uuid";
        var hash = people.admin()
                .json("getAction", action, "")
                .get("parameters_hash")
                .stringValue();
        update("UPDATE actions SET parameters_hash = 'other'" + which, tenant, id(action));
        assertThat(text(get(link)))
                .contains("not those that you were asked about")
                .doesNotContain("<form");
        assertThat(say(link, YES).statusCode()).isEqualTo(409);
        update("UPDATE actions SET parameters_hash = ?" + which, hash, tenant, id(action));
        update("UPDATE actions SET expires_at = now()" + which, tenant, id(action));
        assertThat(text(say(link, YES))).contains("The time to agree is over");
        update("UPDATE actions SET expires_at = now() + interval '1 day'" + which, tenant, id(action));
        // A row that somebody wrote into the database is no link: only the vault's key makes one.
        var other = people.person("fritz", "soc_analyst");
        update(
                "UPDATE approval_links SET user_id = ?::uuid WHERE tenant_id = ? AND user_id = ?::uuid",
                other.id(),
                tenant,
                finn.id());
        assertThat(say(link, YES).statusCode()).isEqualTo(404);
        update(
                "UPDATE approval_links SET user_id = ?::uuid WHERE tenant_id = ? AND user_id = ?::uuid",
                finn.id(),
                tenant,
                other.id());
        var late = TestRespond.links(node.database, node.vault, InstantSource.offset(node.clock, Duration.ofDays(2)));
        assertThat(late.find(link.substring("/approve/".length()))).isNotNull();
        assertThat(status(action)).isEqualTo("awaiting_approval");
        assertThat(say(link, YES).statusCode()).isEqualTo(200);
    }

    @Test
    void noOtherTextIsALink() throws Exception {
        approver(people, "gus");
        var host = host();
        var action = ask(host);
        var text = link("gus", host).substring("/approve/".length());
        var other = tenant("with-other-approvals").tenant();
        assertThat(get("/approve/" + text.replaceFirst("^[^.]+", other.id().value()))
                        .statusCode())
                .as("under another tenant's name")
                .isEqualTo(404);
        var links = TestRespond.links(node.database, node.vault, node.clock);
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("ApprovalLinkTest: -Dmarsad.seed=" + seed);
        var random = new Random(seed);
        var letters = "ABCXYZabcxyz0189-_.";
        for (int i = 0; i < 3_000; i++) {
            var chars = new StringBuilder(text);
            int at = random.nextInt(chars.length());
            switch (random.nextInt(3)) {
                case 0 -> chars.setCharAt(at, letters.charAt(random.nextInt(letters.length())));
                case 1 -> chars.deleteCharAt(at);
                default -> chars.insert(at, letters.charAt(random.nextInt(letters.length())));
            }
            if (!chars.toString().equals(text)) {
                assertThat(links.find(chars.toString()))
                        .as("seed %d: %s", seed, chars)
                        .isNull();
                if (i % 40 == 0) {
                    assertThat(say("/approve/" + chars, YES).statusCode())
                            .as("seed %d", seed)
                            .isEqualTo(404);
                }
            }
        }
        assertThat(links.find(text)).isNotNull();
        assertThat(status(action)).isEqualTo("awaiting_approval");
    }

    @Test
    void attackersWordsAreOnlyShown() throws Exception {
        approver(people, "hal");
        var host = host();
        ask("<img src=x onerror=alert(1)>\\u202e" + host);
        var page = text(get(link("hal", host)));
        assertThat(page)
                .contains("&lt;img src=x onerror=alert(1)&gt;&lt;U+202E&gt;" + host)
                .doesNotContain("<img", "\u202e");
        assertThat(post.to(address(people, "hal")).getFirst().text()).contains("<U+202E>" + host);
    }

    @Test
    void aFormOfAnotherSiteIsNotTaken() throws Exception {
        approver(people, "ida");
        var host = host();
        var action = ask(host);
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + node.server.port() + link("ida", host)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", "cross-site")
                .POST(HttpRequest.BodyPublishers.ofString("say=approve&seen=on"))
                .build();
        assertThat(node.client
                        .send(request, HttpResponse.BodyHandlers.ofByteArray())
                        .statusCode())
                .isEqualTo(403);
        assertThat(node.send(TestNode.Identity.NOBODY, "POST", link("ida", host), "{}")
                        .statusCode())
                .isEqualTo(415);
        assertThat(status(action)).isEqualTo("awaiting_approval");
    }
}
