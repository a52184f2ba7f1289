import { connect } from 'node:net'

/** What a server said to a request that was written byte by byte. */
export interface RawAnswer {
  readonly status: number
  /** The header fields as they came, names in lower case; of several with one name all are there. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** What came with the head. */
  readonly body: string
}

/** How long a silent server is waited for, in milliseconds. */
const patience = 20_000

/**
 * Writes the lines of a request, with an empty one after them, and reads the answer until its head is there. With `isWhole` it reads until
 * the server ends the connection, so the request should ask for that.
 */
export function rawRequest(
  address: string,
  lines: readonly string[],
  { isWhole = false, body = '' } = {}
): Promise<RawAnswer> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1'))
    let text = ''
    const finish = () => {
      const answer = answerIn(text)
      socket.destroy()
      if (answer) resolve(answer)
      else reject(new Error(`no answer to ${lines.join(' | ')}: ${text}`))
    }
    socket.setTimeout(patience, finish)
    socket.on('data', (data) => {
      text += data.toString('latin1')
      if (!isWhole && answerIn(text)) finish()
    })
    // A server that has answered may reset the connection, since it does not read the rest.
    socket.on('error', finish)
    socket.on('close', finish)
  })
}

/** Undefined before the head is whole. An interim answer (100) is skipped. */
function answerIn(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1])
  if (status === 100) return answerIn(text.slice(end + 4))
  const fields = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return { status, fields, body: text.slice(end + 4) }
}

export function fieldOf({ fields }: RawAnswer, name: string): string | undefined {
  return fields.find(([known]) => known === name)?.[1]
}
