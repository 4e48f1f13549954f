package io.marsad.agent.update;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.marsad.agent.host.HostProgram;
import io.marsad.agent.link.Software;
import io.marsad.uplink.PackageDownload;
import io.marsad.wire.AgentPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sees that the agent that runs is the one that the policy names: it is fetched in blocks, has to have the SHA-256 that was signed
 * and to run on this host before it is begun, and is on trial until a report of its own was taken. One that does not come so far
 * within ten minutes, three times, makes way for the one before; it is not tried again until a policy names it anew.
 *
 * <p>{@link #step} by one thread; the rest by several.
 */
public final class Updates implements Software {
    private static final Logger LOG = System.getLogger(Updates.class.getName());
    private static final Duration TRIAL = Duration.ofMinutes(10);
    private static final long BETWEEN_BLOCKS = 500; // ms: 2 MiB/s at most
    private static final long AGAIN = 10_000;
    private static final long AGAIN_AFTER_FAULT = 300_000;
    private static final long IDLE = 2_000;
    private static final long UNPACKED = 4; // times its size, at most: room that has to be there

    private final Optional<Home> home;
    private final Path folder;
    private final String version;
    private final InstantSource clock;
    private final Instant begun;
    private volatile Wanted wanted = new Wanted(List.of(), 0);
    private volatile String refused = "";
    private volatile boolean trying;
    private volatile boolean taken;
    private volatile boolean ready;
    private Home.@Nullable Trial unfit;

    private record Wanted(List<AgentPackage> packages, long policy) {}

    /** It cannot be used; the same again could not, either. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;

        Unfit(String why) {
            super(why);
        }
    }

    /**
     * Begins.
     *
     * @param home empty: this agent cannot be replaced
     * @param folder where what comes is kept
     * @param version of the agent that runs
     */
    public Updates(Optional<Home> home, Path folder, String version, InstantSource clock) throws IOException {
        this.home = home;
        this.folder = folder;
        this.version = version;
        this.clock = clock;
        this.begun = clock.instant();
        if (home.isPresent()) {
            var trial = home.get().trial();
            trying = trial.isPresent() && trial.get().version().equals(version);
            if (trial.isPresent() && !trying) {
                home.get().forgetTrial(); // it was to be begun, and the host went down before
            }
        }
    }

    /** What a policy names comes into force. */
    public void want(List<AgentPackage> packages, long policy) {
        wanted = new Wanted(List.copyOf(packages), policy);
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String notUpdated() {
        return refused;
    }

    @Override
    public void reportTaken() {
        taken = true;
    }

    /** Whether the agent is to end, so that another is begun in its place. */
    public boolean isReady() {
        return ready;
    }

    /** The platform of this host, as packages name it. */
    public static String platform() {
        var system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        var processor = System.getProperty("os.arch", "");
        var name = system.startsWith("windows") ? "windows" : system.startsWith("mac") ? "macos" : "linux";
        return name + "-" + (processor.equals("amd64") ? "x86_64" : processor);
    }

    /**
     * Does what is next.
     *
     * @param from the relay
     * @return milliseconds until the next step
     */
    public long step(Channel from) throws InterruptedException {
        try {
            return trying ? prove() : next(from);
        } catch (Unfit e) {
            refuse(String.valueOf(e.getMessage()));
            return AGAIN;
        } catch (StatusRuntimeException e) {
            LOG.log(Level.DEBUG, "the next agent is not to be had now", e);
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "the agent could not be replaced; it is tried again", e);
            refuse("it is tried again: " + e.getMessage());
            unfit = null;
            return AGAIN_AFTER_FAULT;
        }
        return ThreadLocalRandom.current().nextLong(AGAIN / 4, AGAIN * 2);
    }

    private void refuse(String why) {
        if (!why.equals(refused)) {
            refused = why;
            LOG.log(Level.WARNING, "the agent is not replaced: " + why);
        }
    }

    private long prove() throws IOException {
        if (taken) {
            home.orElseThrow().keep();
            trying = false;
            LOG.log(Level.INFO, "version " + version + " stays");
        } else if (clock.instant().isAfter(begun.plus(TRIAL))) {
            LOG.log(Level.WARNING, "version " + version + " could not report; the guard decides");
            ready = true;
        }
        return IDLE;
    }

    private long next(Channel from) throws IOException, Unfit, InterruptedException {
        var now = wanted;
        var named = now.packages.stream()
                .filter(one -> one.platform().equals(platform()))
                .findFirst()
                .orElse(null);
        if (named == null || named.version().equals(version)) {
            refused = "";
            Home.delete(folder);
            return IDLE;
        }
        var to = home.orElseThrow(() -> new Unfit("this agent was not installed by install.sh and cannot be replaced"));
        var failed = to.failed();
        if (failed.isPresent() && failed.get().isOf(named, now.policy)) {
            throw new Unfit("version " + named.version() + " was begun three times and never reported; " + version
                    + " is back. Give it to the group again to try it again");
        }
        if (unfit != null && unfit.isOf(named, now.policy)) {
            return IDLE;
        }
        refused = "";
        Files.createDirectories(folder);
        var download = new PackageDownload(named, folder.resolve(named.sha256()));
        requireRoom(to, named);
        if (!download.step(from)) {
            return BETWEEN_BLOCKS;
        }
        var trial = new Home.Trial(named.version(), named.sha256(), now.policy);
        unfit = trial; // unless it turns out to be fit
        install(to, named, download.file());
        to.begin(trial);
        LOG.log(Level.INFO, "version " + named.version() + " is begun in place of " + version);
        ready = true;
        return IDLE;
    }

    private void requireRoom(Home to, AgentPackage named) throws IOException {
        if (Files.getFileStore(folder).getUsableSpace() < named.size() || to.room() < named.size() * UNPACKED) {
            throw new IOException("the disk has no room for version " + named.version());
        }
    }

    /** Unpacks it, and sees that it runs here. */
    private static void install(Home home, AgentPackage named, Path file)
            throws IOException, Unfit, InterruptedException {
        var place = home.version(named.version());
        var next = home.version(named.version() + ".next");
        Home.delete(next);
        Files.createDirectories(next);
        var unpacked = program(
                Duration.ofMinutes(5),
                "tar",
                "-xzf",
                file.toString(),
                "-C",
                next.toString(),
                "--strip-components=1",
                "--no-same-owner");
        if (unpacked.code() != 0) {
            Home.delete(next);
            throw new Unfit("version " + named.version() + " cannot be unpacked: " + last(unpacked));
        }
        var said = says(next.resolve("bin").resolve("marsad-agent"));
        if (!("marsad agent " + named.version()).equals(said)) {
            Home.delete(next);
            throw new Unfit("version " + named.version() + " does not run on this host; asked for its version it says: "
                    + said);
        }
        program(Duration.ofMinutes(1), "sync", "-f", next.toString());
        Home.delete(place);
        Files.move(next, place, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String says(Path agent) throws InterruptedException {
        try {
            return last(program(Duration.ofMinutes(1), agent.toString(), "--version"));
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static HostProgram.Ended program(Duration most, String... command)
            throws IOException, InterruptedException {
        return new HostProgram(List.of(command), "", Map.of("LC_ALL", "C"), most, 4_000, true).run();
    }

    /** The last line. */
    private static String last(HostProgram.Ended ended) {
        @Nullable String last = null;
        for (var line : ended.text().lines().toList()) {
            last = line.isBlank() ? last : line.strip();
        }
        return last == null ? "nothing" : last;
    }
}
