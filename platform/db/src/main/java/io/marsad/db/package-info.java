/** PostgreSQL: one transaction per tenant under row-level security, migrations, the audit chain, live notifications. */
@NullMarked
package io.marsad.db;

import org.jspecify.annotations.NullMarked;
