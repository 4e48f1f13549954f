package io.marsad.agent.collect;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Services: what is there at the first look ({@code Inventory}), {@code Start}, {@code Stop}, {@code Fail}, {@code Restart}
 * (another first process), {@code Enable} and {@code Disable} (whether it starts by itself), {@code Install}, {@code Remove},
 * {@code Update} (what it runs, or which file defines it). Fields: name, title, state, start_mode, path, cmd_line, pid, user,
 * and of what was another before start_mode_before, path_before, cmd_line_before, pid_before.
 */
public final class ServiceCollector implements Collector {
    private static final int FILES = 5_000;

    /** The services that the host knows. */
    public interface Services {
        /** By name; null when there is nothing to be had now. */
        @Nullable
        Map<String, HostService> look();

        /** How much of it made no sense. */
        long refusals();
    }

    /** Services that a program of the host lists. */
    public static final class Listed implements Services {
        private final Programs programs;
        private final List<String> command;
        private final Function<byte[], Table<String, HostService>> parser;
        private long refusals;

        /** @param parser of what the command says */
        public Listed(Programs programs, List<String> command, Function<byte[], Table<String, HostService>> parser) {
            this.programs = programs;
            this.command = List.copyOf(command);
            this.parser = parser;
        }

        @Override
        public @Nullable Map<String, HostService> look() {
            var said = programs.at(command);
            if (said == null) {
                return null;
            }
            var table = parser.apply(said);
            refusals += table.refused();
            return table.rows().isEmpty() ? null : table.rows();
        }

        @Override
        public long refusals() {
            return refusals + programs.refusals();
        }
    }

    private final Origin origin;
    private final Services services;
    private final List<Path> folders;
    private final String suffix;
    private final Changes<String, HostService> changes = new Changes<>();
    private final Changes<String, String> files = new Changes<>();
    private Map<String, HostService> before = Map.of();

    /**
     * @param folders of the files that define services, those that count most first. Where there are any, they say what is
     *     installed, as the host forgets services that do not run; where there are none, the host's list does
     * @param suffix of the names of those files; a service is called as its file, and one of macOS without the suffix
     */
    public ServiceCollector(Origin origin, Services services, List<Path> folders, String suffix) {
        this.origin = origin;
        this.services = services;
        this.folders = List.copyOf(folders);
        this.suffix = suffix;
    }

    /** Those of systemd. */
    public static ServiceCollector systemd(HostRoot root, Origin origin) {
        return new ServiceCollector(
                origin,
                new Systemd(new ProgramLook(origin.clock())),
                Systemd.FOLDERS.stream().map(root::of).toList(),
                ".service");
    }

    @Override
    public String name() {
        return "service";
    }

    @Override
    public void poll(Sink sink) {
        var now = services.look();
        if (now == null) {
            return;
        }
        if (!folders.isEmpty()) {
            files.look(files(), (change, name, path, pathNow) -> file(change, name, path, pathNow, now, sink));
        }
        changes.look(now, (change, name, was, is) -> {
            switch (change) {
                case FIRST -> tell("Inventory", is, is, sink);
                case CAME -> {
                    if (folders.isEmpty()) {
                        tell("Install", is, is, sink);
                    }
                    if (is.isRunning() || is.state() == HostService.State.FAILED) {
                        tell(is.isRunning() ? "Start" : "Fail", is, is, sink);
                    }
                }
                case CHANGED -> is.since(was).forEach(activity -> tell(activity, was, is, sink));
                case GONE -> {
                    if (was.isRunning()) {
                        tell("Stop", was, was, sink);
                    }
                    if (folders.isEmpty()) {
                        tell("Remove", was, was, sink);
                    }
                }
            }
        });
        before = now;
    }

    private void file(
            Changes.Change change, String name, String was, String is, Map<String, HostService> now, Sink sink) {
        var service = now.get(name);
        var known = service == null ? HostService.defined(name, is) : service;
        switch (change) {
            case FIRST -> {
                if (service == null) {
                    tell("Inventory", known, known, sink);
                }
            }
            case CAME -> tell("Install", known, known, sink);
            case CHANGED -> tell("Update", HostService.defined(name, was), HostService.defined(name, is), sink);
            case GONE -> {
                var last = before.getOrDefault(name, HostService.defined(name, was));
                tell("Remove", last, last, sink);
            }
        }
    }

    private void tell(String activity, HostService was, HostService is, Sink sink) {
        sink.accept(is.putBefore(is.put(origin.record(name(), activity)), was));
    }

    private Map<String, String> files() {
        var found = new HashMap<String, String>();
        for (var folder : folders) {
            for (var file : HostRoot.list(folder, FILES)) {
                var name = file.getFileName().toString();
                if (name.endsWith(suffix) && found.size() < FILES && !isOtherName(file, name)) {
                    var called = suffix.equals(".plist") ? name.substring(0, name.length() - suffix.length()) : name;
                    found.putIfAbsent(called, file.toString());
                }
            }
        }
        return found;
    }

    /** A link to a file of another name: an alias, or what masks a service. */
    private static boolean isOtherName(Path file, String name) {
        var target = Files.isSymbolicLink(file) ? HostRoot.link(file) : null;
        return target != null && !target.endsWith("/" + name);
    }

    @Override
    public long refusals() {
        return services.refusals();
    }
}
