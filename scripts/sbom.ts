import { execFileSync } from 'node:child_process'

/*
 * Writes what runs as a CycloneDX document. `npm sbom --omit dev` also leaves out packages that both the service and a tool need, so the
 * whole document is asked for, and what only development needs is taken out.
 */

/** Development installs these, and the build puts what runs of them into `dist`: the package has them. */
const built = ['drizzle-orm']

interface Component {
  readonly name: string
  readonly 'bom-ref': string
  readonly properties?: readonly { readonly name: string; readonly value: string }[]
}
interface Bom {
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[]
}

const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']
const bom: Bom = JSON.parse(execFileSync('npm', words, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }))
const isDevelopment = ({ name, properties = [] }: Component) =>
  !built.includes(name) &&
  properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true')
const left = new Set(bom.components.filter(isDevelopment).map((each) => each['bom-ref']))
const what = {
  ...bom,
  components: bom.components.filter((each) => !left.has(each['bom-ref'])),
  dependencies: bom.dependencies
    .filter(({ ref }) => !left.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => !left.has(each)) }))
}
process.stdout.write(`${JSON.stringify(what, undefined, 2)}\n`)
