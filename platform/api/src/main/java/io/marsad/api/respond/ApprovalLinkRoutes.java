package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.Origin;
import io.marsad.respond.link.ApprovalLinks;
import io.marsad.respond.link.ApprovalLinks.Held;
import io.marsad.respond.service.ActionView;
import io.marsad.soc.identity.Persons;
import io.marsad.soc.tenant.Standings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pages behind links of e-mails: {@code GET} shows what is asked and changes nothing, {@code POST} says it. */
public final class ApprovalLinkRoutes {
    private static final Map<String, String> BY_MAIL = Map.of("channel", "e-mail-link");

    private final ApprovalLinks links;
    private final Standings standings;

    public ApprovalLinkRoutes(RespondServices services, Standings standings) {
        this.links = services.links();
        this.standings = standings;
    }

    public List<Route> routes() {
        return List.of(new Route("showApproval", this::show), new Route("sayApproval", this::say));
    }

    private void show(Exchange exchange) {
        var asked = asked(exchange);
        if (asked == null) {
            return;
        }
        var why = ApprovalPage.over(asked.held, asked.looked.action());
        var page = ApprovalPage.of(asked.looked);
        if (why == null) {
            ApprovalPage.ask(page, asked.looked.action()).send(exchange, 200);
        } else {
            page.said(why, false).send(exchange, 200);
        }
    }

    private void say(Exchange exchange) {
        var form = Form.read(exchange);
        var asked = asked(exchange);
        if (asked == null) {
            return;
        }
        var page = ApprovalPage.of(asked.looked);
        var why = ApprovalPage.over(asked.held, asked.looked.action());
        if (why != null) {
            page.said(why, false).send(exchange, 409);
            return;
        }
        var fault = ApprovalPage.fault(form, asked.looked.action());
        if (fault != null) {
            ApprovalPage.ask(page.said(fault, false), asked.looked.action()).send(exchange, 400);
            return;
        }
        boolean agrees = form.text("say").equals(ApprovalPage.APPROVE);
        var comment = form.text("comment");
        try {
            var from = CallerScope.origin();
            var action = CallerScope.callAs(
                    asked.person.caller(),
                    new Origin(from.requestId(), from.address(), BY_MAIL),
                    () -> links.say(asked.held, agrees, comment.isEmpty() ? null : comment));
            page.said(done(action, agrees), true).send(exchange, 200);
        } catch (ProblemException e) {
            page.said(e.problem().detail(), false).send(exchange, e.problem().status() == 403 ? 403 : 409);
        }
    }

    private static String done(ActionView action, boolean agrees) {
        if (!agrees) {
            return "You refused. It is not done.";
        }
        return action.status().equals("awaiting_approval")
                ? "You agreed. One more person has to."
                : "You agreed. It is being done; what became of it is in the console, under Actions.";
    }

    /** Somebody with a good link, and what they are asked. */
    private record Asked(Held held, Persons.Person person, ApprovalLinks.Looked looked) {}

    /** Null when it is answered: there is nothing to ask. */
    private @Nullable Asked asked(Exchange exchange) {
        var held = links.find(exchange.path("link"));
        if (held == null) {
            new SmallPage("This link is not good")
                    .text("It is not one that was sent, or it was cut short on its way. Open the console instead.")
                    .send(exchange, 404);
            return null;
        }
        var person = held.person();
        if (person == null || !standings.isActive(held.tenant())) {
            refuse(exchange, "You cannot sign in here any more.");
            return null;
        }
        if (person.needsSession()) {
            refuse(exchange, "Your role needs a second factor, which a link does not show. Sign in to the console.");
            return null;
        }
        var looked = person.caller().may("actions:read") ? links.look(held, person) : null;
        if (looked == null || !person.caller().may(looked.action().permission())) {
            refuse(exchange, "You may not agree to this any more.");
            return null;
        }
        return new Asked(held, person, looked);
    }

    private static void refuse(Exchange exchange, String why) {
        new SmallPage("Nothing was recorded").said(why, false).send(exchange, 403);
    }
}
