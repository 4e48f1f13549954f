/** What people see of playbooks, runs and actions, and what they do with them; each in one transaction with its audit entry. */
@NullMarked
package io.marsad.respond.service;

import org.jspecify.annotations.NullMarked;
