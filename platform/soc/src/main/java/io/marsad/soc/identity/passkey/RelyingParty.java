package io.marsad.soc.identity.passkey;

/**
 * Whom authenticators sign for.
 *
 * @param id the domain, without port: passkeys are bound to it
 * @param origin scheme, domain and port of the pages that may ask
 */
public record RelyingParty(String id, String origin) {}
