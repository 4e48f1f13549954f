package io.marsad.soc.identity.sso;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a provider says of itself (OpenID Connect Discovery 1.0).
 *
 * @param namesItself whether it sends {@code iss} with the code (RFC 9207)
 * @param challenges PKCE methods; empty when it does not say
 */
record Discovery(
        URI authorization, URI token, URI keys, boolean namesItself, List<String> challenges, List<String> algorithms) {
    /** Where a provider with this issuer says it. */
    static String address(String issuer) {
        return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                + "/.well-known/openid-configuration";
    }

    /** @throws ProviderFault when it is another issuer's, or something is missing */
    static Discovery read(JsonNode json, String issuer) throws ProviderFault {
        var named = text(json, "issuer");
        if (!issuer.equals(named)) {
            throw new ProviderFault("Its discovery document is of the issuer "
                    + (named == null ? "(none)" : "'" + shown(named) + "'") + ", not of '" + issuer
                    + "': both have to be the same to the letter.");
        }
        return new Discovery(
                endpoint(json, "authorization_endpoint"),
                endpoint(json, "token_endpoint"),
                endpoint(json, "jwks_uri"),
                json.path("authorization_response_iss_parameter_supported").asBoolean(false),
                texts(json, "code_challenge_methods_supported"),
                texts(json, "id_token_signing_alg_values_supported"));
    }

    private static URI endpoint(JsonNode json, String name) throws ProviderFault {
        var text = text(json, name);
        if (text == null) {
            throw new ProviderFault("Its discovery document has no " + name + ".");
        }
        try {
            var uri = URI.create(text);
            if (uri.getHost() != null && uri.getRawFragment() == null && text.length() <= 2_000) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new ProviderFault("Its " + name + " is no address.", e);
        }
        throw new ProviderFault("Its " + name + " is no address.");
    }

    private static @Nullable String text(JsonNode json, String name) {
        var value = json.get(name);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    private static List<String> texts(JsonNode json, String name) {
        var texts = new ArrayList<String>();
        for (JsonNode one : json.path(name)) {
            if (one.isString()) {
                texts.add(one.stringValue());
            }
        }
        return texts;
    }

    static String shown(String text) {
        var printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() > 100 ? printable.substring(0, 100) + "…" : printable;
    }
}
