package io.marsad.soc.correlate;

import io.marsad.soc.correlate.Observable.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes observables of what sources write: one person or machine has many names, and each source has its own. What a stop-list
 * holds, and what names nothing, makes none.
 */
public final class Observables {
    private static final int MAX_VALUE = 512;

    private final StopList stops;

    /** @param stops what everybody has to do with */
    public Observables(StopList stops) {
        this.stops = stops;
    }

    /**
     * The names that a source has for one account.
     *
     * @param name alone, as {@code DOMAIN\name} or as {@code name@domain}
     * @param domain of the name, as NetBIOS or DNS has it
     * @param mail a user principal name or mail address
     * @param sid Windows' security identifier
     * @param objectId the directory's id
     */
    public record AccountNames(
            @Nullable String name,
            @Nullable String domain,
            @Nullable String mail,
            @Nullable String sid,
            @Nullable String objectId) {}

    /**
     * An account. {@code DOMAIN\name}, {@code name@domain.example}, its SID and its directory's id are names of one. Built-in
     * ones (SYSTEM, NETWORK SERVICE, any SID that is neither a domain's nor a directory's) are nobody. A computer's account
     * ({@code HOST$}) is the computer.
     */
    public Optional<Observable> account(AccountNames names, Role role) {
        var sid = clean(names.sid);
        if (!sid.isEmpty() && !stops.isPersonal(sid)) {
            return Optional.empty();
        }
        var whole = clean(names.name);
        var domain = clean(names.domain);
        var mail = clean(names.mail);
        int slash = whole.lastIndexOf('\\');
        if (slash >= 0) {
            domain = whole.substring(0, slash);
            whole = whole.substring(slash + 1);
        } else if (isMail(whole)) {
            mail = mail.isEmpty() ? whole : mail;
            whole = whole.substring(0, whole.indexOf('@'));
        }
        if (stops.isNobody(whole, domain)) {
            return Optional.empty();
        }
        if (whole.endsWith("$") && whole.length() > 1) {
            return host(new HostNames(null, null, whole.substring(0, whole.length() - 1), null), role);
        }
        var keys = new ArrayList<Key>();
        add(keys, "account/sid", sid, Grip.FIRM);
        add(keys, "account/object", clean(names.objectId), Grip.FIRM);
        if (isMail(mail)) {
            add(keys, "account/mail", mail, Grip.FIRM);
            int at = mail.indexOf('@');
            keys.add(domain(mail.substring(0, at), mail.substring(at + 1)));
        }
        if (!whole.isEmpty() && whole.indexOf(' ') < 0) {
            if (!domain.isEmpty()) {
                keys.add(domain(whole, domain));
            }
            keys.add(new Key("account/name", whole, false, Grip.LOOSE));
        }
        return stopped(Kind.ACCOUNT, first(mail, whole, sid, clean(names.objectId)), role, keys);
    }

    /**
     * The names that a source has for one host.
     *
     * @param id the source's id of it
     * @param fqdn its name with its domain
     * @param name its short name; one with dots counts as the whole name
     * @param address its own, inside its network
     */
    public record HostNames(
            @Nullable String id,
            @Nullable String fqdn,
            @Nullable String name,
            @Nullable String address) {}

    /** A host. Its address is a name that another may have tomorrow: it counts against alerts that know only the address. */
    public Optional<Observable> host(HostNames names, Role role) {
        var whole = undotted(clean(names.fqdn));
        var label = undotted(clean(names.name));
        if (whole.isEmpty() && label.indexOf('.') > 0) {
            whole = label;
        }
        label = label(label.isEmpty() ? whole : label);
        if (stops.isNoHost(whole) || stops.isNoHost(label) || isAddress(whole)) {
            whole = "";
            label = "";
        }
        var grip = stops.isSharedHost(whole, label) ? Grip.FAINT : Grip.FIRM;
        var keys = new ArrayList<Key>();
        add(keys, "host/id", clean(names.id), grip);
        if (whole.indexOf('.') > 0) {
            add(keys, "host/fqdn", whole, grip);
        }
        if (!label.isEmpty()) {
            keys.add(new Key("host/name", label, false, grip));
        }
        var address = Addresses.normal(clean(names.address));
        if (address != null && !keys.isEmpty() && !stops.isSharedAddress(address)) {
            keys.add(new Key("ip", address, false, grip.atMost(Grip.LOOSE)));
        }
        return stopped(Kind.HOST, first(whole, label, clean(names.id), ""), role, keys);
    }

    /** An address, IPv4 or IPv6 in any spelling; none that is only of the machine itself, of its link, or of a group. */
    public Optional<Observable> ip(@Nullable String address, Role role) {
        var text = Addresses.normal(clean(address));
        return text == null || stops.isSharedAddress(text)
                ? Optional.empty()
                : stopped(Kind.IP, text, role, List.of(new Key("ip", text, true, Grip.LOOSE)));
    }

