package io.marsad.soc.identity.sso;

import io.marsad.kernel.problem.Problem;
import io.marsad.soc.identity.jose.KeySet;
import io.marsad.soc.identity.jose.SignatureAlgorithm;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * Tries a provider's configuration without signing anybody in: asks the provider itself at every step, and uses nothing that
 * is remembered. Thread-safe.
 */
public final class ProviderTest {
    private static final int AT_ONCE = 4;

    private final Providers providers;
    private final ProviderHttp http;
    private final SecureRandom random;
    private final Semaphore room = new Semaphore(AT_ONCE);

    ProviderTest(Providers providers, Outside outside, SecureRandom random) {
        this.providers = providers;
        this.http = outside.http();
        this.random = random;
    }

    /** What is looked at, in this order. */
    public enum What {
        DISCOVERY,
        KEYS,
        ALGORITHMS,
        PKCE,
        REDIRECT_URI,
        CLIENT;

        /** As the API writes it: {@code redirect_uri}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a step went. */
    public enum Outcome {
        OK,
        /** Nothing contradicts, but the provider does not say. */
        UNCERTAIN,
        FAILED,
        /** Not tried, because one before failed. */
        SKIPPED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param detail for people: what was seen, and what helps */
    public record Step(What what, Outcome outcome, String detail) {}

    /**
     * Looks at a provider of the caller's tenant.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 429
     */
    public List<Step> run(UUID id, String redirectUri) {
        var known = providers.known(id);
        if (!room.tryAcquire()) {
            throw Problem.overloaded("Other providers are being tested; try again.")
                    .asException();
        }
        var steps = new ArrayList<Step>();
        try {
            steps(known, redirectUri, steps);
        } catch (ProviderFault e) {
            steps.add(new Step(What.values()[steps.size()], Outcome.FAILED, e.reason()));
        } finally {
            room.release();
        }
        for (int i = steps.size(); i < What.values().length; i++) {
            steps.add(new Step(What.values()[i], Outcome.SKIPPED, "Not tried: the step before has to work first."));
        }
        return steps;
    }

    private void steps(Providers.Known known, String redirectUri, List<Step> steps) throws ProviderFault {
        var issuer = known.provider().settings().issuer();
        var discovery = KnownProvider.fetchDiscovery(http, issuer);
        steps.add(new Step(What.DISCOVERY, Outcome.OK, Discovery.address(issuer) + " is of this issuer."));
        var keys = KnownProvider.fetchKeys(http, discovery.keys());
        steps.add(new Step(What.KEYS, Outcome.OK, described(keys) + " at " + discovery.keys() + "."));
        steps.add(algorithms(discovery));
        steps.add(pkce(discovery));
        steps.add(redirect(discovery, known.provider().settings(), redirectUri));
        steps.add(client(discovery, known, redirectUri));
    }

    private static String described(KeySet keys) {
        int size = keys.keys().size();
        return size == 1
                ? "One key that signatures are checked with is"
                : size + " keys that signatures are checked with are";
    }

    private static Step algorithms(Discovery discovery) {
        var ours = Arrays.stream(SignatureAlgorithm.values())
                .map(SignatureAlgorithm::word)
                .toList();
        var common = discovery.algorithms().stream().filter(ours::contains).toList();
        if (discovery.algorithms().isEmpty()) {
            return new Step(What.ALGORITHMS, Outcome.UNCERTAIN, "It does not say how it signs ID tokens.");
        }
        return common.isEmpty()
                ? new Step(
                        What.ALGORITHMS,
                        Outcome.FAILED,
                        "It signs with none of " + String.join(", ", ours) + ". Let it sign with RS256.")
                : new Step(What.ALGORITHMS, Outcome.OK, "It can sign with " + String.join(", ", common) + ".");
    }

    private static Step pkce(Discovery discovery) {
        if (discovery.challenges().contains("S256")) {
            return new Step(What.PKCE, Outcome.OK, "It takes proof keys (S256).");
        }
        return new Step(
                What.PKCE,
                Outcome.UNCERTAIN,
                "It does not say that it takes proof keys (S256). They are sent all the same.");
    }

    /** Asks for a sign-in that must show no page: a provider that knows the address sends the browser back to it. */
    private Step redirect(Discovery discovery, ProviderSettings settings, String redirectUri) throws ProviderFault {
        var secret = PendingSignIns.secret(random);
        var pending = new PendingSignIns.Pending(new UUID(0, 0), settings.issuer(), secret, secret, redirectUri, "/");
        var address = SingleSignOn.authorization(discovery, settings, secret, pending) + "&prompt=none";
        var answer = http.look(java.net.URI.create(address));
        var location = answer.location();
        if (location != null && location.startsWith(redirectUri)) {
            return new Step(What.REDIRECT_URI, Outcome.OK, "It sends browsers back to " + redirectUri + ".");
        }
        if (answer.status() >= 400) {
            return new Step(
                    What.REDIRECT_URI,
                    Outcome.FAILED,
                    "It refuses the request (" + answer.status() + "). Enter " + redirectUri
                            + " as redirect URI of the client " + settings.clientId() + " there, to the letter.");
        }
        return new Step(
                What.REDIRECT_URI,
                Outcome.UNCERTAIN,
                "It shows a page of its own. Make sure that it has the redirect URI " + redirectUri + ".");
    }

    /** Sends a code that cannot be right: a provider looks first at who sends it. */
    private Step client(Discovery discovery, Providers.Known known, String redirectUri) throws ProviderFault {
        var secret = PendingSignIns.secret(random);
        var form = Map.of(
                "grant_type", "authorization_code",
                "code", secret,
                "redirect_uri", redirectUri,
                "code_verifier", secret);
        var answer = http.post(discovery.token(), form, known.client());
        var node = answer.json() == null ? null : answer.json().get("error");
        var error = node != null && node.isString() ? node.stringValue() : "";
        return switch (error) {
            case "invalid_grant" ->
                new Step(
                        What.CLIENT,
                        Outcome.OK,
                        known.secret() == null
                                ? "It knows the client, without a secret."
                                : "It takes the client id with the secret.");
            case "invalid_client", "unauthorized_client" ->
                new Step(
                        What.CLIENT,
                        Outcome.FAILED,
                        known.secret() == null
                                ? "It does not take the client without a secret."
                                : "It does not take the client id with this secret.");
            default ->
                new Step(
                        What.CLIENT,
                        Outcome.UNCERTAIN,
                        "It answers " + answer.status()
                                + (error.isEmpty() ? "" : " (" + Discovery.shown(error) + ")")
                                + ": whether it takes the client id and secret shows when somebody signs in.");
        };
    }
}
