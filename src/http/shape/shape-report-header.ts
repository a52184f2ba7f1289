import type { ShapeReport } from '../../domain/shape/shape-report.ts'
import { exportHeaders, type HeaderSchemas } from '../schema/header-schema.ts'

const { 'Portolan-Export-Report': report } = exportHeaders

/** The header field that says what a shape cannot say, as exports have it. */
export const shapeHeaders: HeaderSchemas = report ? { 'Portolan-Export-Report': report } : {}

/** The report as a Dictionary of Integers, RFC 9651. A shape has no placeholders. */
export function shapeReportField({ entries, omitted, widened, unnamed }: ShapeReport): string {
  return `entries=${entries}, omitted=${omitted}, widened=${widened}, placeholder=0, unnamed=${unnamed}`
}
