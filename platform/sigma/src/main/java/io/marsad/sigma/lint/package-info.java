/** What is doubtful about rules that read well: checked before they run, with file and line. */
@NullMarked
package io.marsad.sigma.lint;

import org.jspecify.annotations.NullMarked;
