import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { folder, missing, run } from '../../render/formats/support/tool.ts'
import { clearswift, startApp } from '../../support/app.ts'

const base = `/v1/catalogues/${clearswift}`
const pack = `${base}/change-pack?from=1&to=2`

t.test('git applies a patch to the export before, and has the one after', { skip: missing('git') }, async (t) => {
  const { request } = await startApp(t)
  const { exports } = JSON.parse((await request(pack)).body)
  const exported = async (url: string, format: string) => {
    const { pathname, search } = new URL(url)
    return (await request(`${pathname.replace('%7Bformat%7D', format)}${search}&slice=out-tcp-80`)).body
  }
  for (const [format, path] of [
    ['plain-ip', `${clearswift}.txt`],
    ['nftables', 'firewall/portolan.nft'],
    ['iptables', 'rules.v4'],
    ['csv', 'rows.csv']
  ] as const) {
    const part = format === 'iptables' ? '&part=v4' : ''
    const before = await exported(`${exports.before}${part}`, format)
    const after = await exported(`${exports.after}${part}`, format)
    t.not(before, after)
    const named = format === 'plain-ip' ? '' : `&path=${path}`
    const answer = await request(`${pack}&format=patch&export=${format}&slice=out-tcp-80${part}${named}`)
    t.match(answer, { statusCode: 200, headers: { 'content-type': 'text/x-patch; charset=utf-8' } }, format)

    const cwd = folder(t, { patch: answer.body })
    mkdirSync(join(cwd, dirname(path)), { recursive: true })
    writeFileSync(join(cwd, path), before)
    // Outside a repository git applies to the files as they are.
    t.match(
      await run('git', ['apply', '--whitespace=nowarn', 'patch'], { cwd, env: { GIT_CEILING_DIRECTORIES: cwd } }),
      { code: 0, stderr: '' }
    )
    t.equal(readFileSync(join(cwd, path), 'utf8'), after, format)
    const again = await run('git', ['apply', 'patch'], { cwd })
    t.not(again.code, 0, 'it does not fit what it was made of no more')
  }
})

t.test('what no patch can be of is refused', async (t) => {
  const { request } = await startApp(t)
  const codeOf = async (query: string) => {
    const { statusCode, body } = await request(`${pack}&${query}`)
    return [statusCode, JSON.parse(body).code]
  }
  t.strictSame(await codeOf('format=patch'), [400, 'missing_parameter'])
  t.strictSame(await codeOf('format=patch&export=nothing'), [404, 'not_found'])
  t.strictSame(await codeOf('format=patch&export=plain-ip'), [422, 'slice_required'])
  t.strictSame(await codeOf('format=patch&export=plain-ip&slice=out-tcp-81'), [422, 'unknown_slice'])
  t.strictSame(await codeOf('format=patch&export=xlsx'), [400, 'invalid_parameter'])
  for (const path of ['../x', '/etc/x', 'a b', 'a/./b', 'a%0Ab'])
    t.strictSame(await codeOf(`format=patch&export=nftables&path=${path}`), [400, 'invalid_parameter'], path)
  t.strictSame(await codeOf('export=nftables'), [400, 'invalid_parameter'])
  t.strictSame(await codeOf('format=csv&slice=out-tcp-80'), [400, 'invalid_parameter'])
})
