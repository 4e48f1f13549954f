package io.marsad.soc.model;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.output.FinishReason;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.connect.OutboundRefused;
import io.marsad.soc.decision.JudgeAnswer;
import io.marsad.soc.decision.JudgeReply;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks one model one question, once: no retries, no tools, no streams, nothing kept open. Whatever comes back is one of the
 * replies, never an exception. Thread-safe.
 */
public final class ModelClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 256 << 10;
    private static final int MOST_TOKENS = 10_000_000;
    private static final int OLLAMA_CONTEXT = 16_384; // its own default is small, and cuts without a word
    private static final int MOST_WHY = 300;
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,100}");

    private static final ResponseFormat FORMAT = ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(JsonSchema.builder()
                    .name("judgement")
                    .rootElement(JsonRawSchema.from(JudgeAnswer.SCHEMA))
                    .build())
            .build();

    private final OutboundGuard guard;
    private final SSLSocketFactory tls;

    /** @param guard what may be talked to, by the operator */
    public ModelClient(OutboundGuard guard, SSLSocketFactory tls) {
        this.guard = guard;
        this.tls = tls;
    }

    /**
     * An address that somebody typed.
     *
     * @throws OutboundRefused with what is wrong, for that person
     */
    URI address(String url) throws OutboundRefused {
        return guard.https(url);
    }

    JudgeReply ask(ModelTarget target, Prompt prompt) {
        var name = target.name();
        var hash = prompt.hash();
        ChatResponse response;
        try {
            response = model(target)
                    .chat(ChatRequest.builder()
                            .messages(SystemMessage.from(prompt.system()), UserMessage.from(prompt.user()))
                            .build());
        } catch (ContentFilteredException e) {
            return new JudgeReply.Refused(name, hash, why(e.getMessage(), target));
        } catch (OutboundRefused | RuntimeException e) {
            var failed = failure(e);
            if (failed == null) {
                // LangChain4j could not read it; which of its classes did not, is of no use to anybody.
                return new JudgeReply.Failed(
                        name,
                        hash,
                        "its answer is not that of " + target.provider().word());
            }
            return failed.late()
                    ? new JudgeReply.TimedOut(name, hash)
                    : new JudgeReply.Failed(name, hash, why(failed.getMessage(), target));
        }
        return reply(target, prompt, response);
    }

    private static GuardedHttp.@Nullable CallFailed failure(Throwable thrown) {
        if (thrown instanceof OutboundRefused) {
            return new GuardedHttp.CallFailed(String.valueOf(thrown.getMessage()), false, thrown);
        }
        @Nullable Throwable at = thrown;
        for (int depth = 0; at != null && depth < 10; depth++) {
            if (at instanceof GuardedHttp.CallFailed failed) {
                return failed;
            }
            at = at.getCause();
        }
        return null;
    }

    private static JudgeReply reply(ModelTarget target, Prompt prompt, ChatResponse response) {
        var name = named(target, response.metadata().modelName());
        var hash = prompt.hash();
        int tokens = tokens(response);
        var message = response.aiMessage();
        if (message.hasToolExecutionRequests()) {
            var tool = message.toolExecutionRequests().getFirst().name();
            return new JudgeReply.Refused(name, hash, why("it wants to call a tool: " + tool, target), tokens);
        }
        if (response.metadata().finishReason() == FinishReason.CONTENT_FILTER) {
            return new JudgeReply.Refused(name, hash, "its filter kept the answer back", tokens);
        }
        @Nullable String text = message.text();
        if (text == null || text.isBlank()) {
            return new JudgeReply.Refused(name, hash, "it says nothing", tokens);
        }
        return prompt.leaks(text)
                ? new JudgeReply.Steered(name, hash, "it gives away its instructions", tokens)
                : new JudgeReply.Said(name, hash, prompt.unmarked(text), tokens);
    }

    /** With the version that it says to be, where that is one. */
    private static String named(ModelTarget target, @Nullable String said) {
        return said == null
                        || said.equals(target.model())
                        || !VERSION.matcher(said).matches()
                ? target.name()
                : target.name() + " (" + said + ")";
    }

    /** What it says to have cost; 0 when that cannot be. */
    private static int tokens(ChatResponse response) {
        var usage = response.metadata().tokenUsage();
        @Nullable Integer total = usage == null ? null : usage.totalTokenCount();
        return total == null || total < 0 || total > MOST_TOKENS ? 0 : total;
    }

    private static String why(@Nullable String text, ModelTarget target) {
        var why = text == null ? "it cannot be reached" : text;
        var key = target.key();
        var safe = key == null || key.isEmpty() ? why : why.replace(key, "…");
        return safe.substring(0, Math.min(MOST_WHY, safe.length()));
    }

    private ChatModel model(ModelTarget target) throws OutboundRefused {
        var limits = new OutboundHttp.Limits(
                target.patience().compareTo(CONNECT) < 0 ? target.patience() : CONNECT, target.patience(), MOST_BYTES);
        var http = new GuardedHttp(new OutboundHttp(guard, tls, limits), guard.https(target.url()));
        @Nullable String key = target.key();
        return switch (target.provider()) {
            case OPENAI ->
                OpenAiChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(target.url())
                        .apiKey(key == null ? "none" : key)
                        .modelName(target.model())
                        .maxCompletionTokens(Prompt.MOST_ANSWER)
                        .strictJsonSchema(false) // strict wants every property required: evidence is not
                        .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                        .responseFormat(FORMAT)
                        .timeout(target.patience())
                        .maxRetries(0)
                        .build();
            case ANTHROPIC ->
                AnthropicChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(target.url())
                        .apiKey(key == null ? "none" : key)
                        .modelName(target.model())
                        .maxTokens(Prompt.MOST_ANSWER)
                        .timeout(target.patience())
                        .maxRetries(0)
                        .build();
            case OLLAMA ->
                OllamaChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(target.url())
                        .customHeaders(key == null ? Map.of() : Map.of("Authorization", "Bearer " + key))
                        .modelName(target.model())
                        .temperature(0.0)
                        .numPredict(Prompt.MOST_ANSWER)
                        .numCtx(OLLAMA_CONTEXT)
                        .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                        .responseFormat(FORMAT)
                        .timeout(target.patience())
                        .maxRetries(0)
                        .build();
        };
    }
}
