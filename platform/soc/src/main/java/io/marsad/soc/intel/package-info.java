/** What others know of addresses, names, files and links: indicators, answers about them, and one confidence out of many. */
@NullMarked
package io.marsad.soc.intel;

import org.jspecify.annotations.NullMarked;
