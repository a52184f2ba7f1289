import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { repository } from './support/repository.ts'
import { startService } from './support/service.ts'

const packages = join(repository, 'node_modules')

/** A copy of what an image is made of, built there, with no packages but `dependencies`: what they need they find in their own place. */
async function buildIn(folder: string): Promise<void> {
  const copied = ['bin', 'src', 'schema', 'openapi', 'migrations', 'catalogues']
  for (const name of [...copied, 'package.json', 'tsconfig.json', 'tsconfig.build.json'])
    cpSync(join(repository, name), join(folder, name), { recursive: true })
  symlinkSync(packages, join(folder, 'node_modules'))
  await promisify(execFile)(process.execPath, ['bin/build.js'], { cwd: folder })
  for (const name of ['src', 'node_modules']) rmSync(join(folder, name), { recursive: true })
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(packages, name), link)
  }
}

t.test('what is built starts with its runtime dependencies alone, and holds the page at /graphiql', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  await buildIn(folder)
  const start = (graphiql: string) =>
    startService(
      { PORTOLAN_DATABASE_URL: 'sqlite::memory:', PORTOLAN_GRAPHIQL: graphiql },
      { folder, program: ['bin/start.js'] }
    )

  const service = await start('on')
  const page = await (await fetch(`${service.address}/graphiql`)).text()
  const links = [...page.matchAll(/(?:src|href)="(graphiql\/[^"]+)"/g)].map(([, link = '']) => link)
  t.equal(links.length, 6)
  for (const link of links) {
    const answer = await fetch(`${service.address}/${link}`)
    t.equal(answer.status, 200, link)
    await answer.arrayBuffer()
  }
  t.equal(await service.stop(), 0)

  rmSync(join(folder, 'dist/graphiql/graphiql.js'))
  await t.rejects(
    start('on'),
    /ended with 1: not_ready: PORTOLAN_GRAPHIQL=on needs \S+graphiql\.js, which is not there: npm run build brings it\.\n$/,
    'a missing file is said in a line, and it does not start'
  )
  t.equal(await (await start('off')).stop(), 0, 'without the page it is not needed')
})
