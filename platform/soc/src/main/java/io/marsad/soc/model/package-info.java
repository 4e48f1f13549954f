/** The language model that a tenant has asked about what its rules leave open: off until it wants one, bounded, never believed. */
@NullMarked
package io.marsad.soc.model;

import org.jspecify.annotations.NullMarked;
