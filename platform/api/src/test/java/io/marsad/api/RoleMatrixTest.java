package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.contract.Operation;
import io.marsad.api.contract.Tenancy;
import io.marsad.soc.identity.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every operation of the contract as every role: who may not is refused. That those who may succeed, {@link IsolationTest} shows. */
class RoleMatrixTest {
    private static final OpenApi CONTRACT = OpenApi.load();
    private static final ContractCheck CHECK = new ContractCheck();

    private static TestNode node;
    private static Tenant tenant;
    private static final List<Identity> everyone = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("roles-tenant");
        everyone.add(tenant.byToken());
        for (Role role : Role.BUILT_IN) {
            everyone.add(node.signIn(tenant.id(), role));
        }
    }

    /** Whether somebody of a tenant that is not the installation's own, named like the role, may. */
    static boolean may(Identity who, Operation operation) {
        var permission = operation.permission();
        if (operation.tenancy() == Tenancy.OPERATOR) {
            return false;
        }
        return permission == null
                || who.name().equals("token")
                || Objects.requireNonNull(Role.builtIn(who.name()))
                        .permissions()
                        .contains(permission);
    }

    @Test
    void everyRoleMayDoWhatItsPermissionsSayAndNothingElse() throws Exception {
        for (var operation : CONTRACT.operations()) {
            if (operation.tenancy() == Tenancy.PUBLIC
                    || operation.credentials().contains(Operation.THIS_MACHINE)
                    || operation.id().equals("live")
                    || operation.tokenInPath()) {
                continue;
            }
            var path = operation
                    .path()
                    .replace("{id}", "00000000-0000-7000-8000-000000000000")
                    .replace("{tenant}", tenant.id().value())
                    .replace("{rule}", TestNode.RULE)
                    .replace("{source}", "virustotal")
                    .replace("{type}", "host")
                    .replace("{version}", "v1")
                    .replace("{value}", "nobody")
                    .replace("{pack}", "none")
                    .replace("{name}", "okta");
            var nobody = node.send(Identity.NOBODY, operation.method(), path, "");
            assertThat(nobody.statusCode()).as(operation.id() + " as nobody").isEqualTo(401);
            CHECK.check(operation, nobody);
            for (var who : everyone) {
                if (may(who, operation)) {
                    continue; // that those may is shown by what succeeds above
                }
                var refused = node.send(who, operation.method(), path, "");
                assertThat(refused.statusCode())
                        .as(operation.id() + " as " + who)
                        .isEqualTo(403);
                CHECK.check(operation, refused);
            }
        }
    }
}
