package io.marsad.server.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders, archives and repositories as sources of rules, friendly and hostile. */
class ImportSourcesTest {
    @TempDir
    private Path folder;

    private Path zip(String... namesAndTexts) throws IOException {
        var file = Files.createTempFile(folder, "rules", ".zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
                zip.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return file;
    }

    @Test
    void anArchiveLosesItsTopFolder() throws Exception {
        var files = SourceFiles.ofZip(
                zip("top-1/LICENSE", "DRL 1.1", "top-1/a/x.yml", "1", "top-1/b/y.yaml", "2", "top-1/z.txt", "3"), null);
        assertThat(files.files()).containsOnlyKeys("LICENSE", "a/x.yml", "b/y.yaml");
        assertThat(files.revision()).startsWith("sha256:").hasSize(71);
        assertThat(Licences.of(files.files())).isEqualTo("DRL-1.1");
    }

    @Test
    void namesThatLeadOutOfTheFolderAreRefused() throws Exception {
        for (String name : List.of("../x.yml", "a/../../x.yml", "/etc/x.yml", "a\\..\\x.yml", "C:x.yml", "a/./x.yml")) {
            var zip = zip(name, "title: x");
            assertThatThrownBy(() -> SourceFiles.ofZip(zip, null))
                    .as(name)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not a path below");
        }
    }

    @Test
    void whatUnpacksToTooMuchIsRefused() throws Exception {
        var zip = folder.resolve("bomb.zip");
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("x.yml"));
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 16; i++) {
                out.write(zeros);
            }
            out.closeEntry();
        }
        assertThat(Files.size(zip)).isLessThan(100_000);
        assertThatThrownBy(() -> SourceFiles.ofZip(zip, null)).hasMessageContaining("larger than 4 MiB");
    }

    @Test
    void whatIsNoArchiveIsRefused() throws Exception {
        var file = Files.writeString(folder.resolve("no.zip"), "no zip at all");
        assertThatThrownBy(() -> SourceFiles.ofZip(file, null)).isInstanceOf(IOException.class);
    }

    @Test
    void aFolderIsReadWithoutWhatIsHiddenOrLinked() throws Exception {
        var source = Files.createDirectories(folder.resolve("source/a"));
        Files.writeString(source.resolve("x.yml"), "1");
        Files.writeString(source.resolve(".y.yml"), "2");
        Files.createDirectories(folder.resolve("source/.git"));
        Files.writeString(folder.resolve("source/.git/z.yml"), "3");
        Files.createSymbolicLink(source.resolve("link.yml"), Path.of("/etc/hostname"));
        Files.writeString(folder.resolve("source/b.yml"), "4");
        assertThat(SourceFiles.ofFolder(folder.resolve("source")).files()).containsOnlyKeys("a/x.yml", "b.yml");
    }

    @Test
    void aRepositoryGivesTheFilesOfItsLastCommit() throws Exception {
        Assumptions.assumeTrue(git(folder, "--version"), "git is not here");
        var work = Files.createDirectories(folder.resolve("work"));
        assertThat(git(work, "init", "-q")).isTrue();
        Files.createDirectories(work.resolve("rules"));
        Files.writeString(work.resolve("rules/x.yml"), "title: x\n");
        Files.writeString(work.resolve("LICENSE.md"), "Apache License Version 2.0");
        var marker = folder.resolve("hook-ran");
        Files.createDirectories(work.resolve(".git/hooks"));
        var hook = Files.writeString(work.resolve(".git/hooks/post-checkout"), "#!/bin/sh\ntouch " + marker + "\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        assertThat(git(work, "add", "-A")).isTrue();
        assertThat(git(work, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "one"))
                .isTrue();
        var scratch = Files.createDirectories(folder.resolve("scratch"));
        var files = new GitSource("file", false).fetch("file://" + work, null, scratch);
        assertThat(files.kind()).isEqualTo("git");
        assertThat(files.revision()).matches("[0-9a-f]{40}");
        assertThat(files.files()).containsOnlyKeys("LICENSE.md", "rules/x.yml");
        assertThat(Licences.of(files.files())).isEqualTo("Apache-2.0");
        assertThat(marker).doesNotExist();
    }

    private static boolean git(Path in, String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command)
                    .directory(in.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    @Test
    void onlyHttpsAndOnlyThePublicInternetIsAskedForRepositories() throws Exception {
        var git = new GitSource("https", false);
        for (String url : List.of(
                "http://example.org/x",
                "git://example.org/x",
                "ssh://example.org/x",
                "ext::sh -c id",
                "file:///etc",
                "https://user:secret@example.org/x",
                "https://example.org/x?y=z",
                "https:///x",
                "https://127.0.0.1/x",
                "https://[::1]/x",
                "https://169.254.169.254/latest",
                "https://10.1.2.3/x")) {
            assertThatThrownBy(() -> git.fetch(url, null, folder)).as(url).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> git.fetch("https://example.org/x", "--upload-pack=id", folder))
                .hasMessageContaining("branch or tag");
    }
}
