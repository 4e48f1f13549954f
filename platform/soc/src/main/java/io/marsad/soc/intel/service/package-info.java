/** Asks the services that a tenant has: within budgets, with a memory, each failure named. */
@NullMarked
package io.marsad.soc.intel.service;

import org.jspecify.annotations.NullMarked;
