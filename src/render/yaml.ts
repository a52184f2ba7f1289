import { Schema, stringify } from 'yaml'

/**
 * What readers of YAML 1.1 take for something else than text. Made anew: others in the process share the library, and may have turned
 * its tag of timestamps off, and an instant without quotes is a date to them.
 */
const compat = new Schema({ schema: 'yaml-1.1' }).tags.map((tag) =>
  tag.tag === 'tag:yaml.org,2002:timestamp' ? { ...tag, default: true } : tag
)

/** YAML 1.2 in block style, without anchors, and with everything quoted that YAML 1.1 readers would take for something else. */
export function renderYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 120, compat })
}
