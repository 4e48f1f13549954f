package io.marsad.soc.identity.sso;

import io.marsad.kernel.problem.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator says of a provider.
 *
 * @param name as the sign-in page shows it
 * @param issuer exactly as the provider writes it
 * @param scopes asked for beside {@code openid}
 * @param groupsClaim where the ID token has the groups; dots go into objects: {@code realm_access.roles}
 * @param defaultRole for who is in none of the groups; null: they do not get in
 * @param groups the first that somebody is in counts
 */
public record ProviderSettings(
        String name,
        String issuer,
        String clientId,
        List<String> scopes,
        String groupsClaim,
        @Nullable String defaultRole,
        List<GroupRole> groups,
        boolean enabled) {
    private static final int MOST_GROUPS = 200;
    private static final int MOST_SCOPES = 20;
    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,100}");

    public ProviderSettings {
        scopes = List.copyOf(scopes);
        groups = List.copyOf(groups);
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-provider} */
    ProviderSettings sound() {
        requireText("name", name, 60);
        requireText("client id", clientId, 255);
        requireText("groups claim", groupsClaim, 200);
        requireAddress(issuer);
        if (scopes.size() > MOST_SCOPES
                || !scopes.stream().allMatch(scope -> SCOPE.matcher(scope).matches())) {
            throw invalid("There are at most " + MOST_SCOPES + " scopes, each a word without spaces.");
        }
        if (groups.size() > MOST_GROUPS) {
            throw invalid("There are at most " + MOST_GROUPS + " groups.");
        }
        var seen = new HashSet<String>();
        for (GroupRole one : groups) {
            requireText("name of a group", one.group(), 500);
            if (!seen.add(one.group())) {
                throw invalid("The group '" + shown(one.group()) + "' is there twice.");
            }
        }
        return this;
    }

    private static void requireText(String what, String text, int most) {
        if (text.isBlank() || text.length() > most || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw invalid("The " + what + " has 1 to " + most + " printable characters.");
        }
    }

    /** Where from, the guard of outgoing requests decides when it is asked. */
    private static void requireAddress(String issuer) {
        try {
            var uri = new URI(issuer);
            if (issuer.length() <= 500
                    && uri.getHost() != null
                    && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return;
            }
        } catch (URISyntaxException e) {
            var problem = invalid(ISSUER);
            problem.initCause(e);
            throw problem;
        }
        throw invalid(ISSUER);
    }

    private static final String ISSUER =
            "The issuer is an https address without user, query and fragment, such as https://login.example.org/realms/soc.";

    private static String shown(String text) {
        return text.length() > 64 ? text.substring(0, 64) : text;
    }

    private static RuntimeException invalid(String detail) {
        return Problem.badRequest("invalid-provider", detail).asException();
    }
}
