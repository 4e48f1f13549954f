package io.marsad.agent.link;

import io.grpc.Channel;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.marsad.agent.act.Actions;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.SignedAction;
import io.marsad.uplink.Watch;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Listens for actions, and says what came of them. */
final class ActionWatch extends Watch<ActionReport, SignedAction> {
    private static final Logger LOG = System.getLogger(ActionWatch.class.getName());

    private final Actions actions;

    ActionWatch(Actions actions) {
        this.actions = actions;
    }

    @Override
    protected void begin(Channel by, ClientResponseObserver<ActionReport, SignedAction> answers) {
        var up = ActionsGrpc.newStub(by).follow(answers);
        send(up, ActionReport.getDefaultInstance()); // that somebody listens
        actions.listen(report -> send(up, report));
    }

    /** What does not arrive is said again with the next call. */
    private static void send(StreamObserver<ActionReport> up, ActionReport report) {
        synchronized (up) {
            try {
                up.onNext(report);
            } catch (IllegalStateException e) {
                LOG.log(Level.DEBUG, "the call has ended", e);
            }
        }
    }

    @Override
    protected void heard(SignedAction message) {
        actions.told(message.getEnvelope().toStringUtf8());
    }
}
