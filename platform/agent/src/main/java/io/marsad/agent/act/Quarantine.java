package io.marsad.agent.act;

import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Takes a file from where it can be run to a folder where nobody reads or runs it, with what is needed to put it back as it
 * was. Whatever interrupts it, the file is in one of the two places.
 */
final class Quarantine implements HostAction {
    private static final Set<String> NOT_FILES = Set.of("proc", "sys", "dev", "run");
    private static final String UNREADABLE = "---------";

    private final Path root;
    private final Path data;
    private final Path folder;

    /** @param data of the agent, which it does not quarantine */
    Quarantine(Path root, Path data) {
        this.root = root;
        this.data = data.toAbsolutePath().normalize();
        this.folder = this.data.resolve("quarantine");
    }

    @Override
    public Set<String> names() {
        return Set.of("quarantine_file", "restore_file");
    }

    @Override
    public Done perform(Told told) throws ActionFailed, IOException {
        return told.action().equals("quarantine_file") ? quarantine(told) : restore(told);
    }

    private Done quarantine(Told told) throws ActionFailed, IOException {
        var said = told.text("path");
        var file = file(said);
        var place = folder.resolve(told.id().toString());
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.exists(place.resolve("content"))) {
            return kept(told.id(), place, said); // it was done before an interruption
        }
        requirePlain(file, said);
        var sha256 = Sums.of(file);
        var hash = told.optional("hash");
        if (hash != null && !hash.equalsIgnoreCase(sha256)) {
            throw new ActionFailed(said + " is another file: its SHA-256 is " + sha256);
        }
        Files.createDirectories(place);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        DurableFile.replace(
                place.resolve("about.json"), about(file, said, sha256).getBytes(StandardCharsets.UTF_8));
        move(file, place.resolve("content"), sha256);
        Files.setPosixFilePermissions(place.resolve("content"), PosixFilePermissions.fromString(UNREADABLE));
        return kept(told.id(), place, said);
    }

    private Done kept(UUID id, Path place, String said) throws ActionFailed, IOException {
        var about = about(place);
        var proof = Done.seen().put("path", said).put("there", Files.exists(file(said), LinkOption.NOFOLLOW_LINKS));
        proof.set("file", about);
        return new Done(Map.of("quarantine", id.toString(), "sha256", text(about, "sha256")), proof);
    }

    private Done restore(Told told) throws ActionFailed, IOException {
        var place = place(told);
        var about = about(place);
        var said = text(about, "path");
        var file = file(said);
        var content = place.resolve("content");
        var sha256 = text(about, "sha256");
        if (Files.exists(content)) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new ActionFailed("there is a file at " + said + " again: it is not overwritten");
            }
            Files.setPosixFilePermissions(content, PosixFilePermissions.fromString("rw-------"));
            if (!Sums.of(content).equals(sha256)) {
                throw new ActionFailed("what is in quarantine is not what was put there");
            }
            var above = file.getParent();
            if (above == null || !Files.isDirectory(above)) {
                throw new ActionFailed("the folder of " + said + " is not there any more");
            }
            Files.setAttribute(content, "unix:uid", about.path("uid").asInt(0));
            Files.setAttribute(content, "unix:gid", about.path("gid").asInt(0));
            Files.setLastModifiedTime(
                    content, FileTime.fromMillis(about.path("modified").asLong(0)));
            move(content, file, sha256);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(text(about, "mode")));
        } else if (!Files.exists(file) || !Sums.of(file).equals(sha256)) {
            throw new ActionFailed("the file is not in quarantine any more");
        }
        var proof = Done.seen().put("path", said).put("sha256", Sums.of(file));
        return new Done(Map.of("path", said), proof);
    }

    /** By its name in quarantine, or else by path and hash of what is there. */
    private Path place(Told told) throws ActionFailed, IOException {
        var named = told.optional("quarantine");
        if (named != null) {
            try {
                return folder.resolve(UUID.fromString(named).toString());
            } catch (IllegalArgumentException e) {
                throw new ActionFailed("nothing in quarantine is called " + named, e);
            }
        }
        var path = told.optional("path");
        var hash = told.optional("hash");
        @Nullable Path found = null;
        if (Files.isDirectory(folder) && (path != null || hash != null)) {
            try (var places = Files.newDirectoryStream(folder)) {
                for (var place : places) {
                    var about = about(place);
                    boolean fits = (path == null || path.equals(text(about, "path")))
                            && (hash == null || hash.equalsIgnoreCase(text(about, "sha256")))
                            && Files.exists(place.resolve("content"));
                    if (fits && found != null) {
                        throw new ActionFailed("more than one file in quarantine is meant: say which by 'quarantine'");
                    }
                    found = fits ? place : found;
                }
            }
        }
        if (found == null) {
            throw new ActionFailed("no such file is in quarantine on this host");
        }
        return found;
    }

    private Path file(String said) throws ActionFailed {
        try {
            var path = Path.of(said);
            if (!path.isAbsolute() || !path.normalize().equals(path) || path.getNameCount() == 0) {
                throw new ActionFailed("path is no absolute path of a file: " + said);
            }
            return root.resolve(said.substring(1));
        } catch (java.nio.file.InvalidPathException e) {
            throw new ActionFailed("path is no path", e);
        }
    }

    private void requirePlain(Path file, String said) throws ActionFailed, IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new ActionFailed("there is no file " + said + " on this host");
        }
        var kind = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!kind.isRegularFile()) {
            throw new ActionFailed(said + " is no ordinary file");
        }
        var real = file.toRealPath(); // folders on the way may be links
        if (NOT_FILES.contains(root.toRealPath().relativize(real).getName(0).toString())) {
            throw new ActionFailed(said + " is no file on a disk");
        }
        if (real.startsWith(data)) {
            throw new ActionFailed(said + " is the agent's own");
        }
    }

    private static String about(Path file, String said, String sha256) throws IOException {
        return JsonNodeFactory.instance
                .objectNode()
                .put("path", said)
                .put("sha256", sha256)
                .put("size", Files.size(file))
                .put("uid", number(file, "uid"))
                .put("gid", number(file, "gid"))
                .put("mode", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .put("modified", Files.getLastModifiedTime(file).toMillis())
                .toString();
    }

    private static int number(Path file, String name) throws IOException {
        return Files.getAttribute(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS) instanceof Integer some ? some : 0;
    }

    private static JsonNode about(Path place) throws ActionFailed {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(place.resolve("about.json")));
        } catch (IOException | JacksonException e) {
            throw new ActionFailed("no such file is in quarantine on this host", e);
        }
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }

    /** Also from one disk to another: what was there is gone only when what is here is durable and the same. */
    private static void move(Path from, Path to, String sha256) throws ActionFailed, IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return;
        } catch (java.nio.file.AtomicMoveNotSupportedException e) {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        }
        try (var channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        if (!Sums.of(to).equals(sha256)) {
            Files.delete(to);
            throw new ActionFailed("the file was changed while it was moved");
        }
        Files.delete(from);
    }
}
