// Builds the bundles of the designer's and the auditor's pages, deterministically:
//   node build.mjs [target]      target: the folder of static files, by default ../../static
// The same sources and the same lock file give the same bytes; `../check.sh` relies on it.

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.resolve(process.argv[2] ?? path.join(here, '../../static'));
const bundles = path.join(target, 'bundles');
const vendor = path.join(target, 'vendor');

// The panel's package carries providers for two other engines. They are never used here, but the
// `$inject` line behind each class counts as a side effect and would keep 300 KiB of them alive.
const withoutForeignProviders = {
  name: 'without-foreign-providers',
  setup(builder) {
    builder.onLoad({ filter: /bpmn-js-properties-panel[\\/]dist[\\/]index\.esm\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const lean = source.replace(/^(Zeebe|Camunda)\w+\.\$inject = .*$/gm, '');
      if (lean === source) throw new Error('the provider package has changed: nothing to leave out');
      return { contents: lean, loader: 'js' };
    });
  },
};

// One format of the icon font is enough for every browser that runs these pages.
const oneFontFormat = {
  name: 'one-font-format',
  setup(builder) {
    builder.onLoad({ filter: /bpmn-font[\\/]css[\\/]bpmn\.css$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const face = `@font-face{font-family:'bpmn';src:url('../font/bpmn.woff2') format('woff2')}`;
      return { contents: source.replace(/@font-face\s*{[^}]*}/, face), loader: 'css' };
    });
  },
};

// FEEL is checked by the server with our own parser; the packaged editors check another dialect
// and write <style> elements, which the content security policy forbids.
const stub = path.join(here, 'src/panel/no-code-editor.js');
const alias = Object.fromEntries(
  ['@bpmn-io/feel-editor', '@bpmn-io/feelers-editor', '@codemirror/view', '@codemirror/state', '@codemirror/language',
    '@codemirror/autocomplete', '@codemirror/commands', '@codemirror/lang-json', '@codemirror/lint'].map(name => [name, stub]),
);

const result = await build({
  absWorkingDir: here,
  entryPoints: ['src/studio.js', 'src/replay.js'],
  outdir: bundles,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  write: false,
  entryNames: '[name]',
  assetNames: '[name]',
  loader: { '.woff2': 'file' },
  alias,
  plugins: [withoutForeignProviders, oneFontFormat],
});

await rm(bundles, { recursive: true, force: true });
await mkdir(bundles, { recursive: true });
await mkdir(vendor, { recursive: true });

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');

function packageOf(input) {
  const inside = input.split('node_modules/').slice(1).pop();
  if (!inside) return null;
  const parts = inside.split('/');
  return parts[0].startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

async function manifest(name) {
  return JSON.parse(await readFile(path.join(here, 'node_modules', name, 'package.json'), 'utf8'));
}

async function packagesOf(output) {
  const used = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const names = new Set(used.map(([input]) => packageOf(input)).filter(Boolean));
  const pairs = await Promise.all([...names].sort().map(async name => [name, (await manifest(name)).version]));
  return Object.fromEntries(pairs);
}

const lock = {};
const shipped = new Set(['htmx.org']);
for (const file of [...result.outputFiles].sort((a, b) => a.path.localeCompare(b.path, 'en'))) {
  const name = path.basename(file.path);
  const output = Object.entries(result.metafile.outputs).find(([key]) => path.basename(key) === name)[1];
  const packages = await packagesOf(output);
  Object.keys(packages).forEach(each => shipped.add(each));
  await writeFile(path.join(bundles, name), file.contents);
  lock[`bundles/${name}`] = { sha256: sha256(file.contents), bytes: file.contents.length, packages };
}

const htmx = path.join(here, 'node_modules/htmx.org/dist/htmx.min.js');
await copyFile(htmx, path.join(vendor, 'htmx.min.js'));
const htmxBytes = await readFile(htmx);
lock['vendor/htmx.min.js'] = {
  sha256: sha256(htmxBytes),
  bytes: htmxBytes.length,
  packages: { 'htmx.org': (await manifest('htmx.org')).version },
};

async function licenceText(name) {
  const folder = path.join(here, 'node_modules', name);
  const file = (await readdir(folder)).sort().find(each => /^licen[cs]e/i.test(each));
  return file ? (await readFile(path.join(folder, file), 'utf8')).trim() : 'See the licence named above.';
}

async function licences() {
  const parts = ['Licences of the packages inside the bundles and vendored files of this folder.'];
  for (const name of [...shipped].sort()) {
    const { version, license } = await manifest(name);
    parts.push(`${name} ${version} (${license})\n${'-'.repeat(60)}\n${await licenceText(name)}`);
  }
  return parts.join(`\n\n${'='.repeat(60)}\n\n`) + '\n';
}

await writeFile(path.join(bundles, 'LICENCES.txt'), await licences());
await writeFile(path.join(target, 'assets.lock.json'), JSON.stringify(lock, null, 2) + '\n');
if (process.env.META) await writeFile(process.env.META, JSON.stringify(result.metafile));
for (const [name, { bytes }] of Object.entries(lock)) console.log(`${name}  ${(bytes / 1024).toFixed(0)} KiB`);
