package io.marsad.normalize.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AuditdParserTest {
    private static final String EXEC = """
            type=SYSCALL msg=audit(1700000000.123:42): arch=c000003e syscall=59 success=yes exit=0 a0=55d ppid=1 pid=2 auid=4294967295 comm="sh" exe="/bin/sh" key="exec"\u001DARCH=x86_64 SYSCALL=execve AUID="unset"
            type=EXECVE msg=audit(1700000000.123:42): argc=4 a0="sh" a1="-c" a2=6563686F20C3A9 a3_len=6 a3[0]=6162 a3[1]="cd"
            type=CWD msg=audit(1700000000.123:42): cwd=2F746D702F6120
            type=PATH msg=audit(1700000000.123:42): item=0 name="/bin/sh" nametype=NORMAL
            type=PATH msg=audit(1700000000.123:42): item=1 name=(null) nametype=NORMAL
            type=PROCTITLE msg=audit(1700000000.123:42): proctitle=7368002D630061""";

    @Test
    void joinsDecodesAndNames() {
        assertThat(Leaves.of(Leaves.parse(RecordFormat.AUDITD, EXEC)))
                .containsExactly(
                        "time=2023-11-14T22:13:20.123Z",
                        "serial=#42",
                        "type=SYSCALL",
                        "SYSCALL.arch=c000003e",
                        "SYSCALL.syscall=59",
                        "SYSCALL.success=yes",
                        "SYSCALL.exit=0",
                        "SYSCALL.a0=55d",
                        "SYSCALL.ppid=1",
                        "SYSCALL.pid=2",
                        "SYSCALL.auid=4294967295",
                        "SYSCALL.comm=sh",
                        "SYSCALL.exe=/bin/sh",
                        "SYSCALL.key=exec",
                        "SYSCALL.ARCH=x86_64",
                        "SYSCALL.SYSCALL=execve",
                        "SYSCALL.AUID=unset",
                        "type=EXECVE",
                        "EXECVE.argc=4",
                        "type=CWD",
                        "CWD.cwd=/tmp/a ",
                        "type=PATH",
                        "PATH.item=0",
                        "PATH.name=/bin/sh",
                        "PATH.nametype=NORMAL",
                        "type=PATH",
                        "PATH.item=1",
                        "PATH.name=0",
                        "PATH.nametype=NORMAL",
                        "type=PROCTITLE",
                        "PROCTITLE.proctitle=sh -c a",
                        "EXECVE.argv=sh -c echo é abcd",
                        "EXECVE.a0=sh",
                        "EXECVE.a1=-c",
                        "EXECVE.a2=echo é",
                        "EXECVE.a3=abcd");
    }

    @Test
    void whatProgramsReport() {
        assertThat(
                        Leaves.of(
                                Leaves.parse(
                                        RecordFormat.AUDITD,
                                        "node=h1 type=USER_CMD msg=audit(1700000000.001:7): pid=5 uid=0 msg='op=PAM:x acct=\"bob\" cwd=\"/\" cmd=6C73202D6C exe=\"/usr/bin/sudo\" hostname=? addr=1.2.3.4 terminal=pts/0 res=success'\u001DUID=\"root\"")))
                .containsExactly(
                        "node=h1",
                        "time=2023-11-14T22:13:20.001Z",
                        "serial=#7",
                        "type=USER_CMD",
                        "USER_CMD.pid=5",
                        "USER_CMD.uid=0",
                        "msg.op=PAM:x",
                        "msg.acct=bob",
                        "msg.cwd=/",
                        "msg.cmd=ls -l",
                        "msg.exe=/usr/bin/sudo",
                        "msg.hostname=?",
                        "msg.addr=1.2.3.4",
                        "msg.terminal=pts/0",
                        "msg.res=success",
                        "USER_CMD.UID=root");
        assertThat(
                        Leaves.of(
                                Leaves.parse(
                                        RecordFormat.AUDITD,
                                        "type=USER_AUTH msg=audit(1.001:7): user pid=5 msg='PAM: authentication acct=\"root\" : exe=\"/usr/sbin/sshd\" (hostname=h, addr=1.2.3.4, terminal=ssh res=failed)'")))
                .contains("msg.acct=root", "msg.hostname=h", "msg.addr=1.2.3.4", "msg.terminal=ssh", "msg.res=failed");
    }

    @Test
    void socketAddresses() {
        assertThat(socket("0200zz")).containsExactly("SOCKADDR.saddr=0200zz");
        assertThat(socket("02000050C0A801010000000000000000"))
                .containsExactly(
                        "SOCKADDR.saddr=02000050C0A801010000000000000000",
                        "SOCKADDR.family=inet",
                        "SOCKADDR.addr=192.168.1.1",
                        "SOCKADDR.port=#80");
        assertThat(socket("01002F72756E2F6100")).contains("SOCKADDR.family=unix", "SOCKADDR.path=/run/a");
        assertThat(socket("0A0000160000000000000000000000000000000000000001" + "00000000"))
                .contains("SOCKADDR.family=inet6", "SOCKADDR.addr=0:0:0:0:0:0:0:1", "SOCKADDR.port=#22");
    }

    private static List<String> socket(String saddr) {
        var all = Leaves.of(Leaves.parse(RecordFormat.AUDITD, "type=SOCKADDR msg=audit(1.001:7): saddr=" + saddr));
        return all.subList(3, all.size());
    }

    @Test
    void refusesWhatIsNoAuditLine() {
        assertThat(Leaves.refusal(RecordFormat.AUDITD, "hello")).contains("not an audit line");
        assertThat(Leaves.refusal(RecordFormat.AUDITD, "type=X msg=audit(1:2): a=b"))
                .contains("not an audit line");
    }

    @Test
    void linesOfInterleavedEventsComeTogether() throws IOException {
        var lines = EXEC.split("\n");
        var events = new ArrayList<String>();
        var framer = new AuditdFramer((b, o, n) -> events.add(new String(b, o, n, StandardCharsets.UTF_8)));
        for (var line : lines) {
            give(framer, line);
            give(framer, line.replace(":42)", ":43)"));
        }
        give(framer, "type=EOE msg=audit(1700000000.123:42): ");
        give(framer, "type=USER_END msg=audit(1700000000.200:44): pid=1 msg='op=x res=success'");
        give(framer, "type=LOGIN msg=audit(1700000000.300:45): pid=1 uid=0");
        assertThat(events).hasSize(3).startsWith(EXEC, EXEC.replace(":42)", ":43)"));
        framer.flush();
        assertThat(events).hasSize(4).last().isEqualTo("type=LOGIN msg=audit(1700000000.300:45): pid=1 uid=0");
    }

    private static void give(AuditdFramer framer, String line) throws IOException {
        var bytes = line.getBytes(StandardCharsets.UTF_8);
        framer.line(bytes, 0, bytes.length);
    }

    @Test
    void realLogsParse() throws IOException {
        var tape = new Tape(new PathTable());
        var parser = RecordFormat.AUDITD.newParser();
        int[] events = {0};
        var framer = new AuditdFramer((b, o, n) -> {
            assertThat(parser.parse(b, o, n, 0, tape))
                    .as(new String(b, o, n, StandardCharsets.UTF_8))
                    .isNull();
            events[0]++;
        });
        try (var walk = Files.walk(SharedData.folder("logs/auditd"))) {
            for (var file :
                    walk.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
                for (var line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                    if (line.contains("type=") && line.contains("msg=audit(")) {
                        give(framer, line);
                    }
                }
                framer.flush();
            }
        }
        assertThat(events[0]).isGreaterThan(20);
    }

    @Test
    void neverFailsWhateverTheBytes() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        var tape = new Tape(new PathTable());
        var parser = RecordFormat.AUDITD.newParser();
        for (int n = 0; n < 20_000; n++) {
            var bytes = EXEC.getBytes(StandardCharsets.UTF_8);
            for (int k = random.nextInt(20); k > 0; k--) {
                bytes[30 + random.nextInt(bytes.length - 30)] =
                        (byte) "='\"( a\n\u001D0AFé\u0000".charAt(random.nextInt(13));
            }
            parser.parse(bytes, 0, 30 + random.nextInt(bytes.length - 30), 0, tape);
            assertThat(Leaves.of(tape)).as("seed %d", seed).isNotNull();
        }
    }
}
