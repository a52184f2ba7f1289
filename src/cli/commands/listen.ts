import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { listenSecretVariable } from '../../config/known-variables.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { webhookFault } from '../../domain/webhook/webhook-verification.ts'
import type { Shell } from '../shell/shell.ts'
import { clipText } from '../shell/table.ts'

interface ListenOptions {
  readonly port: number
  readonly host: string
  readonly secret: string
  readonly count?: number
  readonly json?: boolean
}

/** Registers `listen`, a receiver for trials. */
export function listenCommand(program: Command, shell: Shell): void {
  program
    .command('listen')
    .description(
      'Receives webhooks and prints those that are signed with the secret, until the command is interrupted.'
    )
    .addOption(
      new Option('--secret <whsec>', 'secret of the subscription')
        .env(listenSecretVariable)
        .argParser(readSecret)
        .makeOptionMandatory()
    )
    .addOption(new Option('--port <port>', 'port to listen on; 0 takes a free one').argParser(readNumber).default(9000))
    .addOption(new Option('--host <address>', 'address to listen on').default('127.0.0.1'))
    .addOption(new Option('--count <number>', 'end after this many webhooks').argParser(readNumber))
    .option('--json', 'print only the bodies, one on each line')
    .addHelpText('after', '\nExample:\n  $ portolan listen --port 9000 --secret whsec_…')
    .action((options: ListenOptions) => listen(shell, options))
}

async function listen(shell: Shell, { port, host, secret, count, json }: ListenOptions): Promise<void> {
  let left = count ?? Number.POSITIVE_INFINITY
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const fault = webhookFault(signedOf(request, body), secret, shell.io.now())
    response.writeHead(fault === undefined ? 204 : 400).end()
    if (fault !== undefined) return shell.io.error(`refused: ${fault}\n`)
    shell.print(json ? body : lineOf(request, body))
    left -= 1
    if (left <= 0) server.close().closeIdleConnections()
  })
  server.listen(port, host)
  await once(server, 'listening')
  // A server that listens on a port has an address with a port.
  const { port: taken } = server.address() as AddressInfo
  shell.io.error(`Listening at http://${host}:${taken}/\n`)
  await once(server, 'close')
}

function signedOf({ headers }: IncomingMessage, body: string) {
  const one = (name: string) => [headers[name]].flat()[0]
  return { id: one('webhook-id'), timestamp: one('webhook-timestamp'), signature: one('webhook-signature'), body }
}

function lineOf({ headers }: IncomingMessage, body: string): string {
  const { 'portolan-event': type, 'portolan-seq': seq = '-', 'webhook-timestamp': timestamp } = headers
  const replay = headers['portolan-replay'] === undefined ? '' : ' (replay)'
  return clipText(`${formatInstant(Number(timestamp) * 1000)} ${seq} ${type}${replay} ${body}`, 2000)
}

function readSecret(secret: string): string {
  if (/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(secret)) return secret
  throw new InvalidArgumentError('It must be whsec_ and base64.')
}

function readNumber(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}
