package io.marsad.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The agent that endpoints of one platform are to run, named by what it consists of: whoever has the bytes can see that they are
 * those that were signed.
 *
 * @param version as it calls itself
 * @param platform system and processor, such as {@code linux-x86_64}
 * @param sha256 of the whole, in hexadecimal digits
 * @param size of the whole, in bytes
 */
public record AgentPackage(String version, String platform, String sha256, long size) {
    /** Of the content of a policy: a list, of each platform one; absent: endpoints keep the one that they have. */
    public static final String FIELD = "agent";

    /** The largest, bytes. */
    public static final long MOST_BYTES = 256L << 20;

    /** So much is sent at once; the last block may be shorter. */
    public static final int BLOCK = 1 << 20;

    /** The most that a policy names. */
    public static final int MOST = 8;

    private static final Pattern VERSION =
            Pattern.compile("[0-9]{1,6}\\.[0-9]{1,6}\\.[0-9]{1,6}(?:[-+.][0-9A-Za-z][0-9A-Za-z.]{0,30})?");
    private static final Pattern PLATFORM = Pattern.compile("(?:linux|windows|macos)-[0-9a-z_]{2,20}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException naming what is not of its form */
    public AgentPackage {
        require(VERSION.matcher(version).matches(), "version: a version such as 0.2.0 is expected");
        require(PLATFORM.matcher(platform).matches(), "platform: one such as linux-x86_64 is expected");
        require(SHA256.matcher(sha256).matches(), "sha256: 64 hexadecimal digits are expected");
        require(size >= 1 && size <= MOST_BYTES, "size: from 1 to " + MOST_BYTES);
    }

    private static void require(boolean sound, String otherwise) {
        if (!sound) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Those that the content of a policy names. @throws IllegalArgumentException naming the place of what is none */
    public static List<AgentPackage> of(JsonNode content) {
        var list = content.path(FIELD);
        require(list.isMissingNode() || list.isArray() && list.size() <= MOST, FIELD + ": a list of at most " + MOST);
        var all = new ArrayList<AgentPackage>();
        for (var one : list) {
            var place = FIELD + "[" + all.size() + "].";
            require(
                    one.isObject()
                            && one.size() == 4
                            && one.path("size").isIntegralNumber()
                            && one.path("size").canConvertToLong(),
                    place + "version, platform, sha256 and size are expected");
            try {
                all.add(new AgentPackage(
                        one.path("version").asString(""),
                        one.path("platform").asString(""),
                        one.path("sha256").asString(""),
                        one.path("size").longValue()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(place + e.getMessage(), e);
            }
        }
        require(
                all.stream().map(AgentPackage::platform).distinct().count() == all.size(),
                FIELD + ": one of each platform");
        return all;
    }

    /** Those that a policy names; none where it is not to be read: whoever obeys it refuses it. */
    public static List<AgentPackage> of(SignedPolicy policy) {
        try {
            return of(JsonMapper.shared().readTree(policy.policy()));
        } catch (JacksonException | IllegalArgumentException e) {
            return List.of();
        }
    }
}
