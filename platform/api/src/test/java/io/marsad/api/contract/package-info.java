/** Tests of the contract itself. */
@NullMarked
package io.marsad.api.contract;

import org.jspecify.annotations.NullMarked;
