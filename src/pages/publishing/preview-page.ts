import Type from 'typebox'
import { type Preview, previewDraft } from '../../catalogue/publishing/preview.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { Notation } from '../../domain/publishing/draft.ts'
import { seenBy } from '../../http/answer/send-point.ts'
import { sharedPage } from '../../http/answer/shared-page.ts'
import { closed } from '../../http/schema/schema-words.ts'
import { changeText } from '../../render/event/change-text.ts'
import type { PageFrame } from '../frame/frame.ts'
import type { WebPage } from '../frame/page.ts'
import { sendListPage, sendUnkeptPage } from '../frame/send-page.ts'
import { paperOf } from '../paper/paper.ts'
import { draftLines } from './draft-lines.ts'

/** The limits of documents. */
const jsonBytes = 32 * 1_048_576
const yamlBytes = 2 * 1_048_576
/** A form writes a byte as up to three characters. */
const formBytes = 3 * jsonBytes
/** How many faults, findings and changes the page lists, and how many requirements the paper has. */
const [mostListed, mostRequirements] = [1000, 200]

const FormSchema = Type.Object({ document: Type.Optional(Type.String({ maxLength: jsonBytes })) }, closed)

/** A draft as it would be published: what is wrong with it, what it changes, and the page that it would be. It stores nothing. */
export const previewPage: WebPage = {
  path: '/preview',
  link: 'Preview',
  routes(app, context) {
    const page = { page: '/preview', template: '@preview', isTimeless: true } as const
    app.get(
      '/preview',
      { config: { access: 'read' }, schema: { querystring: Type.Object({}, closed) } },
      async (request, reply) => {
        const shared = sharedPage(context, request, {}, '/preview')
        const content = async () => ({ title: 'Preview of a draft', text: '' })
        return sendListPage(context, request, reply, { ...page, shared, content })
      }
    )

    app.post(
      '/preview',
      {
        bodyLimit: formBytes,
        config: { access: 'read', grows: 'body', isForm: true },
        schema: { querystring: Type.Object({}, closed), body: FormSchema }
      },
      async (request, reply) => {
        // A form sends each end of a line as two characters.
        const text = (request.body.document ?? '').replaceAll('\r\n', '\n')
        const { catalogues } = seenBy(context, request)
        const preview = text.trim() === '' ? undefined : await previewDraft(catalogues, manuscriptOf(text))
        return sendUnkeptPage(context, request, reply, {
          ...page,
          content: async (frame) => ({
            title: 'Preview of a draft',
            text,
            ...(preview && { preview: previewContent(preview, text, frame) })
          })
        })
      }
    )
  }
}

/** @throws PortolanError `body_too_large` */
function manuscriptOf(text: string): { readonly bytes: Uint8Array; readonly notation: Notation } {
  const bytes = Buffer.from(text)
  const notation = /^\s*[{[]/.test(text) ? 'json' : 'yaml'
  if (bytes.byteLength > (notation === 'json' ? jsonBytes : yamlBytes))
    throw new PortolanError('body_too_large', 'The draft is too long: YAML may have 2 MiB, and JSON 32 MiB.')
  return { bytes, notation }
}

function previewContent(preview: Preview, text: string, frame: PageFrame) {
  if (preview.kind === 'faulty') {
    const { faults } = preview
    return {
      faults: faults.slice(0, mostListed),
      faultCount: faults.length,
      findings: [],
      lines: draftLines(text, faults)
    }
  }
  const { revision, isUnchanged, findings, changes, view } = preview
  const paper = paperOf(
    {
      view,
      date: undefined,
      history: [],
      requirements: view.requirements.slice(0, mostRequirements),
      shownOf: (endpoints) => ({ offset: 0, limit: endpoints <= mostRequirements ? endpoints : 50 }),
      isFirst: true,
      filters: []
    },
    frame
  )
  return {
    faults: [],
    faultCount: 0,
    catalogue: revision.catalogue,
    number: revision.number,
    isUnchanged,
    findings: findings.slice(0, mostListed),
    findingCount: findings.length,
    changes: changes.slice(0, mostListed).map((change) => ({
      impact: change.impact,
      text: changeText(change, 'catalogue.revision_published'),
      pointer: change.pointer
    })),
    changeCount: changes.length,
    lines: draftLines(text, findings),
    paper
  }
}
