package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestIntel.Reply;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Feeds that are fetched, from a server on this machine. */
class IntelFeedTest {
    private static final String FEEDS = "/v1/intel-feeds";
    private static TestNode node;

    @BeforeAll
    static void open() throws Exception {
        node = TestNode.shared();
    }

    @Test
    void whatAFeedListsIsListedUntilItListsItNoMore() throws Exception {
        var calls = calls("fetched");
        TestIntel.REPLIES.put("/drop", new Reply(200, "203.0.113.0/24\nbad.example\nworse.example\nnothing here\n"));
        var own = calls.tree("putIndicator", "/v1/indicators", "{\"value\":\"worse.example\",\"confidence\":5}", 201);
        var feed = calls.tree("createIntelFeed", FEEDS, body("drop", "/drop"), 201);
        assertThat(feed.get("state").stringValue()).isEqualTo("waiting");

        TestIntel.fetch();

        var now = feed(calls, feed);
        assertThat(now.get("state").stringValue()).as(now.toString()).isEqualTo("ok");
        assertThat(now.get("indicators").intValue()).isEqualTo(3);
        assertThat(now.get("faults").get(0).stringValue()).contains(":4: ");
        assertThat(states(calls))
                .containsEntry("203.0.113.0/24", "active 60 drop")
                .containsEntry("bad.example", "active 60 drop")
                .containsEntry("worse.example", "active 5 analyst");
        assertThat(own.get("version").intValue()).isEqualTo(1);

        // The same again: nothing new, nothing changed.
        soon(calls, feed);
        assertThat(TestIntel.asked("/drop")).isEqualTo(2);
        assertThat(feed(calls, feed).get("indicators").intValue()).isEqualTo(3);

        // What somebody revokes stays revoked; what the feed lists no more ends, the network comes back when it does.
        var bad = one(calls, "bad.example");
        calls.tree(
                "updateIndicator",
                "/v1/indicators/" + bad.get("id").stringValue(),
                "{\"revoked\":true,\"version\":1}",
                200);
        TestIntel.REPLIES.put("/drop", new Reply(200, "bad.example\nnew.example\n"));
        soon(calls, feed);
        assertThat(states(calls))
                .containsEntry("203.0.113.0/24", "expired 60 drop")
                .containsEntry("bad.example", "revoked 60 drop")
                .containsEntry("new.example", "active 60 drop")
                .containsEntry("worse.example", "active 5 analyst");
        TestIntel.REPLIES.put("/drop", new Reply(200, "203.0.113.0/24\nnew.example\n"));
        soon(calls, feed);
        assertThat(states(calls)).containsEntry("203.0.113.0/24", "active 60 drop");

        // Deleted: what it listed ends, one's own stays.
        calls.send("deleteIntelFeed", FEEDS + "/" + id(feed), "", 204);
        assertThat(states(calls))
                .containsEntry("203.0.113.0/24", "expired 60 drop")
                .containsEntry("new.example", "expired 60 drop")
                .containsEntry("worse.example", "active 5 analyst");
    }

    @Test
    void aFeedThatFailsSaysSoAndKeepsWhatItListed() throws Exception {
        var calls = calls("failing");
        TestIntel.REPLIES.put("/flaky", new Reply(200, "bad.example\n"));
        var feed = calls.tree("createIntelFeed", FEEDS, body("flaky", "/flaky"), 201);
        TestIntel.fetch();
        for (var reply : new Reply[] {
            new Reply(500, "<html>"), new Reply(200, "<html>down for repair</html>"), new Reply(200, "")
        }) {
            TestIntel.REPLIES.put("/flaky", reply);
            soon(calls, feed);
            var now = feed(calls, feed);
            assertThat(now.get("state").stringValue()).isEqualTo("failing");
            assertThat(now.get("failure").stringValue()).isNotBlank();
            assertThat(states(calls)).containsEntry("bad.example", "active 60 flaky");
        }
        TestIntel.REPLIES.put("/flaky", new Reply(200, "bad.example\n"));
        soon(calls, feed);
        assertThat(feed(calls, feed).get("state").stringValue()).isEqualTo("ok");
    }

