import { strict as assert } from 'node:assert'
import { readdirSync, readFileSync } from 'node:fs'
import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'
import { type Check, checksOf } from './check.ts'
import { sdl } from './schema.ts'

const folder = new URL('../../schema/released/', import.meta.url)

/** What would break clients of the schema of the last release. */
async function breaking(now: string): Promise<readonly string[]> {
  const [last] = readdirSync(folder).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  const released = readFileSync(new URL(last ?? '', folder), 'utf8')
  const changes = await diff(buildSchema(released), buildSchema(now))
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message)
}

export function releaseChecks(): readonly Check[] {
  return checksOf('graphql-inspector', {
    'finds nothing that breaks clients of the last release': async () => assert.deepEqual(await breaking(sdl), []),
    'finds a field that is gone: the check above can fail': async () => {
      const without = sdl.replace(/^ {2}servicesText: String!$/m, '  servicesAsText: String!')
      assert.notEqual(without, sdl)
      assert.deepEqual(await breaking(without), ["Field 'servicesText' was removed from object type 'Requirement'"])
    }
  })
}
