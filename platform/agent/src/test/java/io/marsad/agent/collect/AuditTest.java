package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Lines as auditd writes them. */
final class AuditTest {
    static final String SAMPLE = """
            type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=59 success=yes exit=0 a0=7fffd19c5592 a1=0 items=1 ppid=2686 pid=3538 auid=1000 uid=0 comm="cat" exe="/bin/cat" key="sshd config"
            type=EXECVE msg=audit(1364481363.243:24287): argc=3 a0="cat" a1="/etc/passwd" a2=612062
            type=CWD msg=audit(1364481363.243:24287):  cwd="/home/shadowman"
            type=PATH msg=audit(1364481363.243:24287): item=0 name="/bin/cat" inode=409248 mode=0100600 ouid=0
            type=SOCKADDR msg=audit(1364481363.243:24287): saddr=020001BBC0A8010A0000000000000000
            type=PROCTITLE msg=audit(1364481363.243:24287): proctitle=636174002F6574632F706173737764
            type=EOE msg=audit(1364481363.243:24287):
            type=USER_LOGIN msg=audit(1364481364.001:24288): pid=9 uid=0 msg='op=login acct="root" exe="/usr/sbin/sshd" hostname=? addr=10.0.0.9 terminal=ssh res=failed'
            """;

    @Test
    void linesOfOneEventAreOneRecord(@TempDir Path root) throws IOException {
        var log = Files.createDirectories(root.resolve("var/log/audit")).resolve("audit.log");
        Files.createFile(log);
        var clock = new TestClock("2026-11-23T06:00:00Z");
        var collector = new AuditCollector(new HostRoot(root), root.resolve("p"), clock);
        var found = new ArrayList<ObjectNode>();
        collector.poll(found::add);
        Files.writeString(log, SAMPLE + "rubbish\n", StandardOpenOption.APPEND);
        collector.poll(found::add);
        assertThat(found).singleElement().satisfies(event -> {
            assertThat(event.get("activity").stringValue()).isEqualTo("SYSCALL");
            assertThat(event.get("time").asLong()).isEqualTo(1364481363243L);
            assertThat(event.get("cmd_line").stringValue()).isEqualTo("cat /etc/passwd a b");
            assertThat(event.get("proctitle").stringValue()).isEqualTo("cat /etc/passwd");
            assertThat(event.get("key").stringValue()).isEqualTo("sshd config");
            assertThat(event.get("a0").stringValue()).isEqualTo("7fffd19c5592");
            assertThat(event.get("cwd").stringValue()).isEqualTo("/home/shadowman");
            assertThat(event.at("/paths/0/name").stringValue()).isEqualTo("/bin/cat");
            assertThat(event.get("dst_ip").stringValue()).isEqualTo("192.168.1.10");
            assertThat(event.get("dst_port").asInt()).isEqualTo(443);
        });
        collector.commit(); // the login still waits: it must come again after a restart
        var again = new AuditCollector(new HostRoot(root), root.resolve("p"), clock);
        assertThat(Files.exists(root.resolve("p"))).isFalse();
        assertThat(again.refusals()).isZero();
        clock.advance(Duration.ofSeconds(3));
        collector.poll(found::add);
        assertThat(found).hasSize(2);
        assertThat(found.getLast().get("acct").stringValue()).isEqualTo("root");
        assertThat(found.getLast().get("res").stringValue()).isEqualTo("failed");
        assertThat(collector.refusals()).isEqualTo(1);
    }
}
