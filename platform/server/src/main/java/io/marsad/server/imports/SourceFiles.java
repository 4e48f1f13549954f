package io.marsad.server.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What may be rules, and the licence, of a folder or archive from elsewhere. Bounded in number and size, whatever the
 * archive says about itself; names that would lead out of a folder are an error.
 *
 * @param kind folder, zip or git
 * @param revision the commit, or {@code sha256:} and the hash over all names and contents
 * @param files contents by path, with slashes, below the source's root
 */
record SourceFiles(String kind, String revision, Map<String, byte[]> files) {
    private static final int MAX_FILES = 100_000;
    private static final int MAX_FILE = 4 << 20;
    private static final long MAX_BYTES = 128L << 20;

    /** What an archive may unpack to in all, files that are not kept counted too. */
    private static final long MAX_UNPACKED = 2L << 30;

    static SourceFiles ofFolder(Path folder) throws IOException {
        var collected = new Collector();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                return !dir.equals(folder) && dir.getFileName().toString().startsWith(".")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                var parts = new StringBuilder();
                for (Path part : folder.relativize(file)) {
                    parts.append(parts.isEmpty() ? "" : "/").append(part);
                }
                if (attributes.isRegularFile() && isWanted(parts.toString())) {
                    try (var stream = Files.newInputStream(file)) {
                        collected.add(parts.toString(), stream);
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return collected.done("folder", null);
    }

    /** @param commit where the archive is of one; null for an archive that somebody gave */
    static SourceFiles ofZip(Path zip, @Nullable String commit) throws IOException {
        var collected = new Collector();
        try (var stream = new ZipInputStream(Files.newInputStream(zip), StandardCharsets.UTF_8)) {
            for (var entry = stream.getNextEntry(); entry != null; entry = stream.getNextEntry()) {
                var name = safe(entry.getName());
                if (entry.isDirectory() || !isWanted(name)) {
                    collected.skip(stream);
                } else {
                    collected.add(name, stream);
                }
            }
        } catch (ZipException | IllegalArgumentException e) {
            throw new IOException(zip + " is not a zip file that can be read: " + e.getMessage(), e);
        }
        if (collected.files.isEmpty()) {
            throw new IOException(zip + " has no rules in it, or is no zip file");
        }
        return collected.done(commit == null ? "zip" : "git", commit);
    }

    /** The name, if it stays below the folder that it is unpacked to. */
    static String safe(String name) throws IOException {
        boolean bad = name.isEmpty()
                || name.length() > 1024
                || name.startsWith("/")
                || name.matches("(?s).*[\\\\:\\x00-\\x1f].*");
        for (String part : name.split("/", -1)) {
            bad |= part.equals("..") || part.equals(".");
        }
        if (bad) {
            throw new IOException("the archive has an entry with the name '" + name.replaceAll("[\\x00-\\x1f]", "?")
                    + "', which is not a path below a folder");
        }
        return name;
    }

    private static boolean isWanted(String path) {
        var name = path.substring(path.lastIndexOf('/') + 1);
        boolean hidden = path.startsWith(".") || path.contains("/.");
        return !hidden && (name.endsWith(".yml") || name.endsWith(".yaml") || isLicence(name));
    }

    /** LICENSE, LICENCE, COPYING and NOTICE, with whatever follows. */
    static boolean isLicence(String name) {
        var upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("LICENSE")
                || upper.startsWith("LICENCE")
                || upper.startsWith("COPYING")
                || upper.startsWith("NOTICE");
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Counts while it reads. */
    private static final class Collector {
        private final Map<String, byte[]> files = new TreeMap<>();
        private long bytes;
        private long unpacked;
        private int seen;
        private final byte[] buffer = new byte[16 << 10];

        void add(String path, InputStream stream) throws IOException {
            count();
            var content = new ByteArrayOutputStream();
            for (int n = stream.read(buffer); n > 0; n = stream.read(buffer)) {
                content.write(buffer, 0, n);
                bytes += n;
                unpacked += n;
                if (content.size() > MAX_FILE) {
                    throw new IOException(path + " is larger than " + (MAX_FILE >> 20) + " MiB");
                }
                if (bytes > MAX_BYTES) {
                    throw new IOException("the rules are larger than " + (MAX_BYTES >> 20) + " MiB together");
                }
            }
            if (files.put(path, content.toByteArray()) != null) {
                throw new IOException("the archive has " + path + " twice");
            }
        }

        void skip(InputStream stream) throws IOException {
            count();
            for (int n = stream.read(buffer); n > 0; n = stream.read(buffer)) {
                unpacked += n;
                if (unpacked > MAX_UNPACKED) {
                    throw new IOException("the archive unpacks to more than " + (MAX_UNPACKED >> 30) + " GiB");
                }
            }
        }

        private void count() throws IOException {
            if (++seen > MAX_FILES) {
                throw new IOException("there are more than " + MAX_FILES + " files");
            }
        }

        SourceFiles done(String kind, @Nullable String commit) {
            var all = withoutTop();
            if (commit != null) {
                return new SourceFiles(kind, commit, all);
            }
            var digest = digest();
            all.forEach((path, content) -> {
                digest.update(path.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(digest().digest(content));
            });
            return new SourceFiles(kind, "sha256:" + HexFormat.of().formatHex(digest.digest()), all);
        }

        /** Archives of forges have one folder at the top whose name changes with every commit. */
        private Map<String, byte[]> withoutTop() {
            var all = files;
            while (!all.isEmpty()) {
                var first = all.keySet().iterator().next();
                int slash = first.indexOf('/');
                var top = slash < 0 ? "" : first.substring(0, slash + 1);
                if (top.isEmpty() || !all.keySet().stream().allMatch(path -> path.startsWith(top))) {
                    break;
                }
                var below = new TreeMap<String, byte[]>();
                all.forEach((path, content) -> below.put(path.substring(top.length()), content));
                all = below;
            }
            return all;
        }
    }
}
