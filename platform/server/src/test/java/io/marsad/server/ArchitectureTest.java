package io.marsad.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules of the house that a machine can hold us to. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.marsad");

    private static final Set<String> MODULES = Set.of(
            "kernel",
            "proto",
            "wire",
            "uplink",
            "match",
            "sigma",
            "normalize",
            "connect",
            "store",
            "db",
            "ingest",
            "fleet",
            "soc",
            "respond",
            "api",
            "server");

    @Test
    void everyModuleIsInALayer() {
        var found = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("io.marsad."))
                .map(name -> name.split("\\.")[2])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(found).containsExactlyInAnyOrderElementsOf(MODULES);
    }

    @Test
    void layersLookDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("kernel")
                .definedBy("io.marsad.kernel..", "io.marsad.proto..", "io.marsad.wire..", "io.marsad.uplink..")
                .layer("engines")
                .definedBy("io.marsad.match..", "io.marsad.sigma..", "io.marsad.normalize..", "io.marsad.connect..")
                .layer("state")
                .definedBy("io.marsad.store..", "io.marsad.db..")
                .layer("services")
                .definedBy("io.marsad.ingest..", "io.marsad.soc..", "io.marsad.respond..", "io.marsad.fleet..")
                .layer("edges")
                .definedBy("io.marsad.api..", "io.marsad.server..")
                .whereLayer("edges")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("services")
                .mayOnlyBeAccessedByLayers("edges")
                .whereLayer("state")
                .mayOnlyBeAccessedByLayers("services", "edges")
                .whereLayer("engines")
                .mayOnlyBeAccessedByLayers("state", "services", "edges")
                .check(CLASSES);
    }

    @Test
    void engineLibrariesStandAlone() {
        mayUseOnly("proto", "proto");
        mayUseOnly("wire", "proto", "wire");
        mayUseOnly("uplink", "proto", "wire", "uplink");
        mayUseOnly("match", "kernel", "match");
        mayUseOnly("sigma", "kernel", "match", "sigma");
        mayUseOnly("normalize", "kernel", "normalize");
        mayUseOnly("kernel", "kernel");
        mayUseOnly("connect", "kernel", "connect");
        mayUseOnly("store", "kernel", "match", "store");
        mayUseOnly("db", "kernel", "db");
        mayUseOnly("fleet", "kernel", "proto", "wire", "uplink", "db", "fleet");
    }

    private static void mayUseOnly(String module, String... others) {
        var foreign = MODULES.stream()
                .filter(name -> !Set.of(others).contains(name))
                .map(name -> "io.marsad." + name + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("io.marsad." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(foreign)
                .check(CLASSES);
    }

    /** What leaves the platform to be obeyed is signed in one place. */
    @Test
    void onlyRespondSigns() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.marsad.respond..", "io.marsad.wire..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.marsad.wire.Signer")
                .check(CLASSES);
    }

    /** A dry run has nothing to send or to write with. */
    @Test
    void dryRunsHaveNoWayOut() {
        noClasses()
                .that()
                .resideInAPackage("io.marsad.respond.dry..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.marsad.connect..",
                        "io.marsad.db..",
                        "io.marsad.store..",
                        "java.net..",
                        "java.nio..",
                        "java.sql..",
                        "javax.net..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.marsad.respond.durable.ActionProvider")
                .check(CLASSES);
    }

    @Test
    void modulesAndKernelPackagesFormNoCycle() {
        slices().matching("io.marsad.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("io.marsad.kernel.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void kernelAndEnginesDoNoNetworkOrDatabase() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.marsad.kernel..", "io.marsad.match..", "io.marsad.sigma..", "io.marsad.normalize..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "java.sql..", "javax.sql..", "io.helidon..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.Socket")
                .check(CLASSES);
    }

    @Test
    void clocksArePassedIn() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.marsad.server..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.InstantSource.class, "system")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .check(CLASSES);
    }

    @Test
    void noThreadLocals() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .check(CLASSES);
    }

    @Test
    void noJavaSerialization() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(java.io.ObjectInputStream.class, java.io.ObjectOutputStream.class)
                .check(CLASSES);
    }

    @Test
    void callerIsBoundAtTheDoorsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.marsad.api..", "io.marsad.server..", "io.marsad.ingest..", "io.marsad.kernel.tenant..")
                .should()
                .callMethod(
                        "io.marsad.kernel.tenant.CallerScope",
                        "callAs",
                        "io.marsad.kernel.tenant.Caller",
                        "java.lang.ScopedValue$CallableOp")
                .orShould()
                .callMethod(
                        "io.marsad.kernel.tenant.CallerScope",
                        "runAs",
                        "io.marsad.kernel.tenant.Caller",
                        "java.lang.Runnable")
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIs() {
        var silent = CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(one -> one.tryGetPackageInfo().isEmpty())
                .map(JavaPackage::getName)
                .filter(name -> !name.startsWith("io.marsad.proto.")) // which is generated: api/agent.proto says it
                .toList();
        assertThat(silent).isEmpty();
    }

    @Test
    void namesSayWhatDiffers() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .check(CLASSES);
        classes().should().resideInAPackage("io.marsad..").check(CLASSES);
    }
}
