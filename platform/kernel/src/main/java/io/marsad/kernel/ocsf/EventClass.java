package io.marsad.kernel.ocsf;

/** A class of events, such as {@code process_activity} (1007). */
public record EventClass(int uid, String name, String caption, int categoryUid, OcsfObject shape) {
    /** The number of the activity in this class, from its number or caption (case does not count), or -1. */
    public int activity(String numberOrCaption) {
        var attribute = shape.attributes().get("activity_id");
        if (attribute != null) {
            for (var entry : attribute.captions().entrySet()) {
                if (entry.getKey().equals(numberOrCaption) || entry.getValue().equalsIgnoreCase(numberOrCaption)) {
                    return Integer.parseInt(entry.getKey());
                }
            }
        }
        return -1;
    }
}
