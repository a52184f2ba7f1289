import { Document, isScalar, Schema, stringify, visit } from 'yaml'

/**
 * The tags of YAML 1.1: text that matches one of them is quoted. The tag of timestamps is set explicitly, since other users of the
 * library in this process may have turned it off, and an instant without quotes is a date in YAML 1.1.
 */
const compat = new Schema({ schema: 'yaml-1.1' }).tags.map((tag) =>
  tag.tag === 'tag:yaml.org,2002:timestamp' ? { ...tag, default: true } : tag
)

/** YAML 1.2 in block style, without anchors. Text is quoted if YAML 1.1 would read it as something else. */
export function renderYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 120, compat })
}

/** The same with lists of words and numbers in one line, as people write them: `ports: [ 80, 443 ]`. */
export function renderShortYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat })
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every((item) => isScalar(item))
    }
  })
  return document.toString({ lineWidth: 120, flowCollectionPadding: false })
}
