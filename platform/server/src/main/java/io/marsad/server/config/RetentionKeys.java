package io.marsad.server.config;

import io.marsad.kernel.store.Retention;
import io.marsad.kernel.tenant.TenantId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * The keys {@code retention.days}, {@code retention.classes.CLASS}, and the same under {@code retention.tenants.NAME}. A
 * tenant has what the installation has where it says nothing itself.
 */
final class RetentionKeys {
    private static final Pattern KEY = Pattern.compile(
            "retention\\.(?:tenants\\.([a-z0-9][a-z0-9-]{1,61}[a-z0-9])\\.)?(?:days|classes\\.(\\d{1,9}))");

    private RetentionKeys() {}

    static boolean known(String key) {
        return KEY.matcher(key).matches();
    }

    /**
     * @param keys of all kinds
     * @param days reads a key's value, or the fallback where it cannot be read
     */
    static Config.Retain read(Iterable<String> keys, BiFunction<String, Integer, Integer> days) {
        Map<Integer, Integer> classes = new HashMap<>();
        Map<String, Map<Integer, Integer>> classesOf = new HashMap<>();
        Map<String, Integer> daysOf = new HashMap<>();
        int general = 0;
        for (var key : keys) {
            var matcher = KEY.matcher(key);
            if (!matcher.matches()) {
                continue;
            }
            int value = days.apply(key, 0);
            var tenant = matcher.group(1);
            var eventClass = matcher.group(2);
            if (tenant != null) {
                var own = classesOf.computeIfAbsent(tenant, _ -> new HashMap<>());
                if (eventClass != null) {
                    own.put(Integer.parseInt(eventClass), value);
                } else {
                    daysOf.put(tenant, value);
                }
            } else if (eventClass != null) {
                classes.put(Integer.parseInt(eventClass), value);
            } else {
                general = value;
            }
        }
        Map<TenantId, Retention> tenants = new HashMap<>();
        for (var entry : classesOf.entrySet()) {
            Map<Integer, Integer> all = new HashMap<>(classes);
            all.putAll(entry.getValue());
            tenants.put(new TenantId(entry.getKey()), new Retention(daysOf.getOrDefault(entry.getKey(), general), all));
        }
        return new Config.Retain(new Retention(general, classes), Map.copyOf(tenants));
    }
}
