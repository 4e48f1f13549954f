package io.marsad.uplink;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.marsad.proto.agent.v1.PackageWanted;
import io.marsad.proto.agent.v1.PackagesGrpc;
import io.marsad.wire.AgentPackage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** A package of the agent on its way down, a block at a time; it goes on where it was left. Used by one thread. */
public final class PackageDownload {
    private static final long SECONDS = 60;

    private final AgentPackage what;
    private final Path file;

    /** @param file to which it is written */
    public PackageDownload(AgentPackage what, Path file) {
        this.what = what;
        this.file = file;
    }

    /** The whole, when {@link #step} has said so. */
    public Path file() {
        return file;
    }

    /**
     * Takes the next block.
     *
     * @return whether all of it is there, and is what was signed
     * @throws StatusRuntimeException when there is nothing to be had now
     * @throws IOException when what came is not what was signed, and is thrown away; or when it cannot be kept
     */
    public boolean step(Channel from) throws IOException {
        long there = Files.exists(file) ? Files.size(file) : 0;
        if (there < what.size()) {
            // The last block may have been written in part.
            there = take(from, there - there % AgentPackage.BLOCK);
        }
        if (there < what.size()) {
            return false;
        }
        if (!sha256(file).equals(what.sha256())) {
            Files.delete(file);
            throw new IOException("what came is not the package that was signed: its SHA-256 differs");
        }
        return true;
    }

    private long take(Channel from, long offset) throws IOException {
        var block = PackagesGrpc.newBlockingStub(from)
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .read(PackageWanted.newBuilder()
                        .setSha256(what.sha256())
                        .setOffset(offset)
                        .build());
        long wanted = Math.min(AgentPackage.BLOCK, what.size() - offset);
        if (block.getData().size() != wanted || block.getSize() != what.size()) {
            throw new IOException("what came is not the package that was signed: it has " + block.getSize()
                    + " bytes, not " + what.size());
        }
        try (var to = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var bytes = block.getData().asReadOnlyByteBuffer();
            while (bytes.hasRemaining()) {
                to.write(bytes, offset + bytes.position());
            }
            if (offset + wanted == what.size()) {
                to.force(true);
            }
        }
        return offset + wanted;
    }

    private static String sha256(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var bytes = new byte[64 << 10];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                digest.update(bytes, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
