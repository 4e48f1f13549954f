package io.marsad.soc.alert;

import io.marsad.soc.alert.Entity.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What makes two firings the same thing happening again: the rule, and who did it to whom by what program. */
final class Fingerprint {
    /**
     * Those that say who, where and by what. Not a file's path, an address of the web or a hash: these are other ones each
     * time that the same thing happens (a temporary file, a token in the query), and the alert collects them.
     */
    private static final Set<Kind> IDENTIFYING = EnumSet.of(
            Kind.HOST, Kind.USER, Kind.IP, Kind.DOMAIN, Kind.EMAIL, Kind.PROCESS, Kind.CONTAINER, Kind.ACCOUNT);

    private Fingerprint() {}

    /**
     * SHA-256 of the rule's id and the sorted keys of what identifies, each with its length before it, as 64 hex digits.
     * Null when nothing identifies it: then nobody can say that two firings are the same.
     */
    static @Nullable String of(Detection detection) {
        var keys = new TreeSet<String>();
        for (Entity entity : detection.entities()) {
            if (IDENTIFYING.contains(entity.kind())) {
                keys.add(entity.kind().word() + ':' + entity.key());
            }
        }
        if (keys.isEmpty()) {
            return null;
        }
        var digest = sha256();
        add(digest, detection.rule().id());
        keys.forEach(key -> add(digest, key));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
