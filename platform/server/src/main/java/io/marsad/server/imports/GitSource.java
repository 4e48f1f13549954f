package io.marsad.server.imports;

import io.marsad.connect.PublicAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one commit of a Git repository with the {@code git} of this machine, told to do nothing else: HTTPS only, no
 * redirects, no hooks, no submodules, no credentials, no settings of the user's, no checkout. Bounded in time and size.
 */
final class GitSource {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final long MAX_BYTES = 1L << 30;
    private static final int MAX_TOLD = 500;

    private final String protocol;
    private final boolean privateToo;

    /**
     * @param protocol https; tests use file
     * @param privateToo servers with private addresses, too
     */
    GitSource(String protocol, boolean privateToo) {
        this.protocol = protocol;
        this.privateToo = privateToo;
    }

    /**
     * The files of a branch's or tag's last commit.
     *
     * @param ref null for the repository's own choice
     * @param scratch an empty folder
     */
    SourceFiles fetch(String url, @Nullable String ref, Path scratch) throws IOException, InterruptedException {
        if (ref != null && !ref.matches("[A-Za-z0-9_][A-Za-z0-9._/-]{0,200}")) {
            throw new IOException("'" + ref + "' is not the name of a branch or tag");
        }
        var pin = check(url);
        var repository = scratch.resolve("repository.git");
        var clone = new ArrayList<>(List.of("git"));
        for (String setting : List.of(
                "core.hooksPath=/dev/null",
                "protocol.allow=never",
                "protocol." + protocol + ".allow=always",
                "http.followRedirects=false",
                "http.lowSpeedLimit=1000",
                "http.lowSpeedTime=30",
                "credential.helper=",
                "submodule.recurse=false")) {
            clone.add("-c");
            clone.add(setting);
        }
        if (pin != null) {
            clone.add("-c");
            clone.add("http.curloptResolve=" + pin);
        }
        clone.addAll(List.of(
                "clone",
                "--bare",
                "--quiet",
                "--depth=1",
                "--single-branch",
                "--no-tags",
                "--template=",
                "--no-local"));
        if (ref != null) {
            clone.add("--branch=" + ref);
        }
        clone.addAll(List.of("--", url, repository.toString()));
        run(clone, scratch);
        var git = List.of("git", "--git-dir=" + repository);
        var commit = run(with(git, "rev-parse", "--verify", "HEAD^{commit}"), scratch)
                .strip();
        var zip = scratch.resolve("files.zip");
        run(with(git, "archive", "--format=zip", "--output=" + zip, commit), scratch);
        return SourceFiles.ofZip(zip, commit);
    }

    private static List<String> with(List<String> git, String... more) {
        var command = new ArrayList<>(git);
        command.addAll(List.of(more));
        return command;
    }

    /** The address that git is held to, so that nobody answers twice with different ones; null where a proxy asks. */
    private @Nullable String check(String url) throws IOException {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IOException("'" + url + "' is not an address: " + e.getMessage(), e);
        }
        if (!protocol.equals(uri.getScheme())) {
            throw new IOException("repositories are fetched by " + protocol + " only: " + url);
        }
        if (protocol.equals("file")) {
            return null;
        }
        var host = uri.getHost();
        if (host == null || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IOException("an address has a host, a path and nothing else (no password): clone a private"
                    + " repository yourself and import its folder");
        }
        if (proxy() != null) {
            return null;
        }
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("no such host: " + host, e);
        }
        for (InetAddress address : addresses) {
            if (!privateToo && !PublicAddress.is(address)) {
                throw new IOException(host + " is " + address.getHostAddress()
                        + ", which is not a public address; --allow-private-address allows it");
            }
        }
        int port = uri.getPort() < 0 ? 443 : uri.getPort();
        return host + ":" + port + ":"
                + Arrays.stream(addresses)
                        .map(address -> address instanceof Inet6Address
                                ? "[" + address.getHostAddress().replaceFirst("%.*", "") + "]"
                                : address.getHostAddress())
                        .collect(Collectors.joining(","));
    }

    private static @Nullable String proxy() {
        for (String name : List.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")) {
            var value = System.getenv(name);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    private static String run(List<String> command, Path scratch) throws IOException, InterruptedException {
        var out = Files.createTempFile(scratch, "git", ".out");
        var err = Files.createTempFile(scratch, "git", ".err");
        var builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        environment(builder, scratch);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException(
                    "git is needed to fetch a repository, and could not be started (" + e.getMessage()
                            + "); or download it and import the folder or zip",
                    e);
        }
        try {
            process.getOutputStream().close();
            long end = System.nanoTime() + LONGEST.toNanos();
            while (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() > end) {
                    throw new IOException("git took longer than " + LONGEST.toMinutes() + " minutes");
                }
                if (size(scratch) > MAX_BYTES) {
                    throw new IOException("the repository is larger than " + (MAX_BYTES >> 30) + " GiB");
                }
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            var told = Files.readString(err, StandardCharsets.UTF_8).strip().replaceAll("[\\x00-\\x1f]+", " ");
            throw new IOException("git failed: " + (told.length() > MAX_TOLD ? told.substring(0, MAX_TOLD) : told));
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private static void environment(ProcessBuilder builder, Path scratch) {
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("GIT_") || name.startsWith("SSH_"));
        environment.put("HOME", scratch.toString());
        environment.put("LC_ALL", "C");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_ASKPASS", "true");
    }

    private static long size(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.mapToLong(GitSource::length).sum();
        } catch (java.io.UncheckedIOException gone) {
            return 0; // git renames while it works; the next look counts
        }
    }

    private static long length(Path path) {
        try {
            return Files.isRegularFile(path) ? Files.size(path) : 0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
