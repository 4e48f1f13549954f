package io.marsad.agent.collect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SHA-256 of files, kept by inode, size and time of change; none of files beyond the cap. Not thread-safe. */
final class Hashes {
    private static final int KEPT = 4096;

    private final long cap;
    private final Map<String, String> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > KEPT;
        }
    };

    Hashes(long cap) {
        this.cap = cap;
    }

    /** As events say it: {@code SHA256=} and the hash; null where there is none. */
    @Nullable
    String named(Path file) {
        var hash = of(file);
        return hash == null ? null : "SHA256=" + hash;
    }

    /** In lower-case hex; null when the file is no regular one, too large or cannot be read. */
    @Nullable
    String of(Path file) {
        try {
            var attributes = Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime,isRegularFile");
            if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))
                    || !(attributes.get("size") instanceof Long size)
                    || size > cap) {
                return null;
            }
            var key = attributes.toString();
            var hash = known.get(key);
            if (hash == null) {
                hash = read(file);
                known.put(key, hash);
            }
            return hash;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private String read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var some = new byte[16_384];
            long left = cap;
            for (int n = in.read(some); n >= 0 && left >= 0; n = in.read(some)) {
                digest.update(some, 0, n);
                left -= n;
            }
            if (left < 0) {
                throw new IOException("it grew beyond the cap while it was read");
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
