/** People work from their chat: who they are there, whether a request is the chat's, and what is posted there. */
@NullMarked
package io.marsad.respond.chat;

import org.jspecify.annotations.NullMarked;