    @Test
    void oneOfManyFetchesItOnce() throws Exception {
        var calls = calls("once");
        TestIntel.REPLIES.put("/once", new Reply(200, "bad.example\n"));
        calls.tree("createIntelFeed", FEEDS, body("once", "/once"), 201);
        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                threads.submit(() -> {
                    TestIntel.fetch();
                    return true;
                });
            }
        }
        assertThat(TestIntel.asked("/once")).isEqualTo(1);
    }

    @Test
    void whatIsNoFeedIsRefused() throws Exception {
        var calls = calls("refused");
        for (var url : new String[] {
            "http://192.0.2.1/x", "https://10.0.0.1/x", "file:///etc/passwd", "no address", "https://u:p@example.org/"
        }) {
            var body = "{\"name\":\"x\",\"url\":\"" + url + "\",\"format\":\"csv\",\"minutes\":60}";
            assertThat(calls.problem("createIntelFeed", FEEDS, body, 400))
                    .as(url)
                    .isEqualTo("invalid-feed");
        }
        calls.tree("createIntelFeed", FEEDS, body("twice", "/twice"), 201);
        assertThat(calls.problem("createIntelFeed", FEEDS, body("twice", "/twice"), 409))
                .isEqualTo("name-taken");
    }

    @Test
    void aServiceIsTestedOfItsBudgetAndADryRunSaysWhatWouldBe() throws Exception {
        var calls = calls("tried");
        assertThat(calls.problem("testIntelSource", "/v1/intel-sources/greynoise/test", "", 400))
                .isEqualTo("service-off");
        var set = "{\"enabled\":true,\"per_minute\":1,\"per_day\":9,\"key\":\"k\"}";
        calls.tree("updateIntelSource", "/v1/intel-sources/greynoise", set, 200);
        var first = calls.tree("testIntelSource", "/v1/intel-sources/greynoise/test", "", 200);
        assertThat(first.get("setting").get("used_today").intValue()).isEqualTo(1);
        var second = calls.tree("testIntelSource", "/v1/intel-sources/greynoise/test", "", 200);
        assertThat(second.get("answered").booleanValue()).isFalse();
        assertThat(second.get("failure").stringValue()).contains("budget");

        calls.tree("putIndicator", "/v1/indicators", "{\"value\":\"bad.example\"}", 201);
        var text = "bad.example\\n198.51.100.0/24\\n8.8.8.0/24\\n0.0.0.0/1\\n";
        var dry = calls.tree(
                "importIndicators",
                "/v1/indicators/import",
                "{\"format\":\"list\",\"source\":\"f\",\"dry_run\":true,\"text\":\"" + text + "\"}",
                200);
        assertThat(dry.get("added").intValue()).isEqualTo(2);
        assertThat(dry.get("changed").intValue()).isEqualTo(1);
        assertThat(dry.get("warned").intValue()).isEqualTo(1);
        assertThat(dry.get("faults").get(0).stringValue()).contains("too wide");
        assertThat(dry.get("lines")).hasSize(3);
        assertThat(states(calls)).containsOnlyKeys("bad.example");
    }

    private static void soon(Calls calls, JsonNode feed) throws Exception {
        calls.tree("fetchIntelFeed", FEEDS + "/" + id(feed) + "/fetch", "", 202);
        TestIntel.fetch();
    }

    private static String body(String name, String path) {
        return "{\"name\":\"" + name + "\",\"url\":\"" + TestIntel.address(path)
                + "\",\"format\":\"list\",\"minutes\":60}";
    }

    private static String id(JsonNode feed) {
        return feed.get("id").stringValue();
    }

    private static JsonNode feed(Calls calls, JsonNode feed) throws Exception {
        for (var one : calls.tree("listIntelFeeds", FEEDS, "", 200).get("feeds")) {
            if (id(one).equals(id(feed))) {
                return one;
            }
        }
        throw new AssertionError("the feed is gone");
    }

    private static JsonNode one(Calls calls, String value) throws Exception {
        for (var one : calls.tree("listIndicators", "/v1/indicators", "", 200).get("indicators")) {
            if (one.get("value").stringValue().equals(value)) {
                return one;
            }
        }
        throw new AssertionError(value + " is not listed");
    }

    private static Map<String, String> states(Calls calls) throws Exception {
        var states = new HashMap<String, String>();
        for (var one : calls.tree("listIndicators", "/v1/indicators", "", 200).get("indicators")) {
            states.put(
                    one.get("value").stringValue(),
                    one.get("state").stringValue() + " " + one.get("confidence").intValue() + " "
                            + one.get("source").stringValue());
        }
        return states;
    }

    private static Calls calls(String tenant) throws Exception {
        return new Calls(node, node.tenant("feeds-" + tenant).byToken());
    }
}
