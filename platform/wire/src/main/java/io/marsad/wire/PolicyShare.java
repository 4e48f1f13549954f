package io.marsad.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * To which endpoints of its group a policy goes: a share of them by whole percent, the same ones whenever the share is the
 * same, and more of them when it grows. Who was chosen is decided by the endpoint itself from what is signed. Stateless.
 */
public final class PolicyShare {
    /** Of the content of a policy; absent: all. */
    public static final String FIELD = "share";

    /** All of them. */
    public static final int ALL = 100;

    private PolicyShare() {}

    /** The share of a policy; where none stands, or what is none, all: whoever reads the whole of it refuses the latter. */
    public static int of(SignedPolicy policy) {
        try {
            var share = JsonMapper.shared().readTree(policy.policy()).path(FIELD);
            return share.isInt() && share.intValue() >= 1 && share.intValue() <= ALL ? share.intValue() : ALL;
        } catch (JacksonException e) {
            return ALL;
        }
    }

    /** Whether an endpoint is among the first so many percent of its group. */
    public static boolean includes(String group, UUID endpoint, int share) {
        return share >= ALL || place(group, endpoint) < share;
    }

    /** Which hundredth of its group an endpoint is in, from 0: the rest of SHA-256 of both, divided by 100. */
    public static int place(String group, UUID endpoint) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            int rest = 0;
            for (byte one : digest.digest((group + "\n" + endpoint).getBytes(StandardCharsets.UTF_8))) {
                rest = (rest * 256 + Byte.toUnsignedInt(one)) % ALL;
            }
            return rest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
