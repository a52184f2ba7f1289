import t from 'tap'
import { startApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

t.test('a port narrows the services of an export, so that one slice is left', async (t) => {
  const { request, key } = await startApp(t, { isSeeded: false })
  const row = (name: string, ports: readonly number[]) =>
    requirementInput({
      key: name,
      services: [{ transport: 'tcp', ports }],
      endpoints: [{ kind: 'host', value: `${name}.example.com` }]
    })
  const path = '/v1/catalogues/product-1'
  const published = await request({
    method: 'PUT',
    url: `${path}/document`,
    headers: { ...(await key('catalogue:publish')), 'if-none-match': '*' },
    payload: documentInput({ requirements: [row('one', [443]), row('two', [80, 443])] })
  })
  t.equal(published.statusCode, 201)
  const both = 'one.example.com/\ntwo.example.com/\n'
  for (const query of ['port=443', 'port=443&transport=tcp']) {
    const { body, headers } = await request(`${path}/exports/edl-url?${query}`)
    t.equal(body, both, query)
    t.match(headers['portolan-export-report'], /widened=0/)
  }
  t.equal((await request(`${path}/exports/edl-url?slice=out-tcp-80_443&port=443`)).body, 'two.example.com/\n')
  const policy = (await request(`${path}/exports/cilium?port=443`)).body
  t.match(policy, /port: "443"/)
  t.notMatch(policy, /port: "80"/)
})
