package io.marsad.api.respond;

import io.marsad.respond.connection.Connections;
import io.marsad.respond.link.ApprovalLinks;
import io.marsad.respond.link.Questions;
import io.marsad.respond.service.Actions;
import io.marsad.respond.service.DryRuns;
import io.marsad.respond.service.PlaybookRuns;
import io.marsad.respond.service.Playbooks;
import io.marsad.respond.service.ResponsePolicies;
import io.marsad.respond.service.Webhooks;

/** What is shown of playbooks, runs and actions, and done with them. */
public record RespondServices(
        Playbooks playbooks,
        PlaybookRuns runs,
        DryRuns dryRuns,
        Webhooks webhooks,
        Actions actions,
        ResponsePolicies policies,
        Connections connections,
        ApprovalLinks links,
        Questions questions,
        ChatServices chat) {}
