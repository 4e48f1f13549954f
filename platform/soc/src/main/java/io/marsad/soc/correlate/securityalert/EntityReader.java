package io.marsad.soc.correlate.securityalert;

import io.marsad.soc.correlate.Kind;
import io.marsad.soc.correlate.Observable;
import io.marsad.soc.correlate.Observables;
import io.marsad.soc.correlate.Observables.AccountNames;
import io.marsad.soc.correlate.Observables.HostNames;
import io.marsad.soc.correlate.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the entities of one alert: objects with a {@code Type}, one within another, each written once and then referred to. */
final class EntityReader {
    private static final int MAX_ENTITIES = 2_000;

    private final Observables observables;
    private final JsonNode entities;
    private final List<String> faults;
    private final Map<String, JsonNode> byId = new HashMap<>();
    private final Set<String> read = new HashSet<>();
    private int count;

    EntityReader(Observables observables, JsonNode entities, List<String> faults) {
        this.observables = observables;
        this.entities = entities;
        this.faults = faults;
    }

    void read(List<Observable> into, Set<String> egress) {
        index(entities);
        if (count > MAX_ENTITIES) {
            SecurityAlertReader.fault(faults, "Entities: more than " + MAX_ENTITIES + ", of which those count");
        }
        count = 0;
        for (JsonNode entity : entities) {
            if (entity.isObject()) {
                read(entity, into, egress);
            } else {
                SecurityAlertReader.fault(faults, "Entities: objects are expected");
            }
        }
    }

    /** Finds all objects that have an id, wherever they are written. */
    private void index(JsonNode node) {
        if (node.isObject() && ++count <= MAX_ENTITIES) {
            var id = text(node, "$id");
            if (!id.isEmpty()) {
                byId.putIfAbsent(id, node);
            }
        }
        for (JsonNode child : node) {
            if (child.isContainer()) {
                index(child);
            }
        }
    }

    /** What a reference means; null when it leads nowhere. */
    private @Nullable JsonNode target(JsonNode node) {
        var reference = text(node, "$ref");
        if (reference.isEmpty()) {
            return node;
        }
        var target = byId.get(reference);
        if (target == null) {
            SecurityAlertReader.fault(faults, "Entities: no entity has the $id " + reference);
        }
        return target;
    }

    private void read(JsonNode written, List<Observable> into, Set<String> egress) {
        var entity = target(written);
        var id = entity == null ? "" : text(entity, "$id");
        if (entity == null || ++count > MAX_ENTITIES || !id.isEmpty() && !read.add(id)) {
            return;
        }
        var role = role(entity);
        switch (text(entity, "Type").toLowerCase(Locale.ROOT)) {
            case "account" -> account(entity, role, into);
            case "host" -> host(entity, role, into, egress);
            case "ip" -> observables.ip(text(entity, "Address"), role).ifPresent(into::add);
            case "file" -> file(entity, role, into);
            case "filehash" ->
                observables
                        .file(null, null, List.of(text(entity, "Value")), role)
                        .ifPresent(into::add);
            case "process" -> process(entity, into, egress);
            case "url" -> observables.url(text(entity, "Url"), role).ifPresent(into::add);
            case "dns" -> observables.domain(text(entity, "DomainName"), role).ifPresent(into::add);
            case "mailbox" -> mailbox(entity, role, into);
            case "mailmessage" -> message(entity, into);
            case "mailcluster" -> campaign(entity, role, into);
            case "submissionmail" -> named(Kind.MAIL_MESSAGE, entity, "NetworkMessageId", "Subject", into);
            case "cloud-logon-session" -> named(Kind.SESSION, entity, "SessionId", "SessionId", into);
            case "cloud-application" -> application(entity, role, into);
            case "oauth-application" -> named(Kind.RESOURCE, entity, "OAuthAppId", "Name", into);
            case "azure-resource" -> named(Kind.RESOURCE, entity, "ResourceId", "ResourceId", into);
            case "amazon-resource" -> named(Kind.RESOURCE, entity, "AmazonResourceId", "AmazonResourceId", into);
            case "gcp-resource" -> named(Kind.RESOURCE, entity, "ResourceName", "ResourceName", into);
            default -> {
                // Kinds that say nothing about who or what is concerned: a request, a registry value, a location.
            }
        }
    }

    private void account(JsonNode entity, Role role, List<Observable> into) {
        var named = first(text(entity, "AccountName"), text(entity, "Name"));
        var mail = text(entity, "UserPrincipalName");
        var suffix = text(entity, "UPNSuffix");
        if (mail.isEmpty() && !suffix.isEmpty() && named.indexOf(' ') < 0 && !named.isEmpty()) {
            mail = named + "@" + suffix;
        }
        var domain = first(text(entity, "NTDomain"), text(entity, "DomainName"));
        observables
                .account(
                        new AccountNames(named, domain, mail, text(entity, "Sid"), text(entity, "AadUserId")),
                        "true".equals(text(entity, "Asset")) && role == Role.INVOLVED ? Role.VICTIM : role)
                .ifPresent(into::add);
        observables
                .directory(List.of(domain, mail.substring(mail.indexOf('@') + 1)), Role.INVOLVED)
                .ifPresent(into::add);
    }

