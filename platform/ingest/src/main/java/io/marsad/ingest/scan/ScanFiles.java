package io.marsad.ingest.scan;

import io.marsad.normalize.format.EvtxReader;
import io.marsad.normalize.format.RecordFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the files to scan, each once, and cuts large ones into parts. */
final class ScanFiles {
    private static final int CHUNKS_A_PART = 16;

    /** A file; {@code named}: by the user, not found in a folder. */
    record Source(int index, Path path, long size, boolean named) {
        String name() {
            return path.toString();
        }
    }

    /**
     * What one thread does in one go: a whole file, or some chunks of a Windows event log.
     *
     * @param number within the file
     * @param count chunks; 0 for the whole file
     */
    record Part(Source source, int number, int first, int count) {
        long weight() {
            return count == 0 ? source.size : (long) count << 16;
        }
    }

    private final List<Source> sources = new ArrayList<>();
    private final Set<Object> known = new HashSet<>();
    private final List<ScanResult.Unread> unread = new ArrayList<>();

    /** @throws NoSuchFileException when one of the paths does not exist */
    ScanFiles(List<Path> paths) throws IOException {
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            var found = new ArrayList<Found>();
            Files.walkFileTree(path, new Walk(found));
            found.sort(Comparator.comparing(Found::path));
            for (Found file : found) {
                if (known.add(file.key)) {
                    sources.add(new Source(sources.size(), file.path, file.size, file.path.equals(path)));
                }
            }
        }
    }

    private record Found(Path path, Object key, long size) {}

    private final class Walk extends SimpleFileVisitor<Path> {
        private final List<Found> found;

        Walk(List<Found> found) {
            this.found = found;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            var about =
                    attributes.isSymbolicLink() ? Files.readAttributes(file, BasicFileAttributes.class) : attributes;
            if (about.isRegularFile()) {
                var key = about.fileKey();
                found.add(new Found(file, key == null ? file.toRealPath() : key, about.size()));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException why) {
            unread.add(new ScanResult.Unread(file.toString(), reason(why), 1));
            return FileVisitResult.CONTINUE;
        }
    }

    static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException denied -> "no permission to read it";
            case java.nio.file.FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    List<Source> sources() {
        return sources;
    }

    /** What could not even be looked at. */
    List<ScanResult.Unread> unread() {
        return unread;
    }

    /** The parts of a file; none when it was found in a folder and is no log. */
    static List<Part> parts(Source source) throws IOException {
        var parts = new ArrayList<Part>();
        boolean evtx;
        try (var file = FileChannel.open(source.path)) {
            evtx = EvtxReader.isEvtx(file);
        }
        if (evtx) {
            int chunks = EvtxReader.chunks(source.size);
            for (int first = 0; first < chunks; first += CHUNKS_A_PART) {
                parts.add(new Part(source, parts.size(), first, Math.min(CHUNKS_A_PART, chunks - first)));
            }
        } else if (source.named || RecordFiles.isLog(source.path)) {
            parts.add(new Part(source, 0, 0, 0));
        }
        return parts;
    }
}
