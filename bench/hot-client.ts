import { connect } from 'node:net'
import { quantile } from './figures.ts'
import type { Latencies } from './hot-latencies.ts'

/**
 * The client of `stalls`, in a process of its own: each of a fixed number of connections sends its next request some time after it has an
 * answer, and the time of every answer is measured. Arguments: URL, connections, seconds, milliseconds between. It writes JSON.
 */
const [, , address = '', connections = '', seconds = '', pauseMs = ''] = process.argv
const { hostname, port, host, pathname } = new URL(address)
const request = Buffer.from(`GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\naccept: application/json\r\n\r\n`)
const latencies: number[] = []
const end = performance.now() + Number(seconds) * 1000

/** Sends requests until the time is over. Every body must have a Content-Length. */
function askAgainAndAgain(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let head = ''
    let missing = -1
    let asked = 0
    const ask = () => {
      asked = performance.now()
      socket.write(request)
    }
    socket.setNoDelay(true)
    socket.on('connect', ask)
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.on('data', (part) => {
      if (missing < 0) {
        head += part.toString('latin1')
        const length = head.indexOf('\r\n\r\n')
        if (length < 0) return
        const size = /^HTTP\/1\.1 200 .*\r\ncontent-length: (\d+)/is.exec(head.slice(0, length))?.[1]
        if (size === undefined) return reject(new Error(`an answer without content: ${head.slice(0, length)}`))
        missing = Number(size) - (head.length - length - 4)
      } else missing -= part.byteLength
      if (missing > 0) return
      head = ''
      missing = -1
      const now = performance.now()
      latencies.push(now - asked)
      if (now < end) setTimeout(ask, Number(pauseMs))
      else socket.end()
    })
  })
}

await Promise.all(Array.from({ length: Number(connections) }, askAgainAndAgain))
const ascending = Float64Array.from(latencies).sort()
const said: Latencies = {
  count: ascending.length,
  p50: quantile(ascending, 0.5),
  p99: quantile(ascending, 0.99),
  max: quantile(ascending, 1)
}
process.stdout.write(JSON.stringify(said))