    private void host(JsonNode entity, Role role, List<Observable> into, Set<String> egress) {
        var fqdn = text(entity, "FQDN");
        var name = first(text(entity, "HostName"), text(entity, "NetBiosName"));
        var domain = text(entity, "DnsDomain");
        if (fqdn.isEmpty() && !name.isEmpty() && !domain.isEmpty()) {
            fqdn = name + "." + domain;
        }
        var id = first(text(entity, "MdatpDeviceId"), text(entity, "AzureID"));
        observables
                .host(new HostNames(id, fqdn, name, address(entity, "LastIpAddress")), role)
                .ifPresent(into::add);
        observables.directory(List.of(domain), Role.INVOLVED).ifPresent(into::add);
        var outside = address(entity, "LastExternalIpAddress");
        if (!outside.isEmpty()) {
            egress.add(outside);
        }
        for (JsonNode user : children(entity, "LoggedOnUsers")) {
            observables
                    .account(
                            new AccountNames(text(user, "AccountName"), text(user, "DomainName"), null, null, null),
                            Role.RELATED)
                    .ifPresent(into::add);
        }
    }

    /** An address that is written as text or as an entity of its own. */
    private String address(JsonNode entity, String name) {
        var written = entity.get(name);
        if (written == null || !written.isObject()) {
            return text(entity, name);
        }
        var address = target(written);
        return address == null ? "" : text(address, "Address");
    }

    private void file(JsonNode entity, Role role, List<Observable> into) {
        var hashes = new ArrayList<String>();
        for (JsonNode written : children(entity, "FileHashes")) {
            var hash = target(written);
            if (hash != null) {
                hashes.add(text(hash, "Value"));
                // It is the file's, and says nothing more where it is listed alone.
                read.add(text(hash, "$id"));
            }
        }
        observables
                .file(text(entity, "Directory"), text(entity, "Name"), hashes, role)
                .ifPresent(into::add);
    }

    /** A process is on its host; what others can share is the program, and what started it. */
    private void process(JsonNode entity, List<Observable> into, Set<String> egress) {
        for (String part : List.of("ImageFile", "ParentProcess", "Account", "Host")) {
            var child = entity.get(part);
            if (child != null && child.isObject()) {
                read(child, into, egress);
            }
        }
    }

    private void mailbox(JsonNode entity, Role role, List<Observable> into) {
        var mail = first(text(entity, "Upn"), text(entity, "MailboxPrimaryAddress"));
        observables
                .account(new AccountNames(null, null, mail, null, text(entity, "AadId")), role)
                .ifPresent(into::add);
    }

    private void message(JsonNode entity, List<Observable> into) {
        named(Kind.MAIL_MESSAGE, entity, "NetworkMessageId", "Subject", into);
        mail(text(entity, "Recipient"), Role.VICTIM, into);
        mail(first(text(entity, "P2Sender"), text(entity, "Sender")), Role.ACTOR, into);
        for (JsonNode url : children(entity, "Urls")) {
            if (url.isString()) {
                observables.url(url.stringValue(), Role.INVOLVED).ifPresent(into::add);
            }
        }
    }

    private void mail(String address, Role role, List<Observable> into) {
        observables
                .account(new AccountNames(null, null, address, null, null), role)
                .ifPresent(into::add);
    }

    /** Messages that are alike in something, which is what makes it the same campaign. */
    private void campaign(JsonNode entity, Role role, List<Observable> into) {
        var value = text(entity, "ClusterByValue");
        var by = text(entity, "ClusterBy");
        if (!value.isEmpty()) {
            observables.named(Kind.MAIL_CAMPAIGN, by + "=" + value, value, role).ifPresent(into::add);
        }
    }

    private void application(JsonNode entity, Role role, List<Observable> into) {
        var name = text(entity, "Name");
        observables
                .named(Kind.APPLICATION, first(text(entity, "AppId"), name), name, role)
                .ifPresent(into::add);
    }

    private void named(Kind kind, JsonNode entity, String id, String name, List<Observable> into) {
        observables
                .named(kind, text(entity, id), text(entity, name), role(entity))
                .ifPresent(into::add);
    }

    private Role role(JsonNode entity) {
        var role = Role.INVOLVED;
        for (JsonNode word : children(entity, "Roles")) {
            role = switch (word.isString() ? word.stringValue() : "") {
                case "Attacker", "Source" -> Role.ACTOR;
                case "Compromised", "Destination", "Attacked", "Created" -> role == Role.ACTOR ? role : Role.VICTIM;
                case "Contextual" -> role == Role.INVOLVED ? Role.RELATED : role;
                default -> role;
            };
        }
        return role;
    }

    private Iterable<JsonNode> children(JsonNode entity, String name) {
        var list = entity.get(name);
        if (list == null || list.isNull()) {
            return List.of();
        }
        if (!list.isArray()) {
            SecurityAlertReader.fault(faults, "Entities: " + name + ": a list is expected");
            return List.of();
        }
        return list;
    }

    /** A text, or a number or truth value as one; nothing, and a fault, for anything else. */
    private String text(JsonNode entity, String name) {
        var node = entity.get(name);
        if (node == null || node.isNull()) {
            return "";
        }
        if (node.isString()) {
            return node.stringValue().strip();
        }
        if (node.isNumber() || node.isBoolean()) {
            return node.asString();
        }
        SecurityAlertReader.fault(faults, "Entities: " + name + ": text is expected");
        return "";
    }

    private static String first(String some, String other) {
        return some.isEmpty() ? other : some;
    }
}
