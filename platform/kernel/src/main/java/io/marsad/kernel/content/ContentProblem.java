package io.marsad.kernel.content;

/**
 * One fault in a content file.
 *
 * @param file as the user named it
 * @param line from 1; 0 when the fault is the whole file's
 */
public record ContentProblem(String file, int line, String reason) {
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line + ": " + reason : file + ": " + reason;
    }
}
