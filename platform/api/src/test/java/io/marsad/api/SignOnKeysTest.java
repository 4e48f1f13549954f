package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestProvider.Reply;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Sessions;
import io.marsad.soc.identity.sso.Arrival;
import io.marsad.soc.identity.sso.ProviderSettings;
import io.marsad.soc.identity.sso.SignOn;
import io.marsad.soc.identity.sso.SingleSignOn;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a provider's keys are believed: the clock is the test's own. */
class SignOnKeysTest {
    private static final String CALLBACK = "https://soc.example/v1/auth/callback";
    private static int tenants;

    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = time::get;
    private TestNode node;
    private TestProvider provider;
    private TenantId tenant;
    private SignOn signOn;
    private UUID id;

    @BeforeEach
    void fresh() throws Exception {
        node = TestNode.shared();
        provider = TestProvider.start();
        tenant = node.tenant("sign-keys-" + tenants++).id();
        var sessions = new Sessions(node.database, clock, node.random);
        signOn = SignOn.open(node.database, node.vault, sessions, TestProvider.GUARD, clock, node.random);
        provider.client("c", "", CALLBACK);
        provider.bend(claims -> {
            var bent = new LinkedHashMap<>(claims);
            bent.put("iat", time.get().getEpochSecond());
            bent.put("exp", time.get().getEpochSecond() + 60);
            return bent;
        });
        var settings =
                new ProviderSettings("P", provider.issuer(), "c", List.of(), "groups", "auditor", List.of(), true);
        id = CallerScope.callAs(
                        Caller.system(tenant, "test"), () -> signOn.providers().create(settings, null))
                .id();
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private void pass(Duration some) {
        time.set(time.get().plus(some));
    }

    /** "in", or why not. */
    private String signIn() throws Exception {
        var begun = signOn.signing().begin(tenant, id, CALLBACK, "/", "here");
        var asked = HttpRequest.newBuilder(URI.create(begun.address())).build();
        var back = node.client.send(asked, HttpResponse.BodyHandlers.discarding());
        var query = TestProvider.form(
                URI.create(back.headers().firstValue("Location").orElseThrow()).getRawQuery());
        var returned =
                new SingleSignOn.Returned(query.getOrDefault("state", ""), query.get("code"), null, query.get("iss"));
        return switch (signOn.signing().complete(returned, begun.cookie(), new Sessions.Device("here", "test"))) {
            case Arrival.SignedIn _ -> "in";
            case Arrival.Refused refused -> refused.reason().word();
        };
    }

    @Test
    void keysAreAskedForOnceInAWhileOnly() throws Exception {
        assertThat(signIn()).isEqualTo("in");
        assertThat(signIn()).isEqualTo("in");
        assertThat(provider.asked("/keys")).isEqualTo(1);
        assertThat(provider.asked("/discovery")).isEqualTo(1);
        pass(Duration.ofMinutes(16));
        assertThat(signIn()).isEqualTo("in");
        assertThat(provider.asked("/keys")).isEqualTo(2);
    }

    @Test
    void aKeyThatIsNotKnownHasThemAskedForAgainButNotAllTheTime() throws Exception {
        assertThat(signIn()).isEqualTo("in");
        pass(Duration.ofMinutes(1));
        provider.rotate();
        assertThat(signIn()).isEqualTo("in");
        assertThat(provider.asked("/keys")).isEqualTo(2);
        provider.sign((keys, claims) -> keys.sign("RS256", claims, Map.of("kid", "nobody")));
        for (int i = 0; i < 5; i++) {
            assertThat(signIn()).isEqualTo("invalid");
        }
        assertThat(provider.asked("/keys")).isEqualTo(2);
        pass(Duration.ofSeconds(31));
        assertThat(signIn()).isEqualTo("invalid");
        assertThat(signIn()).isEqualTo("invalid");
        assertThat(provider.asked("/keys")).isEqualTo(3);
    }

    @Test
    void anOutageIsSurvivedForSomeHours() throws Exception {
        assertThat(signIn()).isEqualTo("in");
        provider.instead("/keys", Reply.json(500, ""));
        provider.instead("/discovery", Reply.json(500, ""));
        pass(Duration.ofHours(2));
        assertThat(signIn()).isEqualTo("in");
        provider.itself("/discovery");
        pass(Duration.ofHours(3));
        assertThat(signIn()).isEqualTo("unavailable");
        provider.itself("/keys");
        assertThat(signIn()).isEqualTo("unavailable"); // it is not asked again at once
        pass(Duration.ofSeconds(11));
        assertThat(signIn()).isEqualTo("in");
    }

    @Test
    void aSignInWaitsTenMinutes() throws Exception {
        var begun = signOn.signing().begin(tenant, id, CALLBACK, "/", "here");
        var state = TestProvider.form(URI.create(begun.address()).getRawQuery()).getOrDefault("state", "");
        pass(Duration.ofMinutes(11));
        var late = signOn.signing()
                .complete(
                        new SingleSignOn.Returned(state, "x", null, provider.issuer()),
                        begun.cookie(),
                        new Sessions.Device("here", "test"));
        assertThat(late).isEqualTo(new Arrival.Refused(Arrival.Reason.STALE, List.of()));
    }

    @Test
    void theOldestOfOneAddressGiveWay() throws Exception {
        var first = signOn.signing().begin(tenant, id, CALLBACK, "/", "here");
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(1));
            signOn.signing().begin(tenant, id, CALLBACK, "/", "here");
        }
        var state = TestProvider.form(URI.create(first.address()).getRawQuery()).getOrDefault("state", "");
        var late = signOn.signing()
                .complete(
                        new SingleSignOn.Returned(state, "x", null, provider.issuer()),
                        first.cookie(),
                        new Sessions.Device("here", "test"));
        assertThat(late).isEqualTo(new Arrival.Refused(Arrival.Reason.STALE, List.of()));
    }
}
