import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { folder, missing, pathOf, run } from '../render/formats/support/tool.ts'
import { clearswift } from '../support/app.ts'
import { startService } from '../support/service.ts'

const skip = missing('unshare', 'nsenter', 'nft', 'curl', 'md5sum', 'dash', 'jq')
const script = new URL('../../examples/nftables/portolan-nftables.sh', import.meta.url).pathname
const drift = (name: string) => new URL(`../../examples/drift-check/${name}.sh`, import.meta.url).pathname
const before = 'effectiveAt=2018-11-21T23:59:59Z'
const after = 'effectiveAt=2018-11-22T00:00:00Z'
const retired = '184.72.245.1'

/** What stands between the service and the script may do this to an answer. */
const faults: Readonly<Record<string, (body: string, response: ServerResponse) => void>> = {
  'an error': (_, response) => response.writeHead(503).end('not ready'),
  'a missing catalogue': (_, response) => response.writeHead(404).end(),
  'half a list': (body, response) => {
    response.writeHead(200, { 'content-length': body.length }).write(body.slice(0, body.length / 2))
    setTimeout(() => response.destroy(), 50)
  },
  'a list cut at a line, with the length of what is left': (body, response) =>
    response
      .writeHead(200, { 'portolan-export-report': 'entries=9' })
      .end(body.slice(0, body.lastIndexOf('add element'))),
  'nothing at all': (_, response) => response.writeHead(200).end(),
  'a page to log in': (_, response) => response.writeHead(200).end('<html>Please log in</html>')
}

t.test('the script loads what holds, and keeps the last good list on any failure', { skip }, async (t) => {
  const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
  t.teardown(() => service.stop())
  let fault: ((body: string, response: ServerResponse) => void) | undefined
  const statuses: number[] = []
  const between = createServer(async (request, response) => {
    const validator = request.headers['if-none-match']
    const answer = await fetch(service.address + request.url, {
      headers: validator === undefined ? {} : { 'if-none-match': validator }
    })
    const body = await answer.text()
    if (fault && !request.url?.includes('.md5')) return fault(body, response)
    statuses.push(answer.status)
    const { etag, 'portolan-export-report': report } = Object.fromEntries(answer.headers)
    response.writeHead(answer.status, { ...(etag && { etag }), ...(report && { 'portolan-export-report': report }) })
    response.end(body)
  })
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  t.teardown(() => between.close())
  // listen() on a TCP port answers an AddressInfo.
  const url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`

  // A kernel of its own for nft, while curl stays where the service is.
  const holder = spawn('unshare', ['-n', 'sleep', '300'])
  t.teardown(() => holder.kill())
  const home = folder(t)
  const tools = folder(t, { nft: `#!/bin/sh\nexec nsenter -t ${holder.pid} -n ${pathOf('nft')} "$@"\n` })
  await run('chmod', ['755', `${tools}/nft`])
  const nft = (...args: string[]) => run(`${tools}/nft`, args)
  const apply = (query: string) =>
    run('dash', ['-c', `PATH=${tools}:$PATH exec dash ${script}`], {
      env: { PORTOLAN_URL: url, PORTOLAN_CATALOGUE: clearswift, PORTOLAN_QUERY: query, PORTOLAN_STATE: home }
    })
  const has = async (address: string) =>
    (await nft('get', 'element', 'inet', 'portolan', `out4_${clearswift}`, `{ ${address} . tcp . 80 }`)).code === 0

  const first = await apply(before)
  t.match(first, { code: 0 })
  t.equal(await has(retired), true)

  const again = await apply(before)
  t.match(again, { code: 0, stderr: '' })
  t.strictSame(statuses, [200, 200, 304], 'what is known is not sent again')

  await nft('flush', 'ruleset')
  t.match(await apply(before), { code: 0 })
  t.equal(await has(retired), true, 'after a reboot it is loaded again, though nothing was sent')

  for (const [name, spoil] of Object.entries(faults)) {
    fault = spoil
    const outcome = await apply(after)
    t.match(outcome, { code: 1, stderr: /the last good list stays/ }, name)
    t.equal(await has(retired), true, `${name}: the last good list is still there`)
  }
  await nft('flush', 'ruleset')
  t.match(await apply(after), { code: 1 })
  t.equal(await has(retired), true, 'after a reboot without a service it is loaded again')

  fault = undefined
  t.match(await apply(after), { code: 0, stderr: /entries loaded/ })
  t.equal(await has(retired), false, 'on 22 November it is gone')
  t.equal(await has('185.155.104.24'), true)
  t.strictSame(
    existsSync(`${home}/list.nft`) && /184\.72\.245\.1/.test(readFileSync(`${home}/list.nft`, 'utf8')),
    false
  )
  rmSync(`${home}/list.nft`)

  const destinations = await run('dash', [drift('destinations')], {
    input: (await nft('-j', 'list', 'ruleset')).stdout
  })
  t.match(destinations, { code: 0, stdout: /^185\.155\.104\.24\/31 tcp\/80$/m })
  const check = (input: string, query: string) => run('dash', [drift('drift-check'), url, clearswift, query], { input })
  t.match(await checkAudit(destinations.stdout, after), { code: 0, stdout: 'no drift\n' })
  t.match(await checkAudit(`${destinations.stdout}${retired} tcp/80\n`, after), {
    code: 1,
    stdout: /^retired +184\.72\.245\.1 tcp\/80$/m
  })
  t.match(await checkAudit('198.51.100.1\n', after), { code: 1, stdout: /^unknown[\s\S]*^missing/m })
  t.equal((await check('198.51.100.1\n', after)).code, 2, 'a service that does not answer is no drift')

  function checkAudit(input: string, query: string) {
    return run('dash', [drift('drift-check'), service.address, clearswift, query], { input })
  }
})

t.test('systemd takes the units', { skip: missing('systemd-analyze') }, async (t) => {
  const units = ['service', 'timer'].map(
    (kind) => new URL(`../../examples/nftables/portolan-nftables.${kind}`, import.meta.url).pathname
  )
  // The script is not installed here.
  const texts = units.map((path) =>
    readFileSync(path, 'utf8').replace('/usr/local/sbin/portolan-nftables.sh', '/bin/true')
  )
  const home = folder(t, { 'portolan-nftables.service': texts[0] ?? '', 'portolan-nftables.timer': texts[1] ?? '' })
  const verify = (name: string) => run('systemd-analyze', ['verify', `${home}/${name}`])
  const outcome = await verify('portolan-nftables.timer')
  t.equal(outcome.code, 0, outcome.stderr)
  const broken = folder(t, { 'broken.service': (texts[0] ?? '').replace('Type=oneshot', 'Type=never\nExecWhat=x') })
  const refused = await run('systemd-analyze', ['verify', `${broken}/broken.service`])
  t.match(refused.stderr, /ExecWhat|never/, 'and refuses others')
})
