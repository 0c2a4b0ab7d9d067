// Makes the package that is deployed, its bill of materials and the checksums of a release, from what the build has put into dist/.
//
//   node infra/package-app.mjs [FOLDER]      FOLDER: of the checkout; default: the one that this script is in
//
// The same source gives the same bytes on every machine: sorted names, fixed times and rights, and a compressor in JavaScript, since what
// zlib makes differs between its versions and processors.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { zipSync } from 'fflate'

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'))
const inRoot = (...parts) => join(root, ...parts)
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
const json = (value) => `${JSON.stringify(value, undefined, 2)}\n`
const byCodeUnits = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

/** What the Functions worker reads of package.json; with dependencies in it a remote build would install them. */
function packageJson() {
  const { name, version, type, main } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
  return { name, version, type, main }
}

const builtFiles = (folder) =>
  readdirSync(inRoot(folder))
    .filter((file) => file.endsWith('.js'))
    .map((file) => [`${folder}/${file}`, readFileSync(inRoot(folder, file))])

/** Zip times have no zone: these are the fields of a date, the earliest that the format can hold. */
const MTIME = new Date(1980, 0, 1)
const UNIX = 3
const READABLE_FILE = 0o100644 << 16

function zip(files) {
  return zipSync(Object.fromEntries(files), { level: 9, mtime: MTIME, os: UNIX, attrs: READABLE_FILE })
}

/** `name@version` of everything that is not for development alone. */
function deployedPackages() {
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'))
  const deployed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true)
  return new Set(deployed.map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`))
}

/**
 * CycloneDX, from the lock file. `npm sbom --omit dev` also leaves out what development and deployment both need, which is most of it
 * (npm 11): so everything is asked for, and what is for development alone is left out here.
 */
function billOfMaterials(packageHash) {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']
  const options = {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  }
  const bom = JSON.parse(execFileSync('npm', args, options))
  // A random number, the time and the npm at hand say nothing of the package.
  const { serialNumber: _, metadata, components, dependencies, ...rest } = bom
  const wanted = deployedPackages()
  const deployed = components.filter((component) => wanted.has(`${component.name}@${component.version}`))
  const refs = new Set([metadata.component['bom-ref'], ...deployed.map((component) => component['bom-ref'])])
  const { name, version } = packageJson()
  return {
    ...rest,
    metadata: {
      component: {
        ...metadata.component,
        type: 'application',
        name,
        version,
        hashes: [{ alg: 'SHA-256', content: packageHash }],
      },
    },
    components: deployed.toSorted((a, b) => byCodeUnits(a['bom-ref'], b['bom-ref'])),
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({
        ref,
        dependsOn: dependsOn.filter((on) => refs.has(on)).sort(byCodeUnits),
      }))
      .sort((a, b) => byCodeUnits(a.ref, b.ref)),
  }
}

const reduced = packageJson()
const packed = [
  ['host.json', readFileSync(inRoot('host.json'))],
  ['package.json', Buffer.from(json(reduced))],
  ...builtFiles('dist/functions'),
  ...builtFiles('dist/chunks'),
].sort(([a], [b]) => byCodeUnits(a, b))
const archive = zip(packed)
const file = `risk-export-${reduced.version}.zip`
// The app makes the same list of what it was loaded from, and its heartbeats tell the hash (shared/composition/program-digest.ts).
const listFile = `risk-export-${reduced.version}.files`
const list = packed.map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`).join('')
const hash = sha256(archive)
const bom = json(billOfMaterials(hash))
const command = readFileSync(inRoot('dist/risk-export.mjs'))
writeFileSync(inRoot('dist', file), archive)
writeFileSync(inRoot('dist', `${file}.sha256`), `${hash}  ${file}\n`)
writeFileSync(inRoot('dist', listFile), list)
writeFileSync(inRoot('dist', 'sbom.cdx.json'), bom)
writeFileSync(
  inRoot('dist', 'SHA256SUMS'),
  `${hash}  ${file}\n${sha256(list)}  ${listFile}\n${sha256(command)}  risk-export.mjs\n${sha256(bom)}  sbom.cdx.json\n`,
)
process.stdout.write(`dist/${file}  ${archive.byteLength} bytes\nsha256 ${hash}\nprogram ${sha256(list)}\n`)
