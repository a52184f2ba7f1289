import { once } from 'node:events'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { PortolanError } from '../domain/errors.ts'

const mostDepth = 500

/**
 * What the thread runs. It is a text, since a thread that is made of a file would need the loader that the process was started with. The
 * depth is counted as the library's own test tool does it.
 */
const script = `
  const { parentPort, workerData: { library, text, input, mostDepth } } = require('node:worker_threads')
  const told = error => {
    const at = error && error.position !== undefined ? ' (at character ' + error.position + ')' : ''
    return String(error && error.message || error) + at
  }
  const evaluate = async () => {
    let depth = 0
    const expression = require(library)(text)
    expression.assign(Symbol.for('jsonata.__evaluate_entry'), (expr, input, { isParallelCall }) => {
      if (!isParallelCall && ++depth > mostDepth) throw new Error('it calls itself more than ' + mostDepth + ' times')
    })
    expression.assign(Symbol.for('jsonata.__evaluate_exit'), (expr, input, { isParallelCall }) => {
      if (!isParallelCall) depth -= 1
    })
    return JSON.stringify(await expression.evaluate(JSON.parse(input))) ?? 'null'
  }
  evaluate().then(
    result => parentPort.postMessage({ result }),
    error => parentPort.postMessage({ fault: told(error) })
  )
`

type Told = { readonly result: string } | { readonly fault: string }

/**
 * Evaluates a JSONata expression on a JSON value, in a thread of its own. It sees that value and nothing else, and what takes too long, calls
 * itself too often or fills its memory is stopped.
 * @param name what messages call the expression
 * @param mostMs milliseconds; default 5000
 * @throws PortolanError `invalid_source` where it cannot be read, or fails on this value
 */
export async function evaluateExpression(
  name: string,
  text: string,
  input: unknown,
  { mostMs = 5000 }: { readonly mostMs?: number } = {}
): Promise<unknown> {
  const require = createRequire(import.meta.url)
  const library = require.resolve('jsonata')
  const worker = new Worker(script, {
    eval: true,
    workerData: { library, text, input: JSON.stringify(input), mostDepth },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 }
  })
  try {
    const told = await outcomeOf(worker, mostMs)
    if (told === undefined) throw refused(name, `takes longer than ${mostMs / 1000} seconds`)
    if ('result' in told) return JSON.parse(told.result)
    throw refused(name, `cannot be evaluated: ${told.fault.replace(/\.$/, '')}`)
  } finally {
    await worker.terminate()
  }
}

/** What the thread tells; undefined where it does not in time. */
async function outcomeOf(worker: Worker, mostMs: number): Promise<Told | undefined> {
  const late = AbortSignal.timeout(mostMs)
  try {
    const [told] = await once(worker, 'message', { signal: late })
    return told
  } catch (error) {
    if (late.aborted) return undefined
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}

function refused(name: string, detail: string): PortolanError {
  return new PortolanError('invalid_source', `${name} ${detail}.`, {
    faults: [{ pointer: '', code: 'invalid_expression', detail: `the expression ${detail}` }]
  })
}
