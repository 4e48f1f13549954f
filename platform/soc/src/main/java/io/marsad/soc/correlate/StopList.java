package io.marsad.soc.correlate;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What everybody has to do with, so that sharing it says nothing: built-in accounts, the operating system's files, public mail
 * and name services. What turns out to be shared by many only while alerts come is found by {@link Correlator} itself.
 */
public final class StopList {
    private static final Set<String> NOTHING =
            Set.of("", "-", "--", "n/a", "none", "null", "(null)", "unknown", "undefined", "<na>");
    private static final Set<String> NOBODY = Set.of(
            "system",
            "localsystem",
            "local system",
            "local service",
            "localservice",
            "network service",
            "networkservice",
            "anonymous logon",
            "anonymous",
            "everyone",
            "authenticated users",
            "creator owner",
            "trustedinstaller",
            "iusr",
            "defaultaccount",
            "wdagutilityaccount",
            "root",
            "nobody",
            "daemon",
            "www-data",
            "nt authority",
            "system account");
    private static final Pattern NOBODY_LIKE = Pattern.compile("(?:dwm|umfd)-[0-9]+|s-1-5-(?:18|19|20)");
    private static final Set<String> NOBODY_DOMAINS =
            Set.of("nt authority", "nt service", "window manager", "font driver host", "builtin", "iis apppool");
    /** A domain's account, and a directory's: SIDs of anything else are the same everywhere. */
    private static final Pattern PERSONAL_SID =
            Pattern.compile("(?!s-1-5-[89][0-9]-)s-[0-9]+-[0-9]+-[0-9]+-[0-9]+-[0-9]+-[0-9]+(-[0-9]+)*");

    private static final Set<String> NO_HOST = Set.of("localhost", "localhost.localdomain", "workstation", "computer");
    /** By custom, machines that everybody signs in at or passes through; tenants name others. */
    private static final Pattern SHARED_HOST = Pattern.compile(
            "(?:^|.*[-_])(?:dc|adc|addc|pdc|bdc|rodc|proxy|vpn|nat|gw|fw|dns|ntp|wsus|sccm|exch|mail|smtp)[0-9]*(?:[-_].*|$)");

    private static final Set<String> SHARED_ADDRESSES = Set.of(
            "1.1.1.1",
            "1.0.0.1",
            "8.8.8.8",
            "8.8.4.4",
            "9.9.9.9",
            "149.112.112.112",
            "208.67.222.222",
            "208.67.220.220",
            "168.63.129.16",
            "169.254.169.254",
            "2606:4700:4700:0:0:0:0:1111",
            "2606:4700:4700:0:0:0:0:1001",
            "2001:4860:4860:0:0:0:0:8888",
            "2001:4860:4860:0:0:0:0:8844");
    /** With all names below them, but for those of others' pages, which live below names of their own. */
    private static final Set<String> SHARED_DOMAINS = Set.of(
            "gmail.com",
            "googlemail.com",
            "outlook.com",
            "hotmail.com",
            "live.com",
            "yahoo.com",
            "icloud.com",
            "proton.me",
            "protonmail.com",
            "gmx.net",
            "gmx.de",
            "aol.com",
            "mail.ru",
            "yandex.ru",
            "qq.com",
            "163.com",
            "google.com",
            "microsoft.com",
            "microsoftonline.com",
            "windowsupdate.com",
            "office.com",
            "office.net",
            "office365.com",
            "live.net",
            "msftconnecttest.com",
            "apple.com",
            "ubuntu.com",
            "debian.org");

