/** What a chat shows of an event or a notice: what happened and when, the changes, and where to read on. */
export interface ChatNote {
  readonly title: string
  readonly lines: readonly string[]
  readonly link: string
  /** Where the work is told that follows from it, if any does. */
  readonly work?: string
}

/** How many changes a message lists. The link leads to all of them. */
const mostLines = 20

function shownLines({ lines }: ChatNote): readonly string[] {
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} more`]
}

/** The body that incoming webhooks of Slack, Mattermost and Google Chat take. */
export function chatText(note: ChatNote): string {
  const changes = shownLines(note).map((line) => `• ${line}`)
  return JSON.stringify({ text: [note.title, ...changes, ...workLines(note), note.link].join('\n') })
}

function workLines({ work }: ChatNote): readonly string[] {
  return work === undefined ? [] : [`What to do: ${work}`]
}

/** The body that a workflow of Microsoft Teams takes: a message with an Adaptive Card. */
export function teamsCard(note: ChatNote): string {
  const block = (text: string, style: object) => ({ type: 'TextBlock', text, wrap: true, ...style })
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      block(note.title, { weight: 'Bolder' }),
      ...shownLines(note).map((line) => block(line, { spacing: 'Small' }))
    ],
    actions: [
      { type: 'Action.OpenUrl', title: 'Open', url: note.link },
      ...(note.work === undefined ? [] : [{ type: 'Action.OpenUrl', title: 'What to do', url: note.work }])
    ]
  }
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }
  return JSON.stringify({ type: 'message', attachments: [attachment] })
}
