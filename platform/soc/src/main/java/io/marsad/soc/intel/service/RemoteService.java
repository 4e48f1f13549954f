package io.marsad.soc.intel.service;

import io.marsad.soc.intel.AnswerReader;
import io.marsad.soc.intel.Indicator;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A service that is asked over HTTPS, and how.
 *
 * @param usual where it is, unless the installation says otherwise
 * @param perMinute what its free accounts may ask, as documented in November 2026; a tenant sets its own
 */
public record RemoteService(
        String name, String title, URI usual, String keyHeader, int perMinute, int perDay, AnswerReader reader) {
    /** Those that there are. */
    public static final List<RemoteService> ALL = List.of(
            new RemoteService(
                    "virustotal",
                    "VirusTotal",
                    URI.create("https://www.virustotal.com"),
                    "x-apikey",
                    4,
                    500,
                    reader("virustotal")),
            new RemoteService(
                    "abuseipdb",
                    "AbuseIPDB",
                    URI.create("https://api.abuseipdb.com"),
                    "Key",
                    60,
                    1_000,
                    reader("abuseipdb")),
            new RemoteService(
                    "greynoise",
                    "GreyNoise",
                    URI.create("https://api.greynoise.io"),
                    "key",
                    10,
                    50,
                    reader("greynoise")));

    private static AnswerReader reader(String source) {
        return AnswerReader.ALL.stream()
                .filter(reader -> reader.source().equals(source))
                .findFirst()
                .orElseThrow();
    }

    public boolean knows(Indicator indicator) {
        return reader.kinds().contains(indicator.kind());
    }

    /** @param base where it is */
    URI address(URI base, Indicator indicator) {
        var value = indicator.value();
        var path = switch (name) {
            case "virustotal" ->
                "/api/v3/"
                        + switch (indicator.kind()) {
                            case IP -> "ip_addresses/" + encoded(value);
                            case DOMAIN -> "domains/" + encoded(value);
                            case HASH -> "files/" + encoded(value);
                            case URL ->
                                "urls/"
                                        + Base64.getUrlEncoder()
                                                .withoutPadding()
                                                .encodeToString(value.getBytes(StandardCharsets.UTF_8));
                            case EMAIL, NETWORK, UNKNOWN ->
                                throw new IllegalArgumentException("VirusTotal is not asked about " + value);
                        };
            case "abuseipdb" -> "/api/v2/check?maxAgeInDays=90&ipAddress=" + encoded(value);
            case "greynoise" -> "/v3/community/" + encoded(value);
            default -> throw new IllegalStateException("nobody knows how to ask " + name);
        };
        return URI.create(base + path);
    }

    Map<String, String> headers(String key) {
        return Map.of(keyHeader, key, "Accept", "application/json");
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