    private static final Set<String> SHARED_APPLICATIONS = Set.of(
            "office 365",
            "microsoft 365",
            "microsoft exchange online",
            "office 365 exchange online",
            "microsoft sharepoint online",
            "office 365 sharepoint online",
            "microsoft onedrive for business",
            "microsoft teams",
            "microsoft azure",
            "azure portal",
            "microsoft azure management",
            "azure active directory",
            "microsoft entra id",
            "active directory",
            "microsoft graph",
            "windows sign in",
            "officehome",
            "microsoft 365 defender",
            "google workspace",
            "gmail",
            "google drive",
            "amazon web services",
            "okta");
    private static final Pattern SYSTEM_FOLDER = Pattern.compile(
            "(?:[a-z]:|\\\\\\\\\\?\\\\[a-z]:|\\\\device\\\\harddiskvolume[0-9]+|\\\\\\?\\?\\\\[a-z]:)?\\\\(?:windows|winnt|program files|program files \\(x86\\))(?:\\\\.*)?"
                    + "|(?:%systemroot%|%windir%|\\\\systemroot|%programfiles%|%programfiles\\(x86\\)%)(?:\\\\.*)?"
                    + "|\\\\(?:bin|sbin|lib|lib64|usr\\\\bin|usr\\\\sbin|usr\\\\lib|usr\\\\lib64|usr\\\\libexec|usr\\\\share|system|applications|library\\\\apple)(?:\\\\.*)?");
    /** Below a system's folder, and yet anybody may write there. */
    private static final Pattern OPEN_FOLDER = Pattern.compile(
            ".*\\\\windows\\\\(?:temp|tasks|tracing|debug\\\\wia|system32\\\\tasks|system32\\\\spool\\\\drivers\\\\color)(?:\\\\.*)?");
    /** Programs of systems, where a source tells no folder. */
    private static final Set<String> SYSTEM_FILES = Set.of(
            "cmd.exe",
            "%comspec%",
            "powershell.exe",
            "powershell_ise.exe",
            "pwsh.exe",
            "conhost.exe",
            "explorer.exe",
            "svchost.exe",
            "services.exe",
            "lsass.exe",
            "lsaiso.exe",
            "wininit.exe",
            "winlogon.exe",
            "csrss.exe",
            "smss.exe",
            "ntoskrnl.exe",
            "system",
            "registry",
            "rundll32.exe",
            "regsvr32.exe",
            "mshta.exe",
            "wscript.exe",
            "cscript.exe",
            "wmiprvse.exe",
            "wmic.exe",
            "bcdedit.exe",
            "vssadmin.exe",
            "wbadmin.exe",
            "schtasks.exe",
            "taskhostw.exe",
            "reg.exe",
            "net.exe",
            "net1.exe",
            "sc.exe",
            "whoami.exe",
            "certutil.exe",
            "curl.exe",
            "dllhost.exe",
            "msiexec.exe",
            "notepad.exe",
            "runtimebroker.exe",
            "userinit.exe",
            "werfault.exe",
            "installutil.exe",
            "msbuild.exe",
            "outlook.exe",
            "winword.exe",
            "excel.exe",
            "chrome.exe",
            "msedge.exe",
            "firefox.exe",
            "sh",
            "bash",
            "dash",
            "zsh",
            "python",
            "python3",
            "perl",
            "sudo",
            "ssh",
            "sshd",
            "systemd",
            "curl",
            "wget",
            "launchd",
            "kernel");

    private final Set<String> stopped;
    private final Set<String> shared;

    private StopList(Set<String> stopped, Set<String> shared) {
        this.stopped = stopped;
        this.shared = shared;
    }

    /** What holds anywhere. */
    public static StopList usual() {
        return new StopList(Set.of(), Set.of());
    }

    /**
     * With what a tenant knows of itself.
     *
     * @param values accounts, addresses, domains, hosts … that say nothing at all, in any case
     * @param hosts names of machines that all pass through: their grip is faint
     */
    public StopList and(Set<String> values, Set<String> hosts) {
        return new StopList(joined(stopped, values), joined(shared, hosts));
    }

    /** Whether a source writes it where it has nothing; in lower case. */
    public static boolean isNothing(String text) {
        return NOTHING.contains(text);
    }

    boolean holds(Observable.Key key) {
        return stopped.contains(key.value());
    }

    boolean isPersonal(String sid) {
        return PERSONAL_SID.matcher(sid).matches();
    }

    /** Whether an account is the machine's own or everybody's; both in lower case. */
    public boolean isNobody(String name, String domain) {
        return NOBODY.contains(name)
                || NOBODY_DOMAINS.contains(domain)
                || NOBODY_LIKE.matcher(name).matches();
    }

    /** Whether it names no machine; in lower case. */
    public boolean isNoHost(String name) {
        return NO_HOST.contains(name);
    }

    boolean isSharedHost(String fqdn, String label) {
        return shared.contains(fqdn)
                || shared.contains(label)
                || SHARED_HOST.matcher(label).matches();
    }

    /** Whether an address is everybody's or leads nowhere. */
    public boolean isSharedAddress(String address) {
        return SHARED_ADDRESSES.contains(address) || Addresses.isOfNobody(address);
    }

    boolean isSharedDomain(String name) {
        for (int from = 0; from >= 0; from = name.indexOf('.', from) < 0 ? -1 : name.indexOf('.', from) + 1) {
            if (SHARED_DOMAINS.contains(name.substring(from))) {
                return true;
            }
        }
        return name.indexOf('.') < 0;
    }

    boolean isSharedApplication(Kind kind, String id, String name) {
        return kind == Kind.APPLICATION && (SHARED_APPLICATIONS.contains(name) || SHARED_APPLICATIONS.contains(id));
    }

    boolean isNoDirectory(String name) {
        return name.equals("workgroup")
                || name.equals("local")
                || NOBODY_DOMAINS.contains(name)
                || name.indexOf('.') >= 0 && isSharedDomain(name);
    }

    /** @param folder with backslashes, in lower case */
    boolean isSystemFile(String folder, String name) {
        var where = folder.endsWith("\\" + name) ? folder.substring(0, folder.length() - name.length() - 1) : folder;
        return where.isEmpty()
                ? SYSTEM_FILES.contains(name)
                : SYSTEM_FOLDER.matcher(where).matches()
                        && !OPEN_FOLDER.matcher(where).matches();
    }

    private static Set<String> joined(Set<String> some, Set<String> others) {
        var all = new HashSet<>(some);
        others.forEach(other -> all.add(other.strip().toLowerCase(Locale.ROOT)));
        return Set.copyOf(all);
    }
}
