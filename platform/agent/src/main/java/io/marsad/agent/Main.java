package io.marsad.agent;

import io.marsad.agent.collect.HostRoot;
import io.marsad.agent.policy.Policy;
import io.marsad.agent.policy.PolicyRefused;
import io.marsad.uplink.Enrolling;
import io.marsad.uplink.Identity;
import io.marsad.uplink.ThisHost;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The command: {@code enroll}, {@code run}, {@code collect}, {@code --version}. */
public final class Main {
    /** Of the package that it was begun from. */
    static final String VERSION = System.getProperty("marsad.agent.version", "0.1.0");

    /** The guard begins what is current then. */
    private static final int AGAIN = 75;

    private static final String DATA = "/var/lib/marsad-agent";
    private static final List<String> ONCE = List.of("processes", "sockets", "services", "inventory");
    private static final String USAGE = """
            usage: enroll --server HOST:PORT --secret SECRET --authority SHA256 [--data FOLDER]
                          [--hardware-id ID] [--force]
                                        asks a relay, or the platform itself, to let this host in; the
                                        console gives the line with all of it under Endpoints
                   run [--data FOLDER]  collects as the policy says, and sends it
                   collect --once NAME...   prints what is there now as JSON lines; NAME: processes, sockets,
                                            services, inventory
                   --version

            FOLDER: where identity, policy and what was not sent yet are kept; /var/lib/marsad-agent""";

    private Main() {}

    /** The command was not told rightly. */
    private static final class Unclear extends Exception {
        private static final long serialVersionUID = 1;

        Unclear(String message) {
            super(message);
        }
    }

    public static void main(String[] arguments) throws Exception {
        System.exit(main(List.of(arguments), System.out, System.err));
    }

    /** The exit code: 0, 1 when it could not be done, 2 when it was not told rightly, 75 when it is to be begun again. */
    static int main(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException {
        try {
            return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
                case "enroll" -> enroll(options(arguments, Set.of("force")), out);
                case "run" -> run(folder(options(arguments, Set.of())), err);
                case "collect" -> collect(arguments, out);
                case "--version" -> {
                    out.println("marsad agent " + VERSION);
                    yield 0;
                }
                case "--help", "-h", "help" -> {
                    out.println(USAGE);
                    yield 0;
                }
                default -> throw new Unclear("");
            };
        } catch (Unclear | IllegalArgumentException e) {
            err.println(String.valueOf(e.getMessage()).isEmpty() ? USAGE : "marsad agent: " + e.getMessage());
            return 2;
        } catch (IOException | PolicyRefused e) {
            err.println("marsad agent: " + e.getMessage());
            return 1;
        }
    }

    /** {@code --name value}, and {@code --name} alone for those that have none. */
    private static Map<String, String> options(List<String> arguments, Set<String> alone) throws Unclear {
        var known = Set.of("server", "secret", "authority", "data", "hardware-id", "force");
        var options = new HashMap<String, String>();
        for (int i = 1; i < arguments.size(); i++) {
            var name = arguments.get(i).startsWith("--") ? arguments.get(i).substring(2) : "";
            boolean valued = !alone.contains(name);
            if (!known.contains(name) || valued && i + 1 == arguments.size()) {
                throw new Unclear(arguments.get(i) + (known.contains(name) ? " needs a value" : " is not known")
                        + ": see --help");
            }
            options.put(name, valued ? arguments.get(++i) : "");
        }
        return options;
    }

    private static Path folder(Map<String, String> options) {
        return Path.of(options.getOrDefault("data", DATA));
    }

    private static String needed(Map<String, String> options, String name) throws Unclear {
        var value = options.get(name);
        if (value == null) {
            throw new Unclear("--" + name + " is missing: see --help");
        }
        return value;
    }

    private static int enroll(Map<String, String> options, PrintStream out) throws Unclear, IOException {
        var folder = folder(options);
        if (Identity.isIn(folder) && !options.containsKey("force")) {
            throw new IOException("this host is in already, by " + folder
                    + "; --force enrolls it again, and ends the certificate that it has");
        }
        var invitation = new Enrolling.Invitation(
                Identity.Address.of(needed(options, "server")),
                needed(options, "secret"),
                needed(options, "authority"));
        var host = ThisHost.of(Path.of("/"), options.get("hardware-id"), VERSION);
        Files.createDirectories(folder);
        var identity = Enrolling.enroll(invitation, PeerId.Kind.ENDPOINT, host, InstantSource.system());
        identity.write(folder);
        out.println("Let in as endpoint " + identity.peer().id() + " of "
                + identity.peer().tenant() + ".");
        out.println("It reports to " + identity.server() + " when it runs: marsad-agent run");
        return 0;
    }

    private static int run(Path folder, PrintStream err) throws IOException, PolicyRefused, InterruptedException {
        if (!Identity.isIn(folder)) {
            throw new IOException(folder + ": this host was not let in yet: see enroll in --help");
        }
        var running = new Running(folder, err, InstantSource.system());
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            running.stop();
            try {
                stopped.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try {
            return running.run() ? AGAIN : 0;
        } finally {
            stopped.countDown();
        }
    }

    private static int collect(List<String> arguments, PrintStream out) throws Unclear {
        var names = arguments.subList(Math.min(2, arguments.size()), arguments.size());
        if (names.isEmpty() || !arguments.get(1).equals("--once") || !ONCE.containsAll(names)) {
            throw new Unclear("");
        }
        for (var name : names) {
            Collectors.of(name, HostRoot.real(), Path.of("."), Policy.Collection.ONCE, InstantSource.system())
                    .ifPresent(collector -> collector.poll(out::println));
        }
        out.flush();
        return 0;
    }
}
