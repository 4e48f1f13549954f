package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Lists behind {@code lookup}: the tenant's own and the installation's. */
class ListsTest {
    @Test
    void aTenantAsksItsOwnListsAndTheInstallationsAndNobodyElses() throws Exception {
        var node = TestNode.shared();
        var own = node.tenant("list-tenant");
        var other = node.tenant("listless-tenant");
        node.event(own.id(), "alpha");
        node.event(other.id(), "alpha");
        var mine = new Calls(node, own.byToken());
        var theirs = new Calls(node, other.byToken());
        for (var list : new String[] {"own", "assets"}) {
            var lines =
                    mine.query("{\"query\":\"* | lookup " + list + " on host output owner as o | stats count by o\"}");
            var row = lines.get(lines.size() - 2).at("/rows/0");
            assertThat(row.get(0).stringValue()).isEqualTo(list.equals("own") ? "own" : "all");
            assertThat(row.get(1).intValue()).isEqualTo(1);
        }
        var refused = "{\"query\":\"* | lookup own on host\"}";
        assertThat(theirs.problem("queryEvents", "/v1/events/query", refused, 400))
                .isEqualTo("invalid-query");
        assertThat(names(mine)).contains("assets", "own");
        assertThat(names(theirs)).contains("assets").doesNotContain("own");
    }

    private static String names(Calls calls) throws Exception {
        return calls.json("completeQuery", "/v1/events/complete", "{\"query\":\"* | lookup \",\"position\":11}")
                .get("candidates")
                .toString();
    }
}
