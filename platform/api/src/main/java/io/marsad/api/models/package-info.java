/** The model that a tenant has asked, and the ledger of what it was asked. */
@NullMarked
package io.marsad.api.models;

import org.jspecify.annotations.NullMarked;
