package io.marsad.server.cli;

import io.marsad.fleet.boundary.Relay;
import io.marsad.fleet.boundary.RelaySpool;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.server.node.Logs;
import io.marsad.store.disk.Disk;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.uplink.Identity;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code marsad relay run}. */
@Command(
        name = "run",
        description = "Run the relay. Ctrl-C stops it; what waits is kept, and passed on when it runs again.",
        sortOptions = false)
final class RelayRunCommand implements Callable<Integer> {
    static final Path DATA = Path.of("/var/lib/marsad-relay");
    static final String VERSION = "0.1.0";
    private static final long LOOK_MILLIS = 500;
    private static final long TOLD_MILLIS = 60_000;
    private static final long STOP_SECONDS = 20;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where the relay keeps what is its own (${DEFAULT-VALUE}).")
    private Path data = DATA;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where hosts call that are let in (${DEFAULT-VALUE}).")
    private String listen = "0.0.0.0:8481";

    @Option(
            names = "--enroll-listen",
            paramLabel = "HOST:PORT",
            description = "Where hosts ask to be let in (${DEFAULT-VALUE}).")
    private String enrollListen = "0.0.0.0:8482";

    @Option(
            names = "--spool-mib",
            paramLabel = "MIB",
            description = "What waits takes at most so much of the disk (${DEFAULT-VALUE}).")
    private int spoolMib = 4096;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "text or json: how it says that it is ready, and each minute how it is.")
    private String format = "text";

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Identity.isIn(data)) {
            throw new CommandFailure(data + ": this relay was not let in yet: ./marsad relay enroll --help");
        }
        Logs.into(data.resolve("log"));
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            try {
                stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (var relay = open()) {
            say("ready", relay);
            long told = System.nanoTime();
            while (!stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                relay.look();
                if (System.nanoTime() - told >= TimeUnit.MILLISECONDS.toNanos(TOLD_MILLIS)) {
                    told = System.nanoTime();
                    say("running", relay);
                }
            }
            say("stopped", relay);
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private Relay open() throws IOException {
        var clock = InstantSource.system();
        var position = data.resolve("position");
        var tenant = new TenantId(Identity.read(data).peer().tenant());
        long from = RelaySpool.position(position);
        var random = new SecureRandom();
        var config = LogConfig.in(data.resolve("spool"))
                .withMaxBytes((long) spoolMib << 20)
                .withoutRetention();
        var log = SegmentLog.open(config, Disk.real(), clock, random, _ -> from);
        try {
            var at = new Relay.Addresses(address(listen), address(enrollListen));
            return new Relay(data, new RelaySpool(tenant, log, position, clock, random), at, clock);
        } catch (IOException e) {
            log.close();
            if (e.getCause() instanceof BindException) {
                throw new CommandFailure(listen + " or " + enrollListen + " cannot be listened on (in use?)");
            }
            throw e;
        }
    }

    private static InetSocketAddress address(String text) {
        try {
            var address = Identity.Address.of(text);
            return new InetSocketAddress(address.host(), address.port());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    private void say(String what, Relay relay) {
        var status = relay.status();
        if (format.equals("json")) {
            System.out.println(JsonNodeFactory.instance
                    .objectNode()
                    .put("state", what)
                    .put("port", relay.port())
                    .put("enroll_port", relay.doorPort())
                    .put("known", status.known())
                    .put("connected", status.connected())
                    .put("taken", status.taken())
                    .put("sent", status.sent())
                    .put("waiting_records", status.waiting())
                    .put("rejected", status.rejected())
                    .put("refused", status.refused())
                    .put("trouble", status.trouble()));
        } else {
            System.out.println("marsad relay " + what + ": hosts on " + relay.port() + ", enrollment on "
                    + relay.doorPort() + "; known=" + status.known() + " connected=" + status.connected() + " taken="
                    + status.taken() + " sent=" + status.sent() + " waiting_records=" + status.waiting() + " rejected="
                    + status.rejected() + " refused=" + status.refused()
                    + (status.trouble().isEmpty() ? "" : "; " + status.trouble()));
        }
    }
}
