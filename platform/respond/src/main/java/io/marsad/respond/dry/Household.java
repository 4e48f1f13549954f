package io.marsad.respond.dry;

import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.cacao.Playbook;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a tenant has said and keeps, as far as it decides which way a run goes; it is only read. */
public interface Household {
    /**
     * Who would have to agree.
     *
     * @param atLeast what the playbook wants itself
     */
    ActionPolicy.Verdict judge(ActionKind kind, String target, ActionPolicy.Consent atLeast);

    /**
     * A playbook that is called.
     *
     * @param modified its version; null: the newest
     * @return null: there is none that is switched on
     */
    @Nullable
    Playbook called(UUID playbook, @Nullable String modified);
}
