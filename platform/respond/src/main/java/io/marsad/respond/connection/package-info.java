/** What tenants have of connectors: settings in tables, secrets in the vault only. */
@NullMarked
package io.marsad.respond.connection;

import org.jspecify.annotations.NullMarked;
