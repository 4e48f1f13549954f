package io.marsad.soc.tenant;

import org.jspecify.annotations.Nullable;

/**
 * What is asked for when a tenant is to be made.
 *
 * @param name what people call it; null: its id
 * @param template what it begins with; null: with nothing
 * @param admin whether to make its first administrator, too
 */
public record NewTenant(
        String id, @Nullable String name, @Nullable String template, boolean admin) {}
