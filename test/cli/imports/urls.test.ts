import t from 'tap'
import { list, site, startProvider } from '../../delivery/support/provider.ts'
import { portolan, temporary } from '../support/portolan.ts'

const environment = { PORTOLAN_EGRESS_ALLOW: '127.0.0.1/32', PORTOLAN_EGRESS_PORTS: '*', PORTOLAN_ALLOW_HTTP: 'true' }

t.test(
  'an import from the URL of Microsoft 365 asks for the version, and for what changed since the head',
  async (t) => {
    const store = temporary(t, 'portolan.db')
    const set = { id: 9, serviceArea: 'Exchange', category: 'Allow', required: true, tcpPorts: '443' }
    const change = (version: string, effectiveDate: string, ...ips: readonly string[]) => ({
      id: 1,
      endpointSetId: 9,
      disposition: 'Change',
      version,
      add: { effectiveDate, ips }
    })
    const answers = (latest: string, since: string, changes: readonly object[], ...ips: readonly string[]) =>
      site({
        '/version/Worldwide': list(JSON.stringify({ instance: 'Worldwide', latest }), '"1"'),
        '/endpoints/Worldwide': list(JSON.stringify([{ ...set, ips }]), '"1"'),
        [`/changes/Worldwide/${since}`]: list(JSON.stringify(changes), '"1"')
      })
    const first = [change('2026010100', '20260201', '20.50.1.1'), change('2026110100', '20261201', '20.50.1.2')]
    const provider = await startProvider(t, answers('2026110100', '0000000000', first, '20.50.1.1', '20.50.1.2'))
    const argv = ['import', 'm365', `${provider.origin}/endpoints/Worldwide`, '--catalogue', 'feed.m365']
    t.match(await portolan(argv, { store, environment }), { code: 0, output: /^Published revision 1 \(2026110100\)/ })
    const second = [change('2026120100', '20261101', '20.50.1.3')]
    provider.answer = answers('2026120100', '2026110100', second, '20.50.1.1', '20.50.1.2', '20.50.1.3')
    t.match(await portolan(argv, { store, environment }), { code: 0, output: /^Published revision 2 \(2026120100\)/ })
    const { output } = await portolan(['document', 'feed.m365', '--json'], { store })
    t.match(JSON.parse(output).requirements[0].endpoints, [
      { value: '20.50.1.1', from: undefined },
      { value: '20.50.1.2', from: '2026-12-01T00:00:00Z' },
      { value: '20.50.1.3', from: '2026-11-01T00:00:00Z' }
    ])
    const missing = ['import', 'm365', `${provider.origin}/endpoints/China`, '--catalogue', 'feed.m365-china']
    t.match(await portolan(missing, { store, environment }), { code: 1, error: /the source answered 404/ })
  }
)
