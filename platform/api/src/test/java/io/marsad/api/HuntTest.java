package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.identity.Role;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Hunts over HTTP: every answer is held to the contract. */
class HuntTest {
    private static final String BODY =
            "{\"rule\":\"title: T\\nlogsource: {category: process_creation}\\ndetection: {seen: {Marker: x}, condition: seen}\"}";

    @Test
    void everybodyOfTheTenantSeesWhoStartedAHunt() throws Exception {
        var node = TestNode.shared();
        var tenant = node.tenant("hunter-tenant");
        var other = node.tenant("other-hunter-tenant");
        var token = new Calls(node, tenant.byToken());
        var analyst = new Calls(node, node.signIn(tenant.id(), Role.SOC_ANALYST));

        var own = analyst.tree("startHunt", "/v1/hunts", BODY, 202);
        assertThat(own.get("created_by").asString()).startsWith("user:");
        assertThat(own.get("created_by_name").asString()).isEqualTo(Role.SOC_ANALYST.word());
        var ofToken = token.tree("startHunt", "/v1/hunts", BODY, 202);
        assertThat(ofToken.get("created_by_name").asString()).isEqualTo("hunter-tenant-token");
        assertThat(token.json("getHunt", "/v1/hunts/" + own.get("id").asString(), "")
                        .get("created_by_name")
                        .asString())
                .isEqualTo(Role.SOC_ANALYST.word());

        // Whoever is none of the tenant's has no name here.
        var stranger = new Caller(tenant.id(), "token:" + other.tokenId(), Set.of("*"));
        CallerScope.runAs(
                stranger, () -> node.hunts.start(node.hunts.list().getFirst().asked()));
        JsonNode all = analyst.json("listHunts", "/v1/hunts", "").get("hunts");
        assertThat(all.valueStream().map(hunt -> hunt.get("created_by_name").asString()))
                .containsExactly("token:" + other.tokenId(), "hunter-tenant-token", Role.SOC_ANALYST.word());
    }
}
