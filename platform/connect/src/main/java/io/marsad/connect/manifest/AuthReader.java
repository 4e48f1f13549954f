package io.marsad.connect.manifest;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import java.util.Map;

/** Reads how a vendor knows who asks. */
final class AuthReader {
    private final Faults faults;

    AuthReader(Faults faults) {
        this.faults = faults;
    }

    Auth read(YamlNode node) throws ContentException {
        if (node instanceof YamlNode.Scalar scalar) {
            if (scalar.text().equals("none")) {
                return new Auth.None();
            }
            throw node.fault("auth is 'none' or one of " + String.join(", ", KINDS));
        }
        var outer = node.asMapping();
        outer.allowOnly(KINDS);
        if (outer.entries().size() != 1) {
            throw node.fault("there is one kind of auth in a manifest");
        }
        var kind = outer.entries().getFirst();
        return switch (kind.key()) {
            case "bearer" ->
                new Auth.Header("Authorization", "Bearer ", kind.value().asText());
            case "header" -> {
                var in = only(kind, "name", "prefix", "secret");
                var prefix = in.text("prefix");
                yield new Auth.Header(in.requireText("name"), prefix == null ? "" : prefix, in.requireText("secret"));
            }
            case "query" -> {
                var in = only(kind, "name", "secret");
                yield new Auth.Query(in.requireText("name"), in.requireText("secret"));
            }
            case "basic" -> {
                var in = only(kind, "user", "secret");
                yield new Auth.Basic(Pieces.text(in.require("user")), in.requireText("secret"));
            }
            case "oauth2" -> oauth(only(kind, "token_url", "client", "secret", "form", "credentials"));
            case "jwt" ->
                jwt(only(kind, "token_url", "algorithm", "secret", "key_id", "claims", "form", "as", "seconds"));
            case "aws" -> {
                var in = only(kind, "access_key", "secret_key", "session_token", "region", "service");
                yield new Auth.SigV4(
                        in.requireText("access_key"),
                        in.requireText("secret_key"),
                        in.text("session_token"),
                        Pieces.text(in.require("region")),
                        in.requireText("service"));
            }
            default -> {
                var in = only(kind, "header", "prefix", "secret", "timestamp");
                var prefix = in.text("prefix");
                yield new Auth.Hmac(
                        in.requireText("header"),
                        prefix == null ? "" : prefix,
                        in.requireText("secret"),
                        in.text("timestamp"));
            }
        };
    }

    private static final String[] KINDS = {"bearer", "header", "query", "basic", "oauth2", "jwt", "aws", "hmac"};

    private static YamlNode.Mapping only(YamlNode.Entry kind, String... keys) throws ContentException {
        var in = kind.value().asMapping();
        in.allowOnly(keys);
        return in;
    }

    private Auth oauth(YamlNode.Mapping in) throws ContentException {
        var credentials = in.text("credentials");
        if (credentials != null && !credentials.equals("body") && !credentials.equals("header")) {
            throw in.require("credentials").fault("credentials stand in the 'body' or in a 'header'");
        }
        return new Auth.ClientCredentials(
                Pieces.text(in.require("token_url")),
                Pieces.text(in.require("client")),
                in.requireText("secret"),
                Pieces.texts(in, "form", faults),
                !"header".equals(credentials));
    }

    private Auth jwt(YamlNode.Mapping in) throws ContentException {
        Auth.Algorithm algorithm = null;
        for (Auth.Algorithm known : Auth.Algorithm.values()) {
            if (known.name().equals(in.requireText("algorithm"))) {
                algorithm = known;
            }
        }
        if (algorithm == null) {
            throw in.require("algorithm").fault("the algorithm is one of RS256, ES256 and HS256");
        }
        var as = in.text("as");
        if (as != null && !as.equals("grant") && !as.equals("client")) {
            throw in.require("as").fault("an assertion is sent as 'grant' or as 'client'");
        }
        var keyId = in.get("key_id");
        Map<String, Text> claims = Pieces.texts(in, "claims", faults);
        return new Auth.JwtBearer(
                Pieces.text(in.require("token_url")),
                algorithm,
                in.requireText("secret"),
                keyId == null ? null : Pieces.text(keyId),
                claims,
                Pieces.texts(in, "form", faults),
                !"client".equals(as),
                Pieces.integer(in, "seconds", 300, 30, 3600));
    }
}
