// What is known against the libraries that we ship: npm's advisories for the console, OSV's (osv.dev) for the JARs.
// Usage: node build/known-vulnerabilities.mjs LIB-FOLDER REPORT-FOLDER
// Exits 1 when something critical is known. A service that cannot be asked is said and is no failure: the build needs neither.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const OSV = process.env.OSV_URL ?? 'https://api.osv.dev';
const PATIENCE_MS = 20_000;
const [lib, reports] = process.argv.slice(2);
const console_ = new URL('../console', import.meta.url).pathname;
mkdirSync(reports, { recursive: true });
let critical = 0;

const say = (what, text) => console.log(`${what}: ${text}`);
function keep(name, what, found) {
  writeFileSync(join(reports, name), JSON.stringify(found, null, 2));
  const worst = found.filter((f) => f.severity === 'critical');
  critical += worst.length;
  say(what, `${found.length} known, ${worst.length} critical${worst.map((w) => `\n  ${w.of}: ${w.id} ${w.title}`).join('')}`);
}

function npm() {
  const ran = spawnSync('npm', ['audit', '--json'], { cwd: console_, encoding: 'utf8', timeout: PATIENCE_MS, maxBuffer: 64 << 20 });
  let said;
  try { said = JSON.parse(ran.stdout); } catch { said = undefined; }
  if (!said?.vulnerabilities) return say('npm libraries', `not checked, npm says: ${said?.message ?? said?.error?.summary ?? ran.error?.message ?? 'nothing'}`);
  keep('npm-audit.json', 'npm libraries', Object.values(said.vulnerabilities).map((v) => ({ of: v.name, severity: v.severity, id: v.via.map((x) => x.url ?? x).join(' '), title: v.via.map((x) => x.title ?? '').join(' ').trim() })));
}

/** The text of the first file of a zip whose name fits; undefined when there is none. */
function inZip(path, name) {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  for (let at = zip.readUInt32LE(end + 16), left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [packed, length, names, extra, comment, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    if (name.test(zip.toString('utf8', at + 46, at + 46 + names))) {
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const bytes = zip.subarray(from, from + length);
      return (packed === 0 ? bytes : inflateRawSync(bytes)).toString('utf8');
    }
    at += 46 + names + extra + comment;
  }
  return undefined;
}

/** Group, name and version, as a JAR says of itself. */
function coordinates(jar) {
  const text = inZip(join(lib, jar), /^META-INF\/maven\/.*\/pom\.properties$/);
  const of = (key) => text && new RegExp(`^${key}=(.+)$`, 'm').exec(text)?.[1].trim();
  return of('groupId') && of('version') ? { name: `${of('groupId')}:${of('artifactId')}`, version: of('version') } : undefined;
}

async function ask(path, body) {
  const r = await fetch(OSV + path, { method: body ? 'POST' : 'GET', body: body && JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!r.ok) throw new Error(`HTTP ${r.status}`);
  return r.json();
}

async function java() {
  const jars = readdirSync(lib).filter((f) => f.endsWith('.jar') && !f.startsWith('marsad-'));
  const known = jars.map((jar) => ({ jar, ...coordinates(jar) }));
  const named = known.filter((k) => k.name);
  try {
    const { results } = await ask('/v1/querybatch', { queries: named.map(({ name, version }) => ({ package: { ecosystem: 'Maven', name }, version })) });
    const found = [];
    for (const [i, { vulns = [] }] of results.entries()) {
      for (const { id } of vulns) {
        const one = await ask(`/v1/vulns/${encodeURIComponent(id)}`);
        found.push({ of: `${named[i].name} ${named[i].version}`, severity: String(one.database_specific?.severity ?? 'unknown').toLowerCase(), id, title: one.summary ?? '' });
      }
    }
    keep('java-audit.json', 'Java libraries', found);
    if (named.length < jars.length) say('Java libraries', `${jars.length - named.length} of ${jars.length} do not say what they are`);
  } catch (e) {
    say('Java libraries', `not checked, ${OSV} cannot be asked: ${e.cause?.code ?? e.message}`);
  }
}

npm();
await java();
process.exit(critical > 0 ? 1 : 0);
