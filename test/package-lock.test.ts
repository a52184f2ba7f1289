import { readFileSync } from 'node:fs'
import semver from 'semver'
import t from 'tap'

interface PackageLock {
  readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>
}

/** The lock files of the service, and of the two packages of tools that tests install on their own. */
const folders = ['../', 'clients/', 'conformance/']

function read(path: string): PackageLock {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
}

/** The packages of a lock file that do not run on this version of Node, with what they ask for. */
function unfit({ packages }: PackageLock, node: string): readonly string[] {
  return Object.entries(packages)
    .filter(([, { engines }]) => engines?.node !== undefined && !semver.satisfies(node, engines.node))
    .map(([path, { engines }]) => `${path} asks for Node ${engines?.node}`)
}

t.test('every locked package runs on the oldest Node that we support, so npm ci warns of none', async (t) => {
  for (const folder of folders) {
    const lock = read(`${folder}package-lock.json`)
    const oldest = semver.minVersion(lock.packages['']?.engines?.node ?? '')?.version ?? ''
    t.equal(oldest, '20.19.0', folder)
    t.strictSame(unfit(lock, oldest), [], folder)
  }
})

t.test('the test sees a package that needs a newer Node', async (t) => {
  const packages = {
    '': {},
    'node_modules/old': { engines: { node: '>=18' } },
    'node_modules/new': { engines: { node: '>=22' } }
  }
  t.strictSame(unfit({ packages }, '20.19.0'), ['node_modules/new asks for Node >=22'])
})
