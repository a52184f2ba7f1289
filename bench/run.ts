import { benchmarks } from './benchmarks.ts'

/** Runs one benchmark in this process, so that none inherits the heap of another. Arguments: name, size. It sends its rows. */
const [, , name = '', size] = process.argv
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

const load = benchmarks[name]
if (!load) throw new Error(`there is no benchmark ${name}`)
const benchmark = await load()
const rows = await benchmark({
  size: size === 'quick' ? 'quick' : 'full',
  say: (text) => process.stderr.write(`  ${name}: ${text}\n`)
})
process.send?.(rows)
process.disconnect?.()
