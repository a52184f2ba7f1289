import t from 'tap'
import { folder, missing, run } from '../../render/formats/support/tool.ts'
import { clearswift, startApp } from '../../support/app.ts'

const path = `/v1/catalogues/${clearswift}/change-pack`

t.test('the successors are targets until what they replace is closed', async (t) => {
  const { request } = await startApp(t)
  const answer = await request(`${path}?from=1&to=2&format=probes`)
  const successors = ['70.33.161.213', '70.33.161.214', '185.155.104.24', '185.155.104.25']
  t.strictSame(
    JSON.parse(answer.body),
    successors.map((value) => ({
      targets: [`${value}:80`],
      labels: {
        __param_module: 'tcp_connect',
        portolan_catalogue: clearswift,
        portolan_pack: '0ed62aecc0b09f10',
        portolan_step: '2',
        portolan_by: '2018-11-22T00:00:00Z',
        portolan_requirements: 'kaspersky-av-updates sophos-av-updates'
      }
    }))
  )
  t.match(answer, { statusCode: 200, headers: { 'content-type': 'application/json; charset=utf-8' } })
  t.equal((await request(`${path}?at=2018-11-22T00:00:00Z&format=probes`)).body, '[]', 'a close alone asks nothing')

  t.test('Prometheus reads them', { skip: missing('promtool') }, async (t) => {
    const config = 'scrape_configs: [{job_name: probe, file_sd_configs: [{files: [probes.json]}]}]\n'
    const checked = async (probes: string) => {
      const cwd = folder(t, { 'prometheus.yml': config, 'probes.json': probes })
      return (await run('promtool', ['check', 'config', 'prometheus.yml'], { cwd })).code
    }
    t.equal(await checked(answer.body), 0)
    t.not(await checked(answer.body.replace('"targets"', '"target"')), 0, 'the checker fails on a changed text')
  })
})
