/** What a connector says of a product's HTTP API: the manifests of {@code content/connectors}, read and checked. */
@NullMarked
package io.marsad.connect.manifest;

import org.jspecify.annotations.NullMarked;
