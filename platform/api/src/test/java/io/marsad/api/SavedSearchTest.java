package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.http.Json;
import io.marsad.soc.identity.Role;
import io.marsad.soc.search.SavedViews;
import io.marsad.soc.search.SearchHistory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Views under a name, private or shared, and what each person asked lately. */
class SavedSearchTest {
    private static final String VIEWS = "/v1/views";

    private static Calls analyst;
    private static Calls other;
    private static Calls admin;
    private static Calls auditor;

    @BeforeAll
    static void start() throws Exception {
        var node = TestNode.shared();
        var tenant = node.tenant("saved-search-tenant");
        node.event(tenant.id(), "alpha");
        analyst = new Calls(node, node.signIn(tenant.id(), Role.SOC_ANALYST));
        admin = new Calls(node, node.signIn(tenant.id(), Role.TENANT_ADMIN));
        auditor = new Calls(node, node.signIn(tenant.id(), Role.AUDITOR));
        node.accounts.create(tenant.id(), "second", TestNode.PASSWORD, Role.SOC_ANALYST, "system:test");
        other = new Calls(node, node.signIn(tenant.id(), "second", "second"));
    }

    private static String view(String name, String more) {
        return "{\"name\":\"" + name + "\",\"query\":\"alpha\"" + more + "}";
    }

    private static JsonNode create(Calls as, String body) throws Exception {
        return Json.tree(as.send("createView", VIEWS, body, 201).body());
    }

    private static String path(JsonNode view) {
        return VIEWS + "/" + view.get("id").stringValue();
    }

    private static List<String> names(Calls as) throws Exception {
        var names = new ArrayList<String>();
        as.json("listViews", VIEWS, "")
                .get("views")
                .forEach(view -> names.add(view.get("name").stringValue()));
        return names;
    }

    @Test
    void aViewIsKeptAsItWasSaved() throws Exception {
        var made = create(
                analyst,
                view(
                        "Whole",
                        ",\"description\":\"why\",\"rule\":\"" + TestNode.RULE + "\",\"last\":\"7d\","
                                + "\"columns\":[\"host\",\"process.cmd_line\"],\"display\":\"chart\""));
        var read = analyst.json("getView", path(made), "");
        assertThat(read).isEqualTo(made);
        assertThat(read.get("columns").get(1).stringValue()).isEqualTo("process.cmd_line");
        assertThat(read.get("owner").stringValue()).isEqualTo("soc_analyst");
        assertThat(read.get("mine").booleanValue()).isTrue();
        assertThat(read.get("version").intValue()).isEqualTo(1);
        var range = ",\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-02T00:00:00Z\"";
        assertThat(create(analyst, view("Range", range)).get("from").stringValue())
                .isEqualTo("2026-01-01T00:00:00.000Z");
        assertThat(analyst.problem("createView", VIEWS, view("WHOLE", ""), 409)).isEqualTo("name-taken");
        analyst.send("createView", VIEWS, view("No range", ",\"last\":\"yesterday\""), 400);
        analyst.send("createView", VIEWS, view("No range", ",\"from\":\"2026-01-01T00:00:00Z\""), 400);
        analyst.send("createView", VIEWS, view("No rule", ",\"rule\":\"nobodys\""), 404);
        analyst.send("createView", VIEWS, "{\"name\":\"Wrong\",\"query\":\"* | stats cuont\"}", 400);
        analyst.send("createView", VIEWS, view(" ", ""), 400);
        auditor.send("createView", VIEWS, view("Auditor's", ""), 403);
    }

    @Test
    void privateViewsAreTheirOwnersAndSharedOnesAreChangedByOwnerAndManager() throws Exception {
        var mine = create(analyst, view("Private thing", ""));
        assertThat(names(other)).doesNotContain("Private thing");
        other.send("getView", path(mine), "", 404);
        admin.send("deleteView", path(mine), "", 404);

        var shared = create(analyst, view("Shared thing", ",\"shared\":true"));
        assertThat(names(auditor)).contains("Shared thing");
        var seen = other.json("getView", path(shared), "");
        assertThat(seen.get("mine").booleanValue()).isFalse();
        assertThat(seen.get("editable").booleanValue()).isFalse();
        other.send("updateView", path(shared), view("Taken over", ",\"shared\":true,\"version\":1"), 403);
        other.send("deleteView", path(shared), "", 403);
        auditor.send("deleteView", path(shared), "", 403);
        var managed = admin.json("updateView", path(shared), view("Managed thing", ",\"shared\":true,\"version\":1"));
        assertThat(managed.get("owner").stringValue()).isEqualTo("soc_analyst");
        assertThat(managed.get("version").intValue()).isEqualTo(2);
        admin.send("updateView", path(shared), view("Hidden", ",\"version\":2"), 403);
        // The owner looked before the manager changed it.
        assertThat(analyst.problem("updateView", path(shared), view("Late", ",\"shared\":true,\"version\":1"), 409))
                .isEqualTo("changed-meanwhile");
        analyst.json("updateView", path(shared), view("In time", ",\"version\":2"));
        admin.send("getView", path(shared), "", 404);
        analyst.send("deleteView", path(shared), "", 204);
        analyst.send("getView", path(shared), "", 404);
    }

