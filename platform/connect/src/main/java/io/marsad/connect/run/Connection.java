package io.marsad.connect.run;

import io.marsad.connect.manifest.Manifest;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tenant's account at a product.
 *
 * @param id of this account and no other, of any tenant: limits and tokens are kept by it
 * @param config as the manifest asks for it
 */
public record Connection(String id, Manifest manifest, ObjectNode config, Secrets secrets) {}
