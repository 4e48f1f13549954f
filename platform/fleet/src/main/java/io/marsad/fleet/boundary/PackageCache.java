package io.marsad.fleet.boundary;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.marsad.fleet.relay.PackageDesk;
import io.marsad.proto.agent.v1.PackageBlock;
import io.marsad.uplink.PackageDownload;
import io.marsad.wire.AgentPackage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packages of the agent that policies name, fetched once from the control plane and given out from here, also while that is away.
 * Only what a verified policy names is fetched, and only what has its SHA-256 is given out. {@link #look} by one thread at a
 * time, the rest by several.
 */
final class PackageCache implements PackageDesk, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PackageCache.class);
    private static final Duration TRIED_EVERY = Duration.ofSeconds(10);

    private final Path folder;
    private final Supplier<? extends Channel> channel;
    private final InstantSource clock;
    private volatile Map<String, AgentPackage> wanted = Map.of();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean fetching = new AtomicBoolean();
    private Instant next = Instant.MIN; // of the thread that looks

    private PackageCache(Path folder, Supplier<? extends Channel> channel, InstantSource clock) {
        this.folder = folder;
        this.channel = channel;
        this.clock = clock;
    }

    static PackageCache open(Path folder, Supplier<? extends Channel> channel, InstantSource clock) throws IOException {
        Files.createDirectories(folder);
        return new PackageCache(folder, channel, clock);
    }

    /** From now on these and no others. */
    void want(List<AgentPackage> packages) {
        wanted = packages.stream().collect(Collectors.toMap(AgentPackage::sha256, one -> one, (one, _) -> one));
    }

    /** Sees that what is missing is fetched. Often. */
    void look() {
        boolean due = !clock.instant().isBefore(next)
                && wanted.keySet().stream().anyMatch(sha256 -> !Files.exists(folder.resolve(sha256)));
        if (due && fetching.compareAndSet(false, true)) {
            next = clock.instant().plus(TRIED_EVERY);
            threads.execute(this::fetch);
        }
    }

    private void fetch() {
        try {
            fetchAll();
        } finally {
            fetching.set(false);
        }
    }

    private void fetchAll() {
        for (var one : wanted.values()) {
            var file = folder.resolve(one.sha256());
            if (Files.exists(file)) {
                continue;
            }
            try {
                forgetOthers();
                var download = new PackageDownload(one, folder.resolve(one.sha256() + ".part"));
                while (!download.step(channel.get())) {
                    if (Thread.interrupted()) {
                        return; // the relay stops; it goes on from here
                    }
                }
                Files.move(download.file(), file);
                LOG.info("agent {} for {} is here", one.version(), one.platform());
            } catch (IOException | StatusRuntimeException e) {
                LOG.warn(
                        "agent {} for {} could not be fetched; tried again: {}",
                        one.version(),
                        one.platform(),
                        e.getMessage());
            }
        }
    }

    private void forgetOthers() throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                var name = String.valueOf(file.getFileName());
                if (!wanted.containsKey(name.replace(".part", ""))) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public PackageBlock read(String sha256, long offset) throws IOException, NotYet {
        var named = wanted.get(sha256);
        if (named == null) {
            throw new IOException("no policy names this package");
        }
        var file = folder.resolve(named.sha256());
        if (!Files.exists(file)) {
            throw new NotYet("the package is on its way to the relay");
        }
        try (var from = FileChannel.open(file, StandardOpenOption.READ)) {
            long left = from.size() - offset;
            if (left <= 0) {
                throw new IOException("there is nothing of the package there");
            }
            var bytes = ByteBuffer.allocate((int) Math.min(AgentPackage.BLOCK, left));
            while (bytes.hasRemaining() && from.read(bytes, offset + bytes.position()) >= 0) {}
            return PackageBlock.newBuilder()
                    .setData(ByteString.copyFrom(bytes.flip()))
                    .setSize(from.size())
                    .build();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
