package io.marsad.soc.identity.sso;

/** Who is in this group of the provider's gets this role. */
public record GroupRole(String group, String role) {}
