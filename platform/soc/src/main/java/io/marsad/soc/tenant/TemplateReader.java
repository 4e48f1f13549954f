package io.marsad.soc.tenant;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.soc.identity.Permission;
import io.marsad.soc.identity.Role;
import io.marsad.soc.identity.RoleDraft;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one template's file, and says every fault that it finds. One file, one thread. */
final class TemplateReader {
    private static final int MOST_ROLES = 20;
    private static final int LONGEST_DESCRIPTION = 500;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final BigDecimal GIGABYTE = BigDecimal.valueOf(1_000_000_000);

    // As the API takes them for a quota.
    private static final long MOST_PER_SECOND = 1_000_000_000;
    private static final long MOST_BYTES = (1L << 53) - 1;
    private static final long MOST_QUERIES = 1_000;

    private final List<ContentProblem> faults = new ArrayList<>();

    private TemplateReader() {}

    /**
     * The template of a file.
     *
     * @param name as the file is called
     * @throws ContentException with every fault
     */
    static TenantTemplate read(String file, String name, byte[] bytes) throws ContentException {
        var documents = YamlReader.read(file, bytes);
        if (documents.size() != 1) {
            throw new ContentException(file, 0, "one document is expected, and " + documents.size() + " are there");
        }
        var reader = new TemplateReader();
        var template = reader.template(name, documents.getFirst().asMapping());
        if (!reader.faults.isEmpty()) {
            throw new ContentException(reader.faults);
        }
        return template;
    }

    @FunctionalInterface
    private interface Part<T extends @Nullable Object> {
        T read() throws ContentException;
    }

    /** So that a fault in one part hides none in the next. */
    private <T extends @Nullable Object> T part(T otherwise, Part<T> part) {
        try {
            return part.read();
        } catch (ContentException e) {
            faults.addAll(e.problems());
            return otherwise;
        }
    }

    private void keys(YamlNode.Mapping of, String... known) {
        part("", () -> {
            of.allowOnly(known);
            return "";
        });
    }

    private TenantTemplate template(String fileName, YamlNode.Mapping top) {
        // What a later version of the platform knows is refused, too: half of a template is not what was asked for.
        keys(top, "name", "description", "quota", "roles", "second_factor");
        var name = part("", () -> name(fileName, top.require("name")));
        var description = part("", () -> description(top.require("description")));
        var quota = part(TenantQuota.NONE, () -> quota(top.mapping("quota")));
        int before = faults.size();
        var roles = part(List.<RoleDraft>of(), () -> roles(top.get("roles")));
        // Faulty roles are not among them: that they are not known is no fault of the list.
        var known = before == faults.size() ? roles : null;
        var secondFactor = part(Set.<String>of(), () -> secondFactor(top.get("second_factor"), known));
        return new TenantTemplate(name, description, quota, roles, secondFactor);
    }

    private static String name(String fileName, YamlNode node) throws ContentException {
        var name = node.asText();
        if (!NAME.matcher(name).matches()) {
            throw node.fault(
                    "a template's name has 1 to 40 lower-case letters, digits and -, and begins with a letter");
        }
        if (!name.equals(fileName)) {
            throw node.fault("the name '" + name + "' is not the file's: call the file " + name + ".yaml");
        }
        return name;
    }

    private static String description(YamlNode node) throws ContentException {
        var text = node.asText().strip();
        if (text.isEmpty() || text.length() > LONGEST_DESCRIPTION || text.indexOf(0) >= 0) {
            throw node.fault("a description has 1 to " + LONGEST_DESCRIPTION + " characters");
        }
        return text;
    }

    private TenantQuota quota(YamlNode.@Nullable Mapping quota) throws ContentException {
        if (quota == null) {
            return TenantQuota.NONE;
        }
        keys(quota, "events_per_second", "storage_gb", "storage_bytes", "queries");
        var perSecond = this.<@Nullable Long>part(null, () -> whole(quota.get("events_per_second"), MOST_PER_SECOND));
        var bytes = this.<@Nullable Long>part(null, () -> storage(quota));
        var queries = this.<@Nullable Long>part(null, () -> whole(quota.get("queries"), MOST_QUERIES));
        return new TenantQuota(perSecond, bytes, queries == null ? null : Math.toIntExact(queries));
    }

    private static @Nullable Long storage(YamlNode.Mapping quota) throws ContentException {
        var gigabytes = quota.get("storage_gb");
        var bytes = quota.get("storage_bytes");
        if (gigabytes != null && bytes != null) {
            throw gigabytes.fault("storage_gb and storage_bytes say the same: one of them is enough");
        }
        return gigabytes == null ? whole(bytes, MOST_BYTES) : bytes(gigabytes);
    }