    /**
     * A file; none that is part of an operating system or an installed program, which are on every machine.
     *
     * @param folder where it is; may hold the name too
     * @param hashes hexadecimal, of any sort
     */
    public Optional<Observable> file(@Nullable String folder, @Nullable String name, List<String> hashes, Role role) {
        var where = clean(folder).replace('/', '\\');
        var label = clean(name);
        int slash = Math.max(label.lastIndexOf('\\'), label.lastIndexOf('/'));
        if (slash >= 0) {
            where = where.isEmpty() ? label.substring(0, slash).replace('/', '\\') : where;
            label = label.substring(slash + 1);
        }
        if (stops.isSystemFile(where, label)) {
            return Optional.empty();
        }
        var keys = new ArrayList<Key>();
        for (String hash : hashes) {
            var hex = clean(hash);
            if (Hashes.isHash(hex) && !Hashes.isOfNothing(hex)) {
                add(keys, "file/hash" + hex.length() * 4, hex, Grip.FIRM);
            }
        }
        if (!label.isEmpty()) {
            keys.add(new Key("file/name", label, false, Grip.FAINT));
        }
        return stopped(
                Kind.FILE, first(label, keys.isEmpty() ? "" : keys.getFirst().value(), "", ""), role, keys);
    }

    /** An address of the web; its host counts too. */
    public Optional<Observable> url(@Nullable String url, Role role) {
        var text = clean(url);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int scheme = text.indexOf("://");
        var rest = scheme < 0 ? text : text.substring(scheme + 3);
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        var authority = rest.substring(rest.lastIndexOf('@', end) + 1, end);
        var host = undotted(authority.replaceAll(":[0-9]*$", ""));
        var keys = new ArrayList<Key>();
        if (isAddress(host)) {
            ip(host, role).ifPresent(ip -> keys.addAll(ip.keys()));
        } else if (!host.isEmpty() && !stops.isSharedDomain(host)) {
            add(keys, "domain", host, Grip.LOOSE);
        }
        var path = rest.substring(end).replaceAll("#.*", "");
        if (path.length() > 1 && !host.isEmpty()) {
            add(keys, "url", host + path, Grip.LOOSE);
        }
        return stopped(Kind.URL, text, role, keys);
    }

    /** A name of the domain name system. */
    public Optional<Observable> domain(@Nullable String name, Role role) {
        var text = undotted(clean(name));
        return text.isEmpty() || isAddress(text) || stops.isSharedDomain(text)
                ? Optional.empty()
                : stopped(Kind.DOMAIN, text, role, List.of(new Key("domain", text, true, Grip.LOOSE)));
    }

    /**
     * A domain of accounts and machines, by the names that a source has for it (NetBIOS, DNS, the suffix of user principal
     * names).
     */
    public Optional<Observable> directory(List<String> names, Role role) {
        var keys = new ArrayList<Key>();
        for (String name : names) {
            var text = undotted(clean(name));
            if (!stops.isNoDirectory(text)) {
                add(keys, "directory", text, Grip.FAINT);
            }
        }
        return stopped(Kind.DIRECTORY, keys.isEmpty() ? "" : keys.getLast().value(), role, keys);
    }

    /** What has one id of its own: a session, a process, a message, a campaign, a resource, an application. */
    public Optional<Observable> named(Kind kind, @Nullable String id, @Nullable String name, Role role) {
        var key = clean(id);
        var grip = switch (kind) {
            case SESSION, PROCESS, MAIL_MESSAGE, ACCOUNT, HOST -> Grip.FIRM;
            case MAIL_CAMPAIGN, RESOURCE, IP, URL, DOMAIN, FILE -> Grip.LOOSE;
            case APPLICATION, DIRECTORY, DETECTION -> Grip.FAINT;
        };
        if (key.isEmpty() || stops.isSharedApplication(kind, key, clean(name))) {
            return Optional.empty();
        }
        var sort = kind.name().toLowerCase(Locale.ROOT);
        return stopped(kind, first(clean(name), key, "", ""), role, List.of(new Key(sort, key, true, grip)));
    }

    private Optional<Observable> stopped(Kind kind, String name, Role role, List<Key> keys) {
        boolean isNothing = keys.isEmpty() || keys.stream().anyMatch(stops::holds);
        return isNothing ? Optional.empty() : Optional.of(new Observable(kind, name, role, keys));
    }

    private static void add(List<Key> keys, String sort, String value, Grip grip) {
        if (!value.isEmpty()) {
            keys.add(new Key(sort, value, true, grip));
        }
    }

    /** What a NetBIOS domain and a DNS domain have in common is the first label; two organizations can have it, too. */
    private static Key domain(String name, String domain) {
        return new Key("account/domain", name + "@" + label(domain), false, Grip.FIRM);
    }

    private static boolean isMail(String text) {
        int at = text.indexOf('@');
        return at > 0 && at < text.length() - 1 && text.indexOf(' ') < 0;
    }

    private static boolean isAddress(String text) {
        return Addresses.normal(text) != null;
    }

    private static String label(String domain) {
        int dot = domain.indexOf('.');
        return dot < 0 ? domain : domain.substring(0, dot);
    }

    private static String undotted(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static String first(String a, String b, String c, String d) {
        return !a.isEmpty() ? a : !b.isEmpty() ? b : !c.isEmpty() ? c : d;
    }

    /** Lower case without blanks around; nothing for what means nothing. */
    private static String clean(@Nullable String text) {
        if (text == null || text.length() > MAX_VALUE) {
            return "";
        }
        var low = text.strip().toLowerCase(Locale.ROOT);
        return StopList.isNothing(low) ? "" : low;
    }
}
