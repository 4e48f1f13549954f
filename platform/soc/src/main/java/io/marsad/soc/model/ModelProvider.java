package io.marsad.soc.model;

import io.marsad.kernel.problem.Problem;
import java.util.Locale;

/** How a model is spoken to. */
public enum ModelProvider {
    /** Chat completions as OpenAI has them, and most servers of models beside it. */
    OPENAI,
    /** Messages as Anthropic has them. */
    ANTHROPIC,
    /** Ollama's own chat. */
    OLLAMA;

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 for any other word */
    public static ModelProvider ofWord(String word) {
        for (ModelProvider provider : values()) {
            if (provider.word().equals(word)) {
                return provider;
            }
        }
        throw Problem.badRequest("invalid-provider", "The provider is one of openai, anthropic and ollama.")
                .asException();
    }
}