    private static @Nullable Long bytes(YamlNode gigabytes) throws ContentException {
        if (isNone(gigabytes)) {
            return null;
        }
        if (gigabytes instanceof YamlNode.Scalar scalar
                && scalar.kind() != YamlNode.Kind.TEXT
                && DECIMAL.matcher(scalar.text()).matches()) {
            var bytes = new BigDecimal(scalar.text()).multiply(GIGABYTE).longValue();
            if (bytes >= 1 && bytes <= MOST_BYTES) {
                return bytes;
            }
        }
        throw gigabytes.fault("a number of gigabytes is expected, up to " + MOST_BYTES / GIGABYTE.longValue());
    }

    private static @Nullable Long whole(@Nullable YamlNode node, long most) throws ContentException {
        if (node == null || isNone(node)) {
            return null;
        }
        if (node instanceof YamlNode.Scalar scalar
                && scalar.kind() == YamlNode.Kind.INTEGER
                && WHOLE.matcher(scalar.text()).matches()) {
            long number = Long.parseLong(scalar.text());
            if (number >= 1 && number <= most) {
                return number;
            }
        }
        throw node.fault("a whole number from 1 to " + most + " is expected, or nothing for no limit");
    }

    private static boolean isNone(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.isNull();
    }

    private List<RoleDraft> roles(@Nullable YamlNode node) throws ContentException {
        if (node == null || isNone(node)) {
            return List.of();
        }
        if (!(node instanceof YamlNode.Sequence list)) {
            throw node.fault("a list of roles is expected here");
        }
        if (list.items().size() > MOST_ROLES) {
            throw node.fault("a template has at most " + MOST_ROLES + " roles");
        }
        var roles = new ArrayList<RoleDraft>();
        var names = new HashSet<String>();
        for (YamlNode item : list.items()) {
            var role = this.<@Nullable RoleDraft>part(null, () -> role(item.asMapping(), names));
            if (role != null) {
                roles.add(role);
            }
        }
        return roles;
    }

    private @Nullable RoleDraft role(YamlNode.Mapping role, Set<String> names) throws ContentException {
        int before = faults.size();
        keys(role, "name", "description", "permissions");
        var name = part("", () -> roleName(role.require("name"), names));
        var description = part("", () -> {
            var text = role.text("description");
            var node = role.get("description");
            sound(node == null ? role : node, text == null ? null : RoleDraft.faultOfDescription(text));
            return text == null ? "" : text;
        });
        var permissions = new LinkedHashSet<String>();
        for (YamlNode node :
                part(List.<YamlNode>of(), () -> role.require("permissions").asList())) {
            part(false, () -> permissions.add(permission(node)));
        }
        return before == faults.size() ? new RoleDraft(name, description, permissions) : null;
    }

    private static String roleName(YamlNode node, Set<String> names) throws ContentException {
        var name = node.asText();
        sound(node, RoleDraft.faultOfName(name));
        if (Role.builtIn(name) != null) {
            throw node.fault("every tenant has the role '" + name + "' already");
        }
        if (!names.add(name)) {
            throw node.fault("the role '" + name + "' is there twice");
        }
        return name;
    }

    private static String permission(YamlNode node) throws ContentException {
        var permission = node.asText();
        sound(node, Permission.fault(Set.of(permission)));
        if (Permission.OF_INSTALLATION.contains(permission)) {
            throw node.fault("'" + permission + "' is about the installation itself: no tenant's role has it");
        }
        return permission;
    }

    private Set<String> secondFactor(@Nullable YamlNode node, @Nullable List<RoleDraft> own) {
        var names = Stream.concat(
                        Role.BUILT_IN.stream().map(Role::word),
                        own == null ? Stream.empty() : own.stream().map(RoleDraft::name))
                .toArray(String[]::new);
        var roles = new LinkedHashSet<String>();
        for (YamlNode item : node == null || isNone(node) ? List.<YamlNode>of() : node.asList()) {
            part(false, () -> {
                var role = item.asText();
                if (own != null && !List.of(names).contains(role)) {
                    throw item.fault("there is no role '" + role + "'" + Suggestion.among(role, names));
                }
                return roles.add(role);
            });
        }
        return roles;
    }

    private static void sound(YamlNode node, @Nullable String fault) throws ContentException {
        if (fault != null) {
            throw node.fault(fault);
        }
    }
}
