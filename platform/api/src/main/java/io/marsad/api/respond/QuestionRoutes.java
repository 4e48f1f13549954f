package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import io.marsad.respond.link.ApprovalText;
import io.marsad.respond.link.Questions;
import io.marsad.soc.tenant.Standings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pages that ask users whether it was them: {@code GET} shows the question and changes nothing, {@code POST} answers it. */
public final class QuestionRoutes {
    private static final String TITLE = "Was this you?";
    private static final List<SmallPage.Choice> CHOICES = List.of(
            new SmallPage.Choice(Questions.Answer.YES.word(), "Yes, it was me", ""),
            new SmallPage.Choice(Questions.Answer.NO.word(), "No, it was not me", "no"),
            new SmallPage.Choice(Questions.Answer.UNKNOWN.word(), "I am not sure", ""));

    private final Questions questions;
    private final Standings standings;

    public QuestionRoutes(RespondServices services, Standings standings) {
        this.questions = services.questions();
        this.standings = standings;
    }

    public List<Route> routes() {
        return List.of(new Route("showQuestion", this::show), new Route("answerQuestion", this::answer));
    }

    private void show(Exchange exchange) {
        var asked = asked(exchange);
        if (asked == null) {
            return;
        }
        var over = over(asked);
        if (over == null) {
            page(asked).form(null, null, CHOICES).send(exchange, 200);
        } else {
            page(asked).said(over, true).send(exchange, 200);
        }
    }

    private void answer(Exchange exchange) {
        var form = Form.read(exchange);
        var asked = asked(exchange);
        if (asked == null) {
            return;
        }
        var answer = Questions.Answer.ofWord(form.text("say"));
        if (answer == null) {
            page(asked)
                    .said("Nothing was recorded: choose one.", false)
                    .form(null, null, CHOICES)
                    .send(exchange, 400);
        } else if (questions.answer(asked, answer)) {
            var thanks = answer == Questions.Answer.NO
                    ? "Thank you. The security team knows now, and may call you."
                    : "Thank you. The security team has your answer.";
            page(asked).said(thanks, true).send(exchange, 200);
        } else {
            var over = over(asked);
            page(asked)
                    .said(over == null ? "It was answered a moment ago." : over, false)
                    .send(exchange, 409);
        }
    }

    private static SmallPage page(Questions.Asked asked) {
        return new SmallPage(TITLE)
                .text("The security team asks:")
                .heading(asked.question())
                .text("Answer until " + ApprovalText.time(asked.expires()) + ". Nobody asks you for a password.");
    }

    private @Nullable String over(Questions.Asked asked) {
        if (asked.answer() != null) {
            return "You have answered this already.";
        }
        return questions.isOver(asked) ? "The time to answer is over." : null;
    }

    /** Null when it is answered: there is no such question. */
    private Questions.@Nullable Asked asked(Exchange exchange) {
        var asked = questions.find(exchange.path("link"));
        if (asked == null || !standings.isActive(asked.tenant())) {
            new SmallPage("This link is not good")
                    .text("It is not one that was sent, or it was cut short on its way. Call your security team.")
                    .send(exchange, 404);
            return null;
        }
        return asked;
    }
}
