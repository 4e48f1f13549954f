package io.marsad.server.config;

import java.net.URI;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** The keys {@code secrets.*}: where the keys are that secrets in the database are encrypted by. */
final class SecretKeys {
    private static final URI NOWHERE = URI.create("https://nowhere.invalid");

    private SecretKeys() {}

    /**
     * @param text reads a key's text, or the fallback where there is none
     * @param fault takes what is wrong
     */
    static Config.Secrets read(BiFunction<String, String, String> text, Consumer<String> fault) {
        var kind = text.apply("secrets.store", "file").toLowerCase(Locale.ROOT);
        switch (kind) {
            case "environment" -> {
                var prefix = text.apply("secrets.prefix", "MARSAD_SECRET_");
                if (!prefix.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                    fault.accept("'secrets.prefix': letters, digits and _ are expected");
                }
                return new Config.Secrets.OfEnvironment(prefix);
            }
            case "vault" -> {
                return new Config.Secrets.OfVault(
                        address(text.apply("secrets.url", ""), fault), token(text.apply("secrets.token", ""), fault));
            }
            case "file" -> {
                return new Config.Secrets.OfFiles();
            }
            default -> {
                fault.accept("'secrets.store': file, environment or vault is expected");
                return new Config.Secrets.OfFiles();
            }
        }
    }

    private static String token(String token, Consumer<String> fault) {
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            fault.accept("'secrets.token' is needed with 'secrets.store: vault': ${ENV:NAME}, one line without spaces");
        }
        return token;
    }

    /** Keys travel on it: without TLS on this machine only. */
    private static URI address(String text, Consumer<String> fault) {
        try {
            var address = URI.create(text);
            var host = address.getHost();
            boolean local = "http".equals(address.getScheme())
                    && ("127.0.0.1".equals(host) || "[::1]".equals(host) || "localhost".equals(host));
            if (host != null && ("https".equals(address.getScheme()) || local) && address.getQuery() == null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // told below, with what is expected
        }
        fault.accept("'secrets.url': an address such as https://vault.example:8200/v1/secret/data/marsad is expected");
        return NOWHERE;
    }
}
