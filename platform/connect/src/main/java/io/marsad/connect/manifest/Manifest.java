package io.marsad.connect.manifest;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A product that we can act on, as its file says. Immutable.
 *
 * @param name as the file is called
 * @param documentation the vendor's document that the shapes come from
 * @param config what a tenant fills in
 * @param base what every path stands behind
 * @param test the operation that proves the credentials
 * @param operations in the order of the file
 */
public record Manifest(
        String name,
        int version,
        String title,
        String documentation,
        String description,
        Map<String, Input> config,
        Map<String, SecretInput> secrets,
        Text base,
        Auth auth,
        Limits limits,
        Retry retry,
        String test,
        Map<String, Operation> operations) {

    /**
     * A value that only the vault has.
     *
     * @param find where a user finds it in the product
     */
    public record SecretInput(String name, String description, String find, boolean required) {}

    /** What the vendor bears from one account. */
    public record Limits(int requestsPerMinute, int concurrency) {}

    /**
     * When a request is sent again at once.
     *
     * @param attempts with the first
     * @param waitMillis before the second; doubled each time, with jitter
     */
    public record Retry(int attempts, long waitMillis) {}

    /** @return none of that name: null */
    public @Nullable Operation operation(String operation) {
        return operations.get(operation);
    }
}
