package io.marsad.ingest.syslog;

import io.marsad.ingest.intake.Sender;
import java.net.InetAddress;
import java.time.Duration;

/**
 * Where syslog is listened for, and whose it is.
 *
 * @param udpPort 0 for any free one, -1 for none
 * @param tcpPort 0 for any free one, -1 for none
 * @param maxConnections more are closed at once
 * @param idle a connection that sends nothing for so long is closed
 */
public record SyslogConfig(
        Sender sender, InetAddress address, int udpPort, int tcpPort, int maxConnections, Duration idle) {
    /** 256 connections, closed after ten idle minutes. */
    public static SyslogConfig of(Sender sender, InetAddress address, int udpPort, int tcpPort) {
        return new SyslogConfig(sender, address, udpPort, tcpPort, 256, Duration.ofMinutes(10));
    }
}
