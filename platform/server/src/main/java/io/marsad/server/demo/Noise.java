package io.marsad.server.demo;

import io.marsad.server.demo.Records.Launch;
import io.marsad.server.demo.Records.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** An ordinary morning: what Windows hosts, Linux servers, the cloud account and containers do all day. */
final class Noise {
    private static final String SYSTEM32 = "C:\\Windows\\System32\\";
    private static final List<String> USERS = List.of("l.berg", "m.kaya", "j.ortiz", "s.lind", "a.novak", "p.haddad");
    private static final List<Launch> LAUNCHES = List.of(
            new Launch(
                    SYSTEM32 + "svchost.exe",
                    "svchost.exe -k netsvcs -p -s Schedule",
                    SYSTEM32 + "services.exe",
                    "services.exe"),
            new Launch(
                    "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
                    "\"C:\\Program Files\\Mozilla Firefox\\firefox.exe\" -contentproc -childID 4",
                    "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
                    "firefox.exe"),
            new Launch(
                    SYSTEM32 + "RuntimeBroker.exe",
                    "RuntimeBroker.exe -Embedding",
                    SYSTEM32 + "svchost.exe",
                    "svchost.exe -k DcomLaunch"),
            new Launch(
                    SYSTEM32 + "conhost.exe",
                    "\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1",
                    SYSTEM32 + "cmd.exe",
                    "cmd.exe /c inventory.cmd"),
            new Launch(
                    SYSTEM32 + "taskhostw.exe",
                    "taskhostw.exe Install $(Arg0)",
                    SYSTEM32 + "svchost.exe",
                    "svchost.exe -k netsvcs"),
            new Launch(
                    "C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE",
                    "EXCEL.EXE \"C:\\Users\\Public\\Documents\\rates.xlsx\"",
                    "C:\\Windows\\explorer.exe",
                    "C:\\Windows\\Explorer.EXE"),
            new Launch(SYSTEM32 + "ipconfig.exe", "ipconfig /all", SYSTEM32 + "cmd.exe", "cmd.exe"),
            new Launch(
                    SYSTEM32 + "WindowsPowerShell\\v1.0\\powershell.exe",
                    "powershell.exe -ExecutionPolicy RemoteSigned -File C:\\Scripts\\inventory.ps1",
                    SYSTEM32 + "svchost.exe",
                    "svchost.exe -k netsvcs -p -s Schedule"));
    private static final List<String[]> COMMANDS = List.of(
            new String[] {"/usr/bin/ls", "ls", "-la", "/var/www"},
            new String[] {"/usr/bin/systemctl", "systemctl", "status", "nginx"},
            new String[] {"/usr/bin/grep", "grep", "-c", "ERROR", "/var/log/app.log"},
            new String[] {"/usr/bin/git", "git", "pull", "--ff-only"},
            new String[] {"/usr/bin/df", "df", "-h"},
            new String[] {"/usr/bin/curl", "curl", "-fsS", "http://localhost:8080/health"});
    private static final List<String> CALLS = List.of(
            "DescribeInstances", "DescribeVolumes", "ListBuckets", "GetCallerIdentity", "DescribeSecurityGroups");

    private final SplittableRandom random;
    private final Records records;

    Noise(SplittableRandom random, Records records) {
        this.random = random;
        this.records = records;
    }

    /** So many records, spread over the time. */
    List<Record> records(int count, Instant start, Duration span) {
        var all = new ArrayList<Record>(count);
        for (int i = 0; i < count; i++) {
            all.add(one(start.plusMillis(random.nextLong(span.toMillis()))));
        }
        return all;
    }

    private Record one(Instant at) {
        int kind = random.nextInt(100);
        if (kind < 45) {
            return windowsProcess(at);
        }
        if (kind < 60) {
            return windowsLogon(at);
        }
        if (kind < 70) {
            return network(at);
        }
        if (kind < 80) {
            return sshd(at);
        }
        if (kind < 90) {
            var command = COMMANDS.get(random.nextInt(COMMANDS.size()));
            var arguments = java.util.Arrays.copyOfRange(command, 1, command.length);
            return records.execve(at, 1000, command[0], arguments);
        }
        if (kind < 97) {
            var service = random.nextBoolean() ? "ec2.amazonaws.com" : "s3.amazonaws.com";
            return records.cloudTrail(
                    at,
                    service,
                    CALLS.get(random.nextInt(CALLS.size())),
                    "build-bot",
                    "198.51.100.23",
                    "readOnly",
                    true);
        }
        return records.falco(at, "Launch Package Management Process in Container", "Informational", "apk", "apk info");
    }

    private String workstation() {
        return "WKS-0" + (10 + random.nextInt(30)) + ".halden.example";
    }

    private String user() {
        return USERS.get(random.nextInt(USERS.size()));
    }

    private Record windowsProcess(Instant at) {
        var launch = LAUNCHES.get(random.nextInt(LAUNCHES.size()));
        return records.process(at, workstation(), "HALDEN\\" + user(), launch);
    }

    private Record windowsLogon(Instant at) {
        boolean off = random.nextInt(3) == 0;
        return records.security(
                at,
                "DC-01.halden.example",
                off ? 4634 : 4624,
                "SubjectUserSid",
                "S-1-0-0",
                "SubjectUserName",
                "-",
                "SubjectDomainName",
                "-",
                "SubjectLogonId",
                "0x0",
                "TargetUserSid",
                "S-1-5-21-1004336348-1177238915-682003330-" + (1100 + random.nextInt(80)),
                "TargetUserName",
                user(),
                "TargetDomainName",
                "HALDEN",
                "TargetLogonId",
                "0x" + Integer.toHexString(random.nextInt(0x10000, 0xFFFFFF)),
                "LogonType",
                3,
                "LogonProcessName",
                "Kerberos",
                "AuthenticationPackageName",
                "Kerberos",
                "WorkstationName",
                "-",
                "LogonGuid",
                records.guid(),
                "IpAddress",
                "10.20.4." + (10 + random.nextInt(30)),
                "IpPort",
                String.valueOf(49_152 + random.nextInt(16_000)));
    }

    private Record network(Instant at) {
        return records.sysmon(
                at,
                workstation(),
                3,
                "ProcessGuid",
                records.guid(),
                "ProcessId",
                2000 + random.nextInt(8000),
                "Image",
                "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
                "User",
                "HALDEN\\" + user(),
                "Protocol",
                "tcp",
                "Initiated",
                "true",
                "SourceIsIpv6",
                "false",
                "SourceIp",
                "10.20.4." + (10 + random.nextInt(30)),
                "SourceHostname",
                "-",
                "SourcePort",
                49_152 + random.nextInt(16_000),
                "DestinationIsIpv6",
                "false",
                "DestinationIp",
                "192.0.2." + random.nextInt(1, 250),
                "DestinationHostname",
                "-",
                "DestinationPort",
                443);
    }

    private Record sshd(Instant at) {
        return records.syslog(
                at,
                "web-07",
                "sshd",
                "Accepted publickey for deploy from 10.20.4.30 port " + (40_000 + random.nextInt(9000))
                        + " ssh2: ED25519 SHA256:Jn1Rk3");
    }
}
