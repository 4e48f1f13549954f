package io.marsad.agent.act;

import io.marsad.agent.collect.HostRoot;
import io.marsad.agent.collect.InventoryCollector;
import io.marsad.agent.collect.ProcessCollector;
import io.marsad.agent.collect.SocketCollector;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What an examiner wants first, in one archive with a SHA-256 of each file in it, sent up in blocks and then deleted. */
final class TriagePackage implements HostAction {
    private static final long HASHED = 64L << 20;
    private static final int MOST_OF_FILE = 4 << 20;
    private static final long MOST = 64L << 20;
    private static final int MOST_FILES = 2_000;
    private static final List<String> FILES = List.of(
            "/etc/{passwd,group,hosts,resolv.conf,crontab,sudoers,os-release,ld.so.preload,rc.local}",
            "/etc/{cron.d,cron.hourly,cron.daily,cron.weekly,sudoers.d,profile.d,ssh,pam.d}/*",
            "/etc/systemd/system/*.{service,timer}",
            "/var/spool/cron/crontabs/*",
            "/{root,home/*}/.{bash_history,zsh_history,bashrc,profile}",
            "/{root,home/*}/.ssh/{authorized_keys,known_hosts}",
            "/var/log/{auth.log,secure,syslog,messages,wtmp,btmp,lastlog,dpkg.log}",
            "/var/log/audit/audit.log",
            "/proc/{modules,mounts,uptime,version}",
            "/proc/net/arp");
    private static final List<String> FOLDERS = List.of(
            "/etc",
            "/etc/cron.d",
            "/etc/cron.hourly",
            "/etc/cron.daily",
            "/etc/cron.weekly",
            "/etc/sudoers.d",
            "/etc/profile.d",
            "/etc/ssh",
            "/etc/pam.d",
            "/etc/systemd/system",
            "/var/spool/cron/crontabs",
            "/root",
            "/root/.ssh",
            "/var/log",
            "/var/log/audit",
            "/proc",
            "/proc/net");

    private final Path root;
    private final Path data;
    private final Evidence evidence;
    private final InstantSource clock;
    private final List<PathMatcher> wanted;

    TriagePackage(Path root, Path data, Evidence evidence, InstantSource clock) {
        this.root = root;
        this.data = data;
        this.evidence = evidence;
        this.clock = clock;
        this.wanted = FILES.stream()
                .map(one -> FileSystems.getDefault().getPathMatcher("glob:" + one))
                .toList();
    }

    @Override
    public Set<String> names() {
        return Set.of("collect_triage_package");
    }

    @Override
    public boolean isSlow() {
        return true;
    }

    @Override
    public Done perform(Told told) throws IOException, InterruptedException {
        var name = "triage-" + Instant.ofEpochMilli(clock.millis()).toString().replaceAll("[^0-9TZ]", "") + ".zip";
        var file = data.resolve("triage-" + told.id() + ".zip");
        try {
            var contents = write(file);
            var sha256 = Sums.of(file);
            evidence.send(told.id(), name, file, sha256);
            var proof =
                    Done.seen().put("name", name).put("size", Files.size(file)).put("sha256", sha256);
            proof.put("files", contents);
            return new Done(Map.of("package", name, "sha256", sha256), proof);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** @return how many files are in it */
    private int write(Path file) throws IOException {
        var contents = JsonNodeFactory.instance.arrayNode();
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            var host = new HostRoot(root);
            snapshot(zip, contents, "processes.jsonl", new ProcessCollector(host, clock, HASHED));
            snapshot(zip, contents, "sockets.jsonl", new SocketCollector(host, clock));
            snapshot(zip, contents, "inventory.jsonl", new InventoryCollector(host, clock));
            long total = 0;
            for (var one : files()) {
                total += total < MOST ? copy(zip, contents, one) : 0;
            }
            put(zip, "manifest.json", contents.toPrettyString().getBytes(StandardCharsets.UTF_8));
        }
        return contents.size();
    }

    private static void snapshot(
            ZipOutputStream zip, ArrayNode contents, String name, io.marsad.agent.collect.Collector collector)
            throws IOException {
        var text = new StringBuilder();
        try (collector) {
            collector.poll(one -> text.append(one).append('\n'));
        }
        var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        put(zip, name, bytes);
        note(contents, name, bytes.length, Sums.hex(Sums.sha256().digest(bytes)), false);
    }

    private List<Path> files() throws IOException {
        var folders = new ArrayList<>(FOLDERS);
        var homes = root.resolve("home");
        if (Files.isDirectory(homes)) {
            try (var each = Files.newDirectoryStream(homes)) {
                for (var home : each) {
                    folders.add("/home/" + home.getFileName());
                    folders.add("/home/" + home.getFileName() + "/.ssh");
                }
            }
        }
        var found = new ArrayList<Path>();
        for (var folder : folders) {
            var there = root.resolve(folder.substring(1));
            if (!Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS) || !Files.isReadable(there)) {
                continue;
            }
            try (var each = Files.newDirectoryStream(there)) {
                for (var file : each) {
                    var path = Path.of(folder).resolve(file.getFileName().toString());
                    if (found.size() < MOST_FILES && wanted.stream().anyMatch(one -> one.matches(path))) {
                        found.add(path);
                    }
                }
            }
        }
        return found;
    }

    /** Of what is longer the end: what happened last is there. */
    private long copy(ZipOutputStream zip, ArrayNode contents, Path path) throws IOException {
        var file = root.resolve(path.toString().substring(1));
        byte @Nullable [] bytes = null;
        boolean cut = false;
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) { // links and devices are not followed
            try (var open = new RandomAccessFile(file.toFile(), "r")) {
                cut = open.length() > MOST_OF_FILE;
                open.seek(Math.max(0, open.length() - MOST_OF_FILE));
                InputStream from = Channels.newInputStream(open.getChannel());
                bytes = from.readNBytes(MOST_OF_FILE);
            } catch (IOException e) {
                note(contents, path.toString(), 0, "cannot be read: " + e.getMessage(), false);
            }
        }
        if (bytes == null) {
            return 0;
        }
        put(zip, "files" + path, bytes);
        note(contents, "files" + path, bytes.length, Sums.hex(Sums.sha256().digest(bytes)), cut);
        return bytes.length;
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    private static void note(ArrayNode contents, String name, long size, String sha256, boolean cut) {
        contents.addObject()
                .put("name", name)
                .put("size", size)
                .put("sha256", sha256)
                .put("only_the_end", cut);
    }
}
