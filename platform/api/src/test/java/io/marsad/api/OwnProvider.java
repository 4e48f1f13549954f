package io.marsad.api;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.contract.Operation;
import io.marsad.api.http.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the isolation test needs of sign-in providers: a tenant's own, somebody who came by one, and somebody who comes. */
final class OwnProvider {
    private static final Set<String> KNOWN = Set.of("beginProviderSignIn", "endProviderSignIn");

    private OwnProvider() {}

    /**
     * Ids of two providers in which the word stands; somebody came by the first, and somebody else is on the way. Both are
     * off then: the names of those that are on are for everybody who asks for the tenant's.
     */
    static List<String> things(TestNode node, Tenant tenant, String word) throws Exception {
        try (var provider = TestProvider.start(word)) {
            var browser = new SignOnBrowser(node, provider, tenant);
            var more = "\"scopes\":[\"%1$s\"],\"groups_claim\":\"%1$s\",\"default_role\":\"%1$sheld\",".formatted(word)
                    + "\"groups\":[{\"group\":\"%1$s\",\"role\":\"%1$sheld\"}]".formatted(word);
            var id = browser.register(word + 0, more);
            provider.person(Map.of("sub", word, "preferred_username", word + " outside"));
            browser.signIn();
            browser.begin("/" + word);
            var off = browser.body(word + 0, "", more + ",\"enabled\":false").replace("marsad client", word);
            browser.admin().tree("updateProvider", "/v1/identity-providers/" + id, off, 200);
            var other = node.send(tenant.byToken(), "POST", "/v1/identity-providers", body(word + 1));
            return List.of(id, Json.tree(other.body()).get("id").stringValue());
        }
    }

    static String body(String word) {
        return "{\"name\":\"%1$s\",\"issuer\":\"https://127.0.0.1:9/%1$s\",\"client_id\":\"%1$s\",\"enabled\":false}"
                .formatted(word);
    }

    static boolean knows(Operation operation) {
        return KNOWN.contains(operation.id());
    }

    static boolean succeeds(TestNode node, Tenant tenant, Operation operation) throws Exception {
        try (var provider = TestProvider.start(operation.id())) {
            var browser = new SignOnBrowser(node, provider, tenant);
            browser.register("isolation " + operation.id(), "\"default_role\":\"auditor\"");
            provider.person(Map.of("sub", operation.id()));
            return browser.signIn().identity() != Identity.NOBODY;
        }
    }
}
