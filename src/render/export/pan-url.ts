import { type ExportTarget, targetValue } from '../../domain/export/export-entry.ts'

/**
 * A target in a list or category of URLs of PAN-OS: `www.example.net/`, `*.example.net/`, `www.^.example.net/`. A wildcard of PAN-OS is a
 * whole token, and a caret stands for one label. The final slash keeps `www.example.net.evil.example` from matching.
 */
export function panUrl(target: ExportTarget): string {
  const value = targetValue(target) ?? ''
  if (target.kind === 'url') return value
  return `${target.kind === 'pattern' ? value.replaceAll('*', '^') : value}/`
}
