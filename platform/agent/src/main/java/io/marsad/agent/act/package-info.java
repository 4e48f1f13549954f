/** What an agent does on its host when somebody who may has signed it: verified, done once, proved. */
@NullMarked
package io.marsad.agent.act;

import org.jspecify.annotations.NullMarked;
