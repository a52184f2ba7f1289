import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { folder, inNamespace, missing } from '../../render/formats/support/tool.ts'
import { repository } from '../../support/repository.ts'
import { blocksIn, isRun, type Step, stepsIn } from './page.ts'

export interface Setting {
  /** What a shell does before the first command of the page, beside starting a service on a new store. */
  readonly before?: string
  /** Around each script of the page: what it takes for granted, and what must come of it. */
  readonly scripts?: readonly (readonly [before: string, after: string])[]
}

const tools = missing('unshare', 'curl', 'git', 'jq', 'nft', 'grepcidr', 'faketime', 'sha256sum', 'setsid')

/** Starts what a command starts in the background, and waits until it is ready. A stream is left when nothing comes any more. */
const functions = `
  stop() { [ -z "\${service-}" ] || { kill -- -$service; wait $service; }; service=; }
  start() {
    LD_PRELOAD=\${LD_PRELOAD_SERVICE-} FAKETIME_DONT_FAKE_MONOTONIC=1 setsid "$@" > service.log 2>&1 & service=$!
    for _ in $(seq 300); do command curl -fs http://127.0.0.1:8080/health/ready > /dev/null && return; sleep 0.1; done
    cat service.log >&2; exit 1
  }
  curl() { case " $* " in *' -sN '*) timeout 3 curl "$@" ;; *) command curl "$@" ;; esac; }
  trap stop EXIT
  set +e +u +o pipefail`

/** A test that runs the blocks of a page as they are printed, in their order, and compares what they print with what stands there. */
export function runPage(page: string, setting: Setting = {}): void {
  // Services and command lines as processes.
  t.setTimeout(230_000)
  t.test(`${page} prints what its commands print, in their order, on a new store`, { skip: tools }, async (t) => {
    const cwd = checkout(t)
    const { script, steps } = scriptOf(page, cwd, setting)
    const { PATH = '' } = process.env
    const ran = await inNamespace(script, { cwd, env: { PATH: `${PATH}:/usr/sbin`, TZ: 'UTC' }, timeout: 220_000 })
    t.equal(ran.code, 0, ran.stderr)
    for (const [index, { command, line, printed }] of steps.entries()) {
      const read = (name: string) => readFileSync(join(cwd, name, String(index)), 'utf8')
      const place = `${page}:${line}: ${command.split('\n')[0]}`
      if (printed === undefined) t.notMatch(read('said'), /failed$/m, place)
      else t.equal(comparable(read('printed'), printed), comparable(printed, printed), `${place}\n${read('said')}`)
    }
  })
}

/** The repository as a reader has it, in a folder of its own: what the pages write stays there. */
function checkout(t: Test): string {
  const cwd = folder(t)
  const names = ['bin', 'src', 'schema', 'openapi', 'migrations', 'catalogues', 'examples', 'package.json']
  for (const name of [...names, 'tsconfig.json', 'tsconfig.build.json'])
    cpSync(join(repository, name), join(cwd, name), { recursive: true })
  symlinkSync(join(repository, 'node_modules'), join(cwd, 'node_modules'))
  for (const name of ['printed', 'said']) mkdirSync(join(cwd, name))
  // What a build makes of the sources is in test/build.test.ts.
  cpSync(join(repository, '.build', 'src'), join(cwd, 'dist'), { recursive: true, dereference: true })
  return cwd
}

function scriptOf(page: string, cwd: string, { before = '', scripts = [] }: Setting) {
  const steps: Step[] = []
  const lines = [functions, 'start npm start', before]
  let count = 0
  for (const block of blocksIn(readFileSync(join(repository, page), 'utf8')).filter(isRun)) {
    const into = () => `> printed/${steps.length} 2> said/${steps.length}`
    if (block.language === 'console')
      for (const step of stepsIn(block)) {
        const { settings } = /^(?<settings>.*)npm start$/s.exec(step.command)?.groups ?? {}
        const command = settings === undefined ? step.command : `stop; start env ${settings} npm start`
        lines.push(`{ ${command}\n} ${into()}`)
        steps.push(step)
      }
    else {
      const [given = '', wanted = ''] = scripts[count] ?? []
      const file = `script-${count}.ts`
      writeFileSync(join(cwd, file), [given, block.text, wanted].join('\n'))
      lines.push(`timeout 20 node --import=tsx ${file} ${into()} || echo failed >> said/${steps.length}`)
      steps.push({ command: file, line: block.line })
      count += 1
    }
  }
  return { script: lines.join('\n'), steps }
}

/** What a store, a clock or chance makes anew each time, without that. Where the page leaves something out (`…`), so does this. */
function comparable(text: string, printed: string): string {
  const shown = printed.trimEnd().split('\n')
  return text
    .trimEnd()
    .split('\n')
    .map((line, index) => {
      const end = shown[index]?.indexOf('…') ?? -1
      return (end < 0 ? line : line.slice(0, end))
        .trimEnd()
        .replace(/\b(?:[0-9a-f]{32}|[0-9a-f]{16})\b/g, '#')
        .replace(/\b(?:evt|sub|ptl|whsec)_[\w+/=]+/g, '#')
        .replace(/"WzE[\w-]+"/g, '#')
        .replace(/\d{4}-\d\d-\d\dT[\d:]+\.\d+Z/g, '#')
        .replace(/^(DTSTAMP|LAST-MODIFIED):.*/, '$1')
        .replace(/(?<![\w-])\d{8,9}(?![\w-])/g, '#')
    })
    .join('\n')
}