    @Test
    void aPersonHasSoManyViews() throws Exception {
        var node = TestNode.shared();
        var tenant = node.tenant("many-views-tenant");
        var calls = new Calls(node, tenant.byToken());
        node.database.inTenant(tenant.id(), connection -> {
            try (var insert = connection.prepareStatement("INSERT INTO saved_views (tenant_id, view_id, owner, name,"
                    + " name_key, description, query, columns, display, shared, created_at, updated_at, version)"
                    + " SELECT ?, gen_random_uuid(), ?, n::text, n::text, '', '', '{}', 'events', false, now(), now(), 1"
                    + " FROM generate_series(1, ?) n")) {
                insert.setString(1, tenant.id().value());
                insert.setString(2, "token:" + tenant.tokenId());
                insert.setInt(3, SavedViews.MOST_OF_OWNER);
                return insert.executeUpdate();
            }
        });
        assertThat(calls.problem("createView", VIEWS, view("One more", ""), 409))
                .isEqualTo("too-many-views");
        assertThat(names(calls)).hasSize(SavedViews.MOST_OF_OWNER);
    }

    private static List<JsonNode> history(Calls as) throws Exception {
        var entries = new ArrayList<JsonNode>();
        as.json("listSearchHistory", "/v1/search-history?limit=200", "")
                .get("entries")
                .forEach(entries::add);
        return entries;
    }

    @Test
    void questionsAreRememberedOncePerPersonTheNewestFirst() throws Exception {
        for (var query : List.of("alpha", "* | stats count by host", "alpha")) {
            var before = history(analyst);
            analyst.query("{\"query\":\"" + query + "\"}");
            await().until(() -> !history(analyst).equals(before));
        }
        analyst.query("{\"query\":\"host = unremembered\",\"remember\":false}");
        analyst.query("{\"query\":\"\"}");
        var entries = history(analyst);
        assertThat(entries).hasSize(2);
        var first = entries.getFirst();
        assertThat(first.get("query").stringValue()).isEqualTo("alpha");
        assertThat(first.get("runs").intValue()).isEqualTo(2);
        assertThat(first.get("rows").intValue()).isEqualTo(1);
        assertThat(first.get("outcome").stringValue()).isEqualTo("done");
        assertThat(first.get("took_ms").doubleValue()).isPositive();
        assertThat(history(other)).isEmpty();
        analyst.send("clearSearchHistory", "/v1/search-history", "", 204);
        assertThat(history(analyst)).isEmpty();
    }

    @Test
    void onlyTheNewestQuestionsAreKept() throws Exception {
        var node = TestNode.shared();
        var tenant = node.tenant("long-history-tenant");
        var calls = new Calls(node, tenant.byToken());
        node.database.inTenant(tenant.id(), connection -> {
            try (var insert =
                    connection.prepareStatement("INSERT INTO search_history (tenant_id, owner, entry_id, query,"
                            + " from_time, to_time, at, runs, took_ms, found, scanned_events, scanned_bytes, outcome)"
                            + " SELECT ?, ?, gen_random_uuid(), n::text, now(), now(), now() - n * interval '1 minute', 1, 1, 1, 1,"
                            + " 1, 'done' FROM generate_series(1, ?) n")) {
                insert.setString(1, tenant.id().value());
                insert.setString(2, "token:" + tenant.tokenId());
                insert.setInt(3, SearchHistory.KEPT);
                return insert.executeUpdate();
            }
        });
        calls.query("{\"query\":\"alpha\"}");
        await().until(() -> history(calls).getFirst().get("query").stringValue().equals("alpha"));
        var entries = history(calls);
        assertThat(entries).hasSize(SearchHistory.KEPT);
        assertThat(entries.getLast().get("query").stringValue()).isEqualTo(Integer.toString(SearchHistory.KEPT - 1));
    }
}
