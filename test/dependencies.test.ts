import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const { dependencies, devDependencies }: Readonly<Record<'dependencies' | 'devDependencies', object>> = JSON.parse(
  read('package.json')
)

/** The packages that a part of the page gives a reason for, in its order. */
function reasons(heading: string): readonly string[] {
  const part =
    read('docs/dependencies.md')
      .split(/^## /m)
      .find((text) => text.startsWith(`${heading}\n`)) ?? ''
  return [...part.matchAll(/^\| `([^`]+)` \| .{15,} \|$/gm)].map(([, name]) => name ?? '')
}

t.test('every direct dependency has its reason in docs/dependencies.md', async (t) => {
  t.strictSame(reasons('Run'), Object.keys(dependencies).sort())
  t.strictSame(reasons('Develop and test'), Object.keys(devDependencies).sort())
})

t.test('the bill of materials is a CycloneDX document of what runs', async (t) => {
  const { bomFormat, components } = JSON.parse(execFileSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8' }))
  const names: readonly string[] = components.map((each: { group?: string; name: string }) =>
    each.group === undefined ? each.name : `${each.group}/${each.name}`
  )
  t.equal(bomFormat, 'CycloneDX')
  t.strictSame(
    Object.keys(dependencies).filter((name) => !names.includes(name)),
    []
  )
  t.ok(names.includes('drizzle-orm'), 'what a build puts into dist runs too')
  t.notOk(names.includes('tap'))
})
