/** An answer as it is compared with that of another service. */
export interface ComparedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Fields of the connection, and of this very answer. */
const ofThisAnswer = ['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'x-request-id']

/** What of an answer another service must give as well. `apart`: further header fields that may differ. */
export async function comparedAnswer(answer: Response, apart: readonly string[] = []): Promise<ComparedAnswer> {
  const fields = [...answer.headers].filter(([name]) => !ofThisAnswer.includes(name) && !apart.includes(name))
  return {
    status: answer.status,
    headers: JSON.parse(JSON.stringify(Object.fromEntries(fields)).replaceAll(/max-age=\d+/g, 'max-age=n')),
    // Each byte is a character, so that spreadsheets are compared too.
    body: Buffer.from(await answer.arrayBuffer())
      .toString('latin1')
      .replaceAll(/urn:uuid:[0-9a-f-]+/g, 'urn:uuid:x')
  }
}
