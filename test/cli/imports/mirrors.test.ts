import { writeFileSync } from 'node:fs'
import t from 'tap'
import { startApp } from '../../support/app.ts'
import { clearswift, portolan, temporary } from '../support/portolan.ts'

const environment = { PORTOLAN_EGRESS_ALLOW: '127.0.0.1/32', PORTOLAN_EGRESS_PORTS: '*', PORTOLAN_ALLOW_HTTP: 'true' }

t.test('a catalogue of another service is taken as it is, and its digest proves it', async (t) => {
  const app = await startApp(t)
  const url = `${await app.listen()}/v1/catalogues/${clearswift}`
  const store = temporary(t, 'mirror.db')
  const argv = ['import', 'portolan', url, '--catalogue', 'mirror']
  t.match(await portolan(argv, { store, environment }), { code: 0, output: /^Published revision 1 \(2\.3\) of mirror/ })
  t.match(await portolan(argv, { store, environment }), { code: 0, output: /^Unchanged/ })

  const read = async (path: string): Promise<Record<string, unknown>> =>
    JSON.parse(await (await fetch(`${url}/${path}`)).text())
  const [document, revision] = [await read('document'), await read('revisions/2')]
  const { edition, ...mirrored } = JSON.parse((await portolan(['document', 'mirror', '--json'], { store })).output)
  t.strictSame(mirrored, withoutEdition({ ...document, id: 'mirror' }))
  const { source, ...said } = edition
  t.strictSame(said, document.edition)
  t.strictSame(source, { adapter: 'portolan', url, token: '2', label: '2.3', digest: revision.digest })

  const bundle = temporary(t, 'bundle.json')
  const importBundle = (content: object, ...options: readonly string[]) => {
    writeFileSync(bundle, JSON.stringify(content))
    return portolan(['import', 'portolan', bundle, '--catalogue', 'mirror', '--feed-url', url, ...options], { store })
  }
  t.match(await importBundle({ document, revision }), { code: 0, output: /^Unchanged/ }, 'carried in by hand')
  const forged = { ...document, title: 'Another' }
  t.match(await importBundle({ document: forged, revision }), { code: 1, error: /its digest differs/ })

  const again = { ...mirrored, edition }
  const { output } = await portolan(['revisions', 'mirror', '--json'], { store })
  const [newest] = JSON.parse(output).items
  const copy = { document: again, revision: newest }
  t.match(await importBundle(copy, '--dry-run'), { code: 1, error: /is itself a mirror/ })
  t.match(await importBundle(copy, '--dry-run', '--mirror-of', url), { code: 0 })
})

function withoutEdition({ edition: _, ...rest }: Readonly<Record<string, unknown>>): object {
  return rest
}
