import { writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import { portolan, temporary } from '../../cli/support/portolan.ts'
import { documentInput, requirementInput } from '../../support/document.ts'
import { type Service, startService } from '../../support/service.ts'

export interface Running {
  readonly service: Service
  publish(document: object): Promise<void>
}

/** A service of its own on a file, into which the command line publishes. */
export async function running(t: Test): Promise<Running> {
  const store = temporary(t, 'portolan.db')
  const service = await startService({ PORTOLAN_DATABASE_URL: `sqlite:${store}`, PORTOLAN_CATALOGUES: '' })
  t.teardown(() => service.stop())
  const publish = async (document: object) => {
    const file = temporary(t, 'document.json')
    writeFileSync(file, JSON.stringify(document))
    const overrides = ['unannounced_removal', 'requirement_emptied'].flatMap((rule) => ['--override', rule])
    const before = await fetch(`${service.address}/v1/events`)
    const { code, error } = await portolan(['publish', file, ...overrides, '--reason', 'test'], { store })
    if (code !== 0) throw new Error(error)
    // The service notices what another process published.
    const after = before.headers.get('portolan-seq')
    await fetch(`${service.address}/v1/events?after=${after}`, { headers: { prefer: 'wait=30' } })
  }
  return { service, publish }
}

/** A document of one requirement with these endpoints. */
export function edition(...endpoints: readonly object[]): object {
  return documentInput({ requirements: [requirementInput({ endpoints })] })
}

export function hosts(...names: readonly string[]): readonly object[] {
  return names.map((name) => ({ kind: 'host', value: `${name}.example.net` }))
}

export function addresses(...values: readonly string[]): readonly object[] {
  return values.map((value) => ({ kind: 'address', value }))
}
