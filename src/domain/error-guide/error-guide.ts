import type { ErrorCode } from '../errors.ts'
import { graphqlGuide } from './graphql-guide.ts'
import type { Guide } from './guide.ts'
import { readingGuide } from './reading-guide.ts'
import { requestGuide } from './request-guide.ts'
import { serviceGuide } from './service-guide.ts'
import { writingGuide } from './writing-guide.ts'

/** The guide to all error codes. */
export const errorGuide: Readonly<Record<ErrorCode, Guide>> = {
  ...requestGuide,
  ...readingGuide,
  ...writingGuide,
  ...graphqlGuide,
  ...serviceGuide
}
