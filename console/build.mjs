// Called by Maven: node build.mjs OUT. Each step runs only when its inputs changed; the result outlives `mvn clean`.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** What a first visit may cost, and any page that is loaded later: bytes after gzip. */
const BUDGET = { initialJs: 220_000, css: 25_000, lazyJs: 150_000 };
const CONTRACT = '../api/openapi.yaml';
const OUT = process.argv[2] ?? 'target/classes/console';
const STAGE = 'node_modules/.cache/marsad-out';

const fail = (message) => { console.error(`console: ${message}`); process.exit(1); };
const sha = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest('hex');
const files = (dir) => readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? files(join(dir, e.name)) : [join(dir, e.name)])).sort();
const run = (command, ...args) => {
  try { execFileSync(command, args, { stdio: 'inherit' }); } catch { fail(`${basename(args[0] ?? command)} failed`); }
};

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`Node 20.19 or newer is needed, found ${process.versions.node}`);

const started = Date.now();
const lock = sha(readFileSync('package-lock.json'), process.versions.node);
if (!existsSync('node_modules/.lock') || readFileSync('node_modules/.lock', 'utf8') !== lock) {
  run('npm', 'ci', '--prefer-offline');
  writeFileSync('node_modules/.lock', lock);
}

const isTest = (f) => f.includes('.test.') || f.startsWith(join('src', 'test'));
const inputs = ['index.html', 'package.json', 'vite.config.ts', 'tsconfig.json', 'build.mjs', CONTRACT, ...files('public'), ...files('src').filter((f) => !isTest(f))];
const key = sha(lock, ...inputs.flatMap((f) => [f, readFileSync(f)]));
const cache = join('node_modules/.cache/marsad', key);
const state = existsSync(cache) ? 'cached' : 'built';
if (state === 'built') {
  checkContract();
  run('node', 'node_modules/ts7/bin/tsc', '--noEmit');
  run('node', 'node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', '--outDir', STAGE, '--emptyOutDir');
  checkBudget();
  compress();
  rmSync('node_modules/.cache/marsad', { recursive: true, force: true });
  cpSync(STAGE, cache, { recursive: true });
}
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
cpSync(cache, OUT, { recursive: true });
console.log(`console: ${state} in ${Date.now() - started} ms, ${key.slice(0, 12)}`);

/** The committed types are the contract's: only comments may differ, so that rewording the contract breaks nobody. */
function checkContract() {
  const fresh = 'node_modules/.cache/schema.d.ts';
  mkdirSync('node_modules/.cache', { recursive: true });
  execFileSync('node', ['node_modules/openapi-typescript/bin/cli.js', CONTRACT, '-o', fresh], { stdio: ['ignore', 'ignore', 'inherit'] });
  const bare = (f) => readFileSync(f, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ');
  if (bare(fresh) !== bare('src/api/schema.d.ts')) fail('src/api/schema.d.ts is not what api/openapi.yaml says; run `npm run api` in console/ and commit the result');
}

function checkBudget() {
  const gz = (f) => gzipSync(readFileSync(f), { level: 9 }).length;
  const html = readFileSync(join(STAGE, 'index.html'), 'utf8');
  const first = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((m) => m[1]));
  const all = files(STAGE).filter((f) => f.endsWith('.js')).map((f) => ({ name: f.slice(STAGE.length + 1), bytes: gz(f) }));
  const initial = all.filter((f) => first.has(f.name)).reduce((n, f) => n + f.bytes, 0);
  const css = [...html.matchAll(/href="\/(assets\/[^"]+\.css)"/g)].reduce((n, m) => n + gz(join(STAGE, m[1])), 0);
  const over = [];
  if (initial > BUDGET.initialJs) over.push(`first visit: ${initial} bytes of JavaScript, ${BUDGET.initialJs} allowed`);
  if (css > BUDGET.css) over.push(`first visit: ${css} bytes of CSS, ${BUDGET.css} allowed`);
  for (const f of all) if (!first.has(f.name) && f.bytes > BUDGET.lazyJs) over.push(`${f.name}: ${f.bytes} bytes, ${BUDGET.lazyJs} allowed`);
  if (over.length > 0) fail(`over budget (gzip)\n  ${over.join('\n  ')}`);
  const lazy = all.filter((f) => !first.has(f.name)).map((f) => `${basename(f.name).replace(/-[\w-]{8}\.js$/, '')} ${Math.round(f.bytes / 1000)}`).join(', ');
  console.log(`console: first visit ${Math.round(initial / 1000)} kB JavaScript, ${Math.round(css / 1000)} kB CSS; later (kB): ${lazy}`);
}

/** index.html stays plain: the server writes a nonce into each answer. */
function compress() {
  for (const f of files(STAGE)) {
    if (!['.js', '.css', '.svg'].includes(extname(f))) continue;
    const bytes = readFileSync(f);
    writeFileSync(`${f}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(`${f}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  }
}
