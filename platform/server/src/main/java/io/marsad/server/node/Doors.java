package io.marsad.server.node;

import io.marsad.ingest.follow.LogFollower;
import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.Sender;
import io.marsad.ingest.syslog.SyslogConfig;
import io.marsad.ingest.syslog.SyslogDoor;
import io.marsad.server.config.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.util.function.Consumer;

/** The doors that are not HTTP; they bring records of the installation's own tenant. */
final class Doors {
    private Doors() {}

    static void open(Config config, AgentDoors.State state, Parts parts, Consumer<String> say) throws IOException {
        var intake = state.intake();
        var agents = config.agents();
        if (agents != null) {
            parts.add(AgentDoors.open(agents, state, say));
        }
        var syslog = config.syslog();
        if (syslog != null) {
            syslog(config, syslog, intake, parts, say);
        }
        if (config.watch()) {
            var sender = new Sender(config.tenant(), "this-machine");
            var follower = LogFollower.thisMachine(config.data().resolve("follow"), sender, intake);
            if (follower != null) {
                parts.add(follower);
            }
            say.accept(
                    follower != null
                            ? "Watching this machine's own log."
                            : "This machine's own log cannot be read; only what is sent is seen.");
        }
    }

    private static void syslog(Config config, Config.Syslog listen, Intake intake, Parts parts, Consumer<String> say)
            throws IOException {
        var sender = new Sender(config.tenant(), "syslog");
        var address = InetAddress.getByName(listen.address());
        try {
            var door = parts.add(
                    SyslogDoor.open(SyslogConfig.of(sender, address, listen.udpPort(), listen.tcpPort()), intake));
            say.accept("Syslog on " + listen.address() + ": UDP " + door.udpPort() + ", TCP " + door.tcpPort() + ".");
        } catch (IOException e) {
            throw new StartRefused(
                    "the syslog ports " + listen.udpPort() + " (UDP) and " + listen.tcpPort() + " (TCP) of "
                            + listen.address() + " cannot be listened on (in use?): choose others with"
                            + " --set syslog.udp=PORT --set syslog.tcp=PORT, or -1 for none",
                    e);
        }
    }
}
